import type { Experiment } from '../../src/records/experiment';
import type { SourceRange, Sourced } from '../../src/records/source';

/** A small training unit with its learning rate on line 5, columns 30 to 33. */
export function makeExperiment(
  path: string,
  options: { readonly rate?: number; readonly line?: number; readonly name?: string } = {},
): Experiment {
  const { rate = 1, line = 5, name = 'optimizer' } = options;
  const at = (column: number, endColumn: number): SourceRange => ({ path, line, column, endLine: line, endColumn });
  const written = <T>(value: T, place: SourceRange): Sourced<T> => ({ value, place, chain: [], isDefault: false });
  const standard = <T>(value: T): Sourced<T> => ({ value, place: at(13, 16), chain: [], isDefault: true });
  return {
    unit: { name, path, range: at(13, 34), framework: 'pytorch' },
    files: [path],
    seed: null,
    data: { steps: [], symbols: {} },
    train: null,
    validation: null,
    batches: null,
    model: null,
    optimizer: {
      kind: 'sgd',
      learningRate: written(rate, at(30, 33)),
      settings: { momentum: standard(0), dampening: standard(0), weightDecay: standard(0), nesterov: standard(false) },
      maximize: false,
      call: at(13, 34),
      name: at(13, 16),
      parametersArgument: at(17, 28),
      groups: [],
    },
    schedules: [],
    loop: null,
    assumptions: [],
    unread: [],
    parts: { read: 3, total: 4 },
  };
}

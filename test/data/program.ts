import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { never } from '../../src/base/cancel';
import type { Result } from '../../src/base/result';
import { loadDataset, type LoadOptions } from '../../src/data/load';
import type { DataKind, DataRecipe, DataStep, DataSteps } from '../../src/records/dataSteps';
import type { DataError, Dataset } from '../../src/records/dataset';
import { plainCsv } from '../../src/records/plainCsv';
import type { Experiment } from '../../src/records/experiment';
import type { SourceRange } from '../../src/records/source';

export const here = fileURLToPath(new URL('.', import.meta.url));
export const bundled = join(here, '..', '..', 'media', 'datasets');

/** A range on `line` of the script in the folder of the test files. */
export const at = (line: number): SourceRange => ({
  path: join(here, 'files', 'train.py'),
  line,
  column: 1,
  endLine: line,
  endColumn: 9,
});

/** A data step; the range's line is the step's number in the list from 1 once it is in a recipe. */
export const step = <K extends DataKind>(kind: K, settings: DataSteps[K], ...inputs: number[]): DataStep =>
  ({ kind, arguments: settings, inputs, range: at(1) }) as DataStep;

/** What `pd.read_csv(path)` means. */
export const readCsv = (path: string, changes: Partial<DataSteps['readCsv']> = {}): DataStep =>
  step('readCsv', { path, ...plainCsv, ...changes });

/** The columns with these keys. */
export const select = (input: number, keys: (string | number)[], single = false): DataStep =>
  step('select', { columns: { kind: 'keys', keys }, single }, input);

export interface Wanted {
  readonly inputs: readonly number[];
  readonly targets: readonly number[];
}

/** An experiment of which only the data matter. */
export function experimentOf(
  steps: readonly DataStep[],
  train: Wanted,
  validation: Wanted | null = null,
  symbols: DataRecipe['symbols'] = {},
): Experiment {
  const numbered = steps.map((entry, index) => ({ ...entry, range: at(index + 1) }));
  const recipe = (wanted: Wanted) => ({ ...wanted, inputRange: at(100), targetRange: at(101) });
  return {
    unit: { name: 'unit', path: join(here, 'files', 'train.py'), range: at(99), framework: 'pytorch' },
    files: [],
    seed: null,
    data: { steps: numbered, symbols },
    train: recipe(train),
    validation: validation && recipe(validation),
    batches: null,
    model: null,
    optimizer: null,
    schedules: [],
    loop: null,
    assumptions: [],
    unread: [],
    parts: { read: 0, total: 0 },
  };
}

export const load = (experiment: Experiment, options: Partial<LoadOptions> = {}): Promise<Result<Dataset, DataError>> =>
  loadDataset(experiment, { folders: [], bundled, maximumBytes: 2 ** 28, seed: 0, cancel: never, ...options });

/** The data set of an experiment that must load. */
export async function loaded(experiment: Experiment, options: Partial<LoadOptions> = {}): Promise<Dataset> {
  const result = await load(experiment, options);
  if (!result.ok) throw new Error(result.error.text);
  return result.value;
}

/** The error of an experiment that must not load. */
export async function refused(experiment: Experiment, options: Partial<LoadOptions> = {}): Promise<DataError> {
  const result = await load(experiment, options);
  if (result.ok) throw new Error('It loaded.');
  return result.error;
}

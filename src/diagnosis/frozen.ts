import type { ModelGraph, ParameterSpec } from '../records/model/graph';
import { editAt } from './text';
import { finding, place } from './finding';
import { lossSpan } from './lossSpan';
import type { Remedy } from './removal';
import type { Evidence, Outcome } from './rule';
import { found, passed, wants } from './rule';
import { costsValidation, editVariant, muchBetter, protocol, verification } from './trials';
import { howTried, lossAmount, some } from './words';

/** What holds parameters fixed, in PyTorch's words and Keras's; the second group is what lets them learn. */
const holding = /(\brequires_grad\s*=\s*|\brequires_grad_\(\s*|\.trainable\s*=\s*)False\b/g;

/**
 * Layers that keep their random first values because the script holds them fixed. Weights that were trained before are held fixed with good
 * reason, and random features may do; so only a re-run convicts in which they learn too and which is much better, on two seeds.
 */
export function frozenVerdict(e: Evidence, model: ModelGraph, used: ReadonlySet<number>): Outcome {
  const held = model.parameters.filter((spec, i) => !spec.trainable && used.has(i) && isDrawn(spec));
  const remedy = held.length === 0 || e.run === null ? null : freeing(e);
  const [first] = remedy?.edits ?? [];
  if (remedy === null || first === undefined || e.run === null) return passed;
  const trial = protocol(e, editVariant('parameters-not-optimized', remedy.edits, 'free'), muchBetter(lossSpan(e)));
  if (trial.kind === 'wants') return wants('a re-run in which all layers learn', ...trial.trials);
  if (trial.kind === 'unavailable' || !trial.helped || costsValidation(trial.after, trial.before)) return passed;
  const names = held.map(({ name }) => name);
  const words =
    `${held.length} parameter tensors keep their random first values, since the script holds them fixed here: ${some(names)}. ` +
    `${remedy.title}, re-run from the start: the probe loss ends at ${lossAmount(trial.after.probeLoss.end)}, as written at ${lossAmount(trial.before.probeLoss.end)}. ${howTried(trial.after, e.run, trial.seeds)}`;
  return found(
    finding('parameters-not-optimized', trial.seeds < 2 ? 'information' : 'warning', place(first), words, {
      fixes: [{ ...remedy, verified: verification(trial) }],
      related: held.slice(0, 3).map(({ name, range }) => ({ ...place(range), message: `${name} is not updated` })),
    }),
  );
}

/** Whether the first values are random numbers. */
const isDrawn = ({ initializer: { kind } }: ParameterSpec): boolean => drawn.has(kind);

const drawn: ReadonlySet<string> = new Set<ParameterSpec['initializer']['kind']>([
  'uniform',
  'normal',
  'truncatedNormal',
  'xavierUniform',
  'xavierNormal',
  'kaimingUniform',
  'kaimingNormal',
  'varianceScaling',
  'orthogonal',
]);

/** Lets everything learn that a statement of the script's own file holds fixed; null where there is none. */
function freeing(e: Evidence): Remedy | null {
  const { path } = e.experiment.unit.range;
  const text = e.texts[path];
  if (text === undefined) return null;
  const edits = [...text.matchAll(holding)].map((match) => {
    const end = match.index + match[0].length;
    return editAt(path, text, end - 'False'.length, end, 'True');
  });
  return edits.length === 0 ? null : { title: 'Let these layers learn', edits };
}

import type { ModelNodeOf } from '../../records/model/graph';
import { lossLeft } from '../course';
import { setValue } from '../edits';
import { finding } from '../finding';
import { lossSpan } from '../lossSpan';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided, wants } from '../rule';
import { costsValidation, editVariant, protocol, twiceAsFar, verification } from '../trials';
import { amount, howTried, lossAmount } from '../words';

/** So much is dropped that the model hardly learns. */
export const dropoutTooHigh = {
  id: 'dropout-too-high',
  tier: 2,
  severity: 'warning',
  title: 'So many units are dropped that the model hardly learns.',
  explanation: `Dropout keeps a share 1-p of the units at each step. At p above .5 the noise it adds outweighs the signal in most layers.

**How it is measured.** A dropout with p above .5 in a run with more than 30 % of its loss left; the script with p = .2,
re-run from its start, falls more than twice as far on the probe rows (dropout off) on two seeds, and its validation is no
worse. A p of 1 or more leaves nothing: an error.

**No fault:** p up to .5; strong dropout that a large model bears.

Source: Srivastava et al. 2014. Thresholds: own.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { model } = e.experiment;
  if (model === null) return undecided('a model that can be read');
  const drops = model.nodes.filter((node): node is ModelNodeOf<'dropout'> => node.kind === 'dropout');
  if (drops.length === 0) return irrelevant;
  const [worst] = [...drops].sort((a, b) => b.arguments.p - a.arguments.p);
  if (worst === undefined || worst.arguments.p <= 0.5) return passed;
  const { p } = worst.arguments;
  const range = worst.places.p ?? worst.range;
  if (p >= 1)
    return found(
      finding(
        'dropout-too-high',
        'error',
        range,
        'A dropout of 1 drops every unit: nothing passes, and nothing is learned. Read from the code.',
      ),
    );
  if (e.run === null) return undecided('a run of the script');
  if (lossLeft(e) < 0.3) return passed;
  const edits = drops.filter((node) => node.arguments.p > 0.5).flatMap((node) => lowered(e, node));
  if (edits.length === 0) return undecided('a re-run with less dropout');
  const trial = protocol(e, editVariant('dropout-too-high', edits), twiceAsFar(lossSpan(e)));
  if (trial.kind === 'wants') return wants('a re-run with less dropout', ...trial.trials);
  if (trial.kind === 'unavailable') return undecided('a re-run with less dropout');
  if (!trial.helped || costsValidation(trial.after, trial.before)) return passed;
  const message =
    `p = ${amount(p)} drops so much that the probe loss (dropout off) ends at ${lossAmount(trial.before.probeLoss.end)}; with p = 0.2 from the start at ` +
    `${lossAmount(trial.after.probeLoss.end)}. ${howTried(trial.after, e.run, trial.seeds)}`;
  return found(
    finding('dropout-too-high', trial.seeds < 2 ? 'information' : 'warning', range, message, {
      evidence: [{ quantity: 'dropout', step: 0, value: p, limit: 0.5, unit: 'fraction' }],
      fixes: [{ title: 'Set the dropout to 0.2', edits, verified: verification(trial) }],
    }),
  );
}

function lowered(e: Evidence, node: ModelNodeOf<'dropout'>) {
  const at = node.places.p;
  return at === undefined
    ? []
    : setValue(e.texts, { value: node.arguments.p, place: at, chain: [], isDefault: false }, node.range, 'p', 0.2);
}

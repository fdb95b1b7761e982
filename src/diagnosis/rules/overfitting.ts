import { courseOfLoss } from '../course';
import { finding } from '../finding';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided } from '../rule';
import type { Reading } from '../series';
import { between, last, lastStep, mannKendall, read } from '../series';
import { grouped, howMuch, lossAmount, percent } from '../words';

/** Validation has long been getting worse while training goes on getting better. */
export const overfitting = {
  id: 'overfitting',
  tier: 2,
  severity: 'warning',
  title: 'Validation gets worse for a large part of the run while training gets better.',
  explanation: `From the step on where validation is best, more training costs.

**How it is measured.** The lowest validation loss lies before the last third of the run; since then validation rises and
training falls (Mann-Kendall, p .05 each), and validation ends at 1.5 times its lowest or more. Where right answers on
validation are counted, they must also have dropped by two in a hundred; else it is information, because cross-entropy can
rise on a few confident mistakes.

**No fault:** one bad epoch; early stopping in the script; a small gap.

Source: Prechelt 1998, *Early stopping - but when?* Thresholds: own.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { loop } = e.experiment;
  if (e.run === null || loop === null) return undecided('a run of the script');
  if (e.experiment.validation === null) return irrelevant;
  const validation = read(e.measurements, 'validationLoss');
  if (validation.values.length < 6) return undecided('the validation loss along the run');
  if (loop.earlyStopping !== null) return passed;
  const lowest = Math.min(...validation.values);
  const best = validation.steps[validation.values.indexOf(lowest)] ?? 0;
  const end = last(validation) ?? lowest;
  const since = between(validation, best, lastStep(validation));
  const training = between(courseOfLoss(e), best, lastStep(validation));
  const rises = mannKendall(since) > 1.64;
  const falls = mannKendall(training) < -1.64;
  if (best > (2 / 3) * lastStep(validation) || !rises || !falls || !(end >= 1.25 * lowest)) return passed;
  const dropped = accuracyDrop(read(e.measurements, 'validationAccuracy'));
  const costs = end >= 1.5 * lowest && (dropped === null || dropped >= 0.02);
  const accuracy =
    dropped === null
      ? ''
      : dropped > 0
        ? ` Right answers on it dropped by ${percent(dropped)}.`
        : ' Right answers on it did not drop.';
  return found(
    finding(
      'overfitting',
      costs ? 'warning' : 'information',
      loop.epochs.place,
      `The validation loss is lowest at step ${grouped(best)} (${lossAmount(lowest)}) and rises to ${lossAmount(end)} while the training loss goes on falling.${accuracy} Stopping there, weight decay or more data would help (not tried). ${howMuch(e.run)}`,
      {
        evidence: [{ quantity: 'validationLoss', step: lastStep(validation), value: end, limit: 1.5 * lowest, unit: 'loss' }],
      },
    ),
  );
}

/** Best less last; null when it was not counted. */
const accuracyDrop = ({ values }: Reading): number | null =>
  values.length === 0 ? null : Math.max(...values) - (values.at(-1) as number);

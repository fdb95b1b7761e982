import { inputVerdict } from '../inputVerdict';
import { largestDeviation, ignoresScale, scaleSpread, varying } from '../inputScaling';
import type { Evidence, Outcome, Rule } from '../rule';
import { passed, undecided } from '../rule';
import { amount } from '../words';

/** Columns of very different scale reach the model as they are, and it trains clearly better on standardised ones. */
export const unscaledInputs = {
  id: 'unscaled-inputs',
  tier: 1,
  severity: 'warning',
  title: 'Input columns have very different (or very large) scales, and the run suffers from it.',
  explanation: `A column with a thousand times the spread of another makes the loss a million times steeper along its weights. The learning
rate must suit the steepest column, and the others hardly learn.

**How it is measured.** Standard deviations and means of the columns over the training rows raise the suspicion: a
ratio of deviations above 10, or a deviation above 10. Means alone are \`uncentred-inputs\`. The verdict comes from a trial: the
script with standardised inputs, re-run from its start, must be clearly better on two seeds.

**No fault:** pixels in [0, 1]; standardised data with outliers; one-hot columns; raw columns that the optimizer copes
with; a normalising first layer.

Sources: LeCun et al. 1998, *Efficient BackProp*; the suspicion's 10 as in AutoTrainer (2021).`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { statistics } = e;
  if (statistics === null) return undecided('the training rows');
  if (varying(statistics).length === 0 || ignoresScale(e)) return passed;
  const spread = scaleSpread(statistics);
  const largest = largestDeviation(statistics);
  // Pixels share one scale: only their common size can be at fault.
  const suspected = largest > 10 || (!statistics.isImage && spread > 10);
  if (!suspected) return passed;
  const columns = [...varying(statistics)].sort((a, b) => b.deviation - a.deviation);
  const [widest, narrowest] = [columns[0], columns.at(-1)];
  if (widest === undefined || narrowest === undefined) return passed;
  const words =
    spread > 10
      ? `The inputs reach the model unscaled: the standard deviation of ${widest.name} is ${amount(widest.deviation)}, of ${narrowest.name} ${amount(narrowest.deviation)} (${amount(spread)} times less).`
      : `The inputs reach the model unscaled: ${widest.name} has mean ${amount(widest.mean)} and standard deviation ${amount(widest.deviation)}.`;
  return inputVerdict(e, {
    rule: 'unscaled-inputs',
    how: 'standardise',
    words,
    evidence: [{ quantity: 'inputScaleSpread', step: 0, value: spread, limit: 10, unit: 'ratio' }],
    unrun: e.experiment.optimizer?.kind === 'sgd' && spread > 1000 ? 'warning' : 'information',
  });
}

import { centringCondition, ignoresScale, scaleSpread, squaredCentring, varying } from '../inputScaling';
import { inputVerdict } from '../inputVerdict';
import type { Evidence, Outcome, Rule } from '../rule';
import { passed, undecided } from '../rule';
import { amount } from '../words';

/** Columns whose means are far from 0 compared with their spread, and a run that suffers from it. */
export const uncentredInputs = {
  id: 'uncentred-inputs',
  tier: 1,
  severity: 'warning',
  title: 'Input columns have means far from zero, and the run suffers from it.',
  explanation: `A mean that is far from 0 adds the same to every row. For a linear layer with bias on uncorrelated columns of unit variance
the curvature then has the top eigenvalue (2+M²+M√(M²+4))/2 and the smallest its reciprocal, with M² = Σ(m/σ)².

**How it is measured.** A column with |mean|/σ above 3 [own], or M² above 100 [own], raises the suspicion; the script with
centred inputs, re-run from its start, must be clearly better on two seeds.

**No fault:** pixels in [0, 1]; columns of counts that the optimizer copes with. Where the columns differ in scale too,
that is \`unscaled-inputs\`.

Source: LeCun, Kanter and Solla 1991; LeCun et al. 1998.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { statistics } = e;
  if (statistics === null) return undecided('the training rows');
  const columns = varying(statistics);
  if (columns.length === 0 || ignoresScale(e) || scaleSpread(statistics) > 100) return passed;
  const worst = columns.reduce((a, b) => (Math.abs(b.mean) / b.deviation > Math.abs(a.mean) / a.deviation ? b : a));
  const offset = Math.abs(worst.mean) / worst.deviation;
  const squared = squaredCentring(statistics);
  if ((offset <= 3 && squared <= 100) || (statistics.isImage && offset <= 10)) return passed;
  return inputVerdict(e, {
    rule: 'uncentred-inputs',
    how: 'centre',
    words:
      `The inputs are not centred: the mean of ${worst.name} is ${amount(worst.mean)}, ${amount(offset)} times its standard deviation. ` +
      `Together the means would make even uncorrelated columns ill-conditioned by ${amount(centringCondition(squared))}.`,
    evidence: [{ quantity: 'inputOffset', step: 0, value: offset, limit: 3, unit: 'standard deviations' }],
    unrun: 'information',
  });
}

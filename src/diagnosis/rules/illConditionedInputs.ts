import { ignoresScale, scaleSpread } from '../inputScaling';
import { inputVerdict } from '../inputVerdict';
import type { Evidence, Outcome, Rule } from '../rule';
import { passed, undecided } from '../rule';
import { amount } from '../words';

/** Steps that gradient descent needs for the flattest direction are about κ: more than any script takes. [own] */
const beyondAnyRun = 1e9;

/** The second moment of the inputs is so ill-conditioned that its flat directions cannot be learned. */
export const illConditionedInputs = {
  id: 'ill-conditioned-inputs',
  tier: 1,
  severity: 'warning',
  title: 'The inputs are so ill-conditioned that some directions cannot be learned in time.',
  explanation: `For a linear layer with bias the Hessian of the squared loss is the second moment of [1, x]. Its condition number κ is the
ratio of the steepest to the flattest direction: gradient descent needs about κ steps.

**How it is measured.** κ of the second moment above 10⁹ (more steps than any script takes) [own], of which
standardising takes away a factor of 100 or more [own]; then the script with standardised inputs, re-run from its start,
must be clearly better on two seeds. Rows such as (1003.2, 1005.1, …) have κ = 7e11; centred 5.7; standardised 2.5.

**No fault:** correlated columns alone (no scaling cures them); constant columns; pixels. Columns of different scale are
\`unscaled-inputs\`; smaller means \`uncentred-inputs\`.

Source: LeCun, Kanter and Solla 1991, *Second order properties of error surfaces*.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { statistics } = e;
  if (statistics === null) return undecided('the training rows');
  if (statistics.secondMoment === null || statistics.standardisedMoment === null)
    return undecided('the second moment of the inputs, which are too wide');
  if (ignoresScale(e) || statistics.isImage) return passed;
  const raw = statistics.secondMoment;
  const cured = statistics.standardisedMoment;
  // Without bound, a column is constant or a sum of others: no scaling cures that.
  if (!(raw.condition > beyondAnyRun) || !Number.isFinite(cured.condition) || raw.condition < 100 * cured.condition)
    return passed;
  if (scaleSpread(statistics) > 100) return passed;
  return inputVerdict(e, {
    rule: 'ill-conditioned-inputs',
    how: 'standardise',
    words:
      `The inputs are ill-conditioned: the eigenvalues of their second moment go from ${amount(raw.smallest)} to ${amount(raw.largest)} ` +
      `(κ = ${amount(raw.condition)}); standardised, κ is ${amount(cured.condition)}. For a linear layer the rate at the limit is ${amount(2 / raw.largest)} as written and ${amount(2 / cured.largest)} standardised.`,
    evidence: [{ quantity: 'inputCondition', step: 0, value: raw.condition, limit: beyondAnyRun, unit: 'ratio' }],
    unrun: e.experiment.optimizer?.kind === 'sgd' ? 'warning' : 'information',
  });
}

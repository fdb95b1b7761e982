import { criticalPoint } from '../criticalPoint';
import { finding } from '../finding';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, passed, undecided } from '../rule';
import { amountWithin, grouped, howMuch } from '../words';

/** The run sits at a maximum. */
export const atMaximum = {
  id: 'at-maximum',
  tier: 3,
  severity: 'warning',
  title: 'The run sits at a maximum of the loss.',
  explanation: `All eigenvalues of the Hessian are negative where the gradient is small: every direction leads down. Descent ends there only
with a wrong sign, or from an exactly symmetric start.

**How it is measured.** As for \`saddle-point\`; the largest eigenvalue is below zero by more than three residuals.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { optimizer } = e.experiment;
  if (optimizer === null || e.run === null) return undecided('a run of the script');
  if (e.measurements.lambdaMin === undefined) return undecided('the smallest eigenvalue of the Hessian');
  const point = criticalPoint(e);
  if (point === null || point.kind !== 'maximum') return passed;
  return found(
    finding(
      'at-maximum',
      'warning',
      optimizer.name,
      `At step ${grouped(point.step)} the gradient is small and all eigenvalues of the Hessian found are negative (${amountWithin(point.smallest, point.smallestError)} to ${amountWithin(point.largest, point.largestError)}): a maximum. A sign is wrong, or the start is exactly symmetric. ${howMuch(e.run)}`,
      {
        evidence: [
          { quantity: 'lambdaMax', step: point.step, value: point.largest, limit: 0, unit: 'loss per squared parameter' },
        ],
      },
    ),
  );
}

import { criticalPoint } from '../criticalPoint';
import { finding } from '../finding';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, passed, undecided } from '../rule';
import { amount, amountWithin, grouped, howMuch } from '../words';

/** The run ended where no direction leads down, to second order. */
export const localMinimum = {
  id: 'local-minimum',
  tier: 3,
  severity: 'information',
  title: 'The run ended where no direction leads down to second order.',
  explanation: `The gradient is small and the smallest eigenvalue that was found is positive beyond three residuals. To the precision of the
measurement that is a minimum on the probe rows. A smallest eigenvalue of zero is not: there second order cannot decide, and
the rule passes without a word. Nor is it one where a cross-entropy without decay tells every row right: its loss falls for ever as the
outputs are scaled up, and has no minimum at a finite distance.

Finding no eigenvalue below zero does not exclude one: Lanczos bounds the smallest from above only.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { optimizer } = e.experiment;
  if (optimizer === null || e.run === null) return undecided('a run of the script');
  if (e.measurements.lambdaMin === undefined) return undecided('the smallest eigenvalue of the Hessian');
  const point = criticalPoint(e);
  if (point === null || point.kind !== 'minimum') return passed;
  return found(
    finding(
      'local-minimum',
      'information',
      optimizer.name,
      `At step ${grouped(point.step)} the gradient is small and the smallest eigenvalue found is ${amountWithin(point.smallest, point.smallestError)} (residual ${amount(point.residual)}): no direction was found that leads down, on the probe rows. ${howMuch(e.run)}`,
      {
        evidence: [
          { quantity: 'lambdaMin', step: point.step, value: point.smallest, limit: 0, unit: 'loss per squared parameter' },
        ],
      },
    ),
  );
}

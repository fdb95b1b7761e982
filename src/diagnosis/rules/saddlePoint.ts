import { escapeSteps } from '../dynamics';
import { isFlat, lossLeft } from '../course';
import { criticalPoint } from '../criticalPoint';
import { finding } from '../finding';
import { momentumOf } from '../limits';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, passed, undecided } from '../rule';
import { last, read, valueAt } from '../series';
import { amount, grouped, howMuch, percent } from '../words';

/** The run sits at a saddle that it could leave. */
export const saddlePoint = {
  id: 'saddle-point',
  tier: 3,
  severity: 'warning',
  title: 'The run sits at a saddle point: the gradient is small, and a direction leads down.',
  explanation: `At a saddle the gradient vanishes, and the Hessian has a negative eigenvalue: along its direction the loss falls. Noise or
asymmetry lets the run slide off, e-fold by e-fold; from an exactly symmetric start it never does.

**How it is measured.** At the last measured point the gradient is small (against the run's largest, or in what it could
gain), and the smallest eigenvalue is negative beyond three residuals and 5 % of the largest. It warns if the loss does
not fall over the last half, more than 30 % of it is left, a line search along the direction takes away more than 1 %, and
growth over as many steps again exceeds three e-folds. Otherwise it is information.

**No fault:** saddles that the run passes; tiny negative eigenvalues late in training; the indefinite Hessian that batch norm
makes wherever the gradient is not zero.

The smallest eigenvalue is as low as it was found; there may be a lower one.
Sources: Dauphin et al. 2014; Kuczyński and Woźniakowski 1992. Thresholds: own.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { optimizer, model } = e.experiment;
  if (optimizer === null || model === null || e.run === null) return undecided('a run of the script');
  if (e.run.stoppedBy === 'divergence') return passed;
  if (e.measurements.lambdaMin === undefined) return undecided('the smallest eigenvalue of the Hessian');
  if (model.nodes.some(({ kind }) => kind === 'batchNorm'))
    return undecided('the curvature without the scale directions of batch norm');
  const point = criticalPoint(e);
  if (point === null || point.kind !== 'saddle' || lossLeft(e) < 0.05) return passed;
  const rate = valueAt(read(e.measurements, 'learningRate'), point.step) ?? optimizer.learningRate.value;
  // On adaptive optimizers the plain Hessian says nothing about the pace.
  const fold = optimizer.kind === 'sgd' ? escapeSteps(rate, point.smallest, momentumOf(optimizer), Math.E) : null;
  const descent = last(read(e.measurements, 'saddleDescent'));
  const leaves = fold !== null && e.run.ofSteps / fold > 3;
  const sits = isFlat(e) && lossLeft(e) > 0.3;
  const severe = sits && leaves && descent !== undefined && descent > 0.01;
  const pace = fold === null ? '' : ` A deviation along it grows e-fold every ${grouped(fold)} steps.`;
  const down =
    descent === undefined
      ? ' How far the loss falls along it was not measured.'
      : ` A line search along it takes away ${percent(descent)} of the loss.`;
  return found(
    finding(
      'saddle-point',
      severe ? 'warning' : 'information',
      optimizer.name,
      `At step ${grouped(point.step)} the gradient is small and the Hessian has the eigenvalue ${amount(point.smallest)} (residual ${amount(point.residual)}, largest ${amount(point.largest)}): a saddle.${pace}${down} ${howMuch(e.run)}`,
      {
        evidence: [
          { quantity: 'lambdaMin', step: point.step, value: point.smallest, limit: 0, unit: 'loss per squared parameter' },
        ],
      },
    ),
  );
}

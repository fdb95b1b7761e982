import type { ModelGraph } from '../../records/model/graph';
import type { Optimizer } from '../../records/optimizer';
import { isFlat, lossLeft } from '../course';
import type { CriticalPoint } from '../criticalPoint';
import { criticalPoint } from '../criticalPoint';
import { finding } from '../finding';
import { lossSpan } from '../lossSpan';
import { initRemedies, initVariant } from '../initEdits';
import { limitFor } from '../limits';
import { oddlyScaled, signalSpreads } from '../oddInit';
import type { Remedy } from '../removal';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, passed, undecided, wants } from '../rule';
import { last, read, valueAt } from '../series';
import type { Protocol, Tried } from '../trials';
import { clearlyBetter, protocol, verification } from '../trials';
import { amount, amountWithin, grouped, howMuch, lossAmount, percent } from '../words';

/** The run sits at a saddle that it could leave. */
export const saddlePoint = {
  id: 'saddle-point',
  tier: 3,
  severity: 'warning',
  title: 'The run sits at a saddle point: the gradient is small, and a direction leads down.',
  explanation: `At a saddle the gradient vanishes, and the Hessian has a negative eigenvalue: along its direction the loss falls. Noise or
asymmetry lets the run slide off, e-fold by e-fold; from an exactly symmetric start it never does.

**How it is measured.** At the last measured point the gradient is small (against the run's largest, or in what it could
gain), and the smallest eigenvalue is negative beyond three residuals and 5 % of the largest; or it is zero to precision and
the loss has not left its start (then second order cannot decide). It warns if the loss does not fall over the last half,
more than 30 % of it is left, and either the script re-run from the usual initialisation is clearly better on two seeds, or
a line search along the direction takes away more than 1 % and growth over as many steps again exceeds three e-folds.
Otherwise it is information, as where initial weights that the script sets let the signal die between the layers: that is \`init-scale\`.

**No fault:** saddles that the run passes; tiny negative eigenvalues late in training; the indefinite Hessian that batch norm
makes wherever the gradient is not zero: directions that only stretch weights before a normalisation are projected out first.

The smallest eigenvalue is as low as it was found; there may be a lower one.
Sources: Dauphin et al. 2014; Kuczyński and Woźniakowski 1992. Thresholds: own.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { optimizer, model } = e.experiment;
  if (optimizer === null || model === null || e.run === null) return undecided('a run of the script');
  if (e.run.stoppedBy === 'divergence') return passed;
  if (e.measurements.lambdaMin === undefined) return undecided('the smallest eigenvalue of the Hessian');
  if (model.nodes.some(({ kind }) => kind === 'batchNorm') && e.measurements.scaleFreeLambdaMin === undefined)
    return undecided('the curvature without the scale directions of batch norm');
  const point = criticalPoint(e);
  // Above its start the run was thrown here: where it stands says nothing of where it is held up.
  if (point === null || (!isBoundless(model) && (lossLeft(e) < 0.05 || lossLeft(e) > 1.2))) return passed;
  const sits = isFlat(e) && lossLeft(e) > 0.3;
  const flat = point.kind === 'undecided' && sits && lossLeft(e) > 0.9;
  if (point.kind !== 'saddle' && !flat) return passed;
  const restart = sits ? tryRestart(e, model) : null;
  if (restart?.kind === 'wants') return wants('a re-run from another initialisation', ...restart.trials);
  const left = restart?.kind === 'tried' && restart.helped && restart.seeds > 1 ? restart : null;
  if (flat && left === null) return passed;
  return report(e, optimizer, point, sits, left, initRemedies(e, model));
}

/** Whether rows have no part in the loss: how low a function of parameters goes is not known, so that no share of it is left. */
const isBoundless = ({ nodes }: ModelGraph): boolean => !nodes.some(({ kind }) => kind === 'input' || kind === 'target');

/** The re-run from the usual initialisation, where the script sets another; shared with `init-scale`. */
function tryRestart(e: Evidence, model: ModelGraph): Protocol | null {
  const remedy = initRemedies(e, model);
  return remedy === null ? null : protocol(e, initVariant(remedy), clearlyBetter(lossSpan(e)));
}

function report(
  e: Evidence,
  optimizer: Optimizer,
  point: CriticalPoint,
  sits: boolean,
  left: Tried | null,
  remedy: Remedy | null,
): Outcome {
  const isSaddle = point.kind === 'saddle';
  const fold = isSaddle ? foldOf(e, optimizer, point) : null;
  const descent = last(read(e.measurements, 'saddleDescent'));
  const leaves = fold !== null && e.run !== null && e.run.ofSteps / fold > 3;
  // A signal that dies on its way through the layers is what holds the run here: `init-scale` says so, at the initialiser.
  const isEffect = left !== null && e.experiment.model !== null && signalSpreads(e) && oddlyScaled(e.experiment.model).length > 0;
  const severe = sits && !isEffect && (left !== null || (leaves && descent !== undefined && descent > 0.01));
  const kind = isSaddle ? 'a saddle.' : 'zero to precision, so second order cannot decide what point this is.';
  const pace = fold === null ? '' : ` A deviation along it grows e-fold every ${grouped(fold)} steps.`;
  const boundless = e.experiment.model !== null && isBoundless(e.experiment.model);
  const rest = boundless ? '' : ` with ${percent(lossLeft(e))} of the loss left`;
  const down =
    !isSaddle || boundless || descent === undefined ? '' : ` A line search along it takes away ${percent(descent)} of the loss.`;
  const restarted =
    left === null
      ? ''
      : ` ${remedy?.title ?? 'Initialise anew'}: re-run from the start, that gets to ${lossAmount(left.after.probeLoss.end)} on ${left.seeds} seeds, so this is no minimum of the problem.`;
  const message =
    `At step ${grouped(point.step)} the gradient is small${rest}, and the smallest eigenvalue of the Hessian found${point.smallestQuantity === 'lambdaMin' ? '' : ' beside scale directions'} is ${amountWithin(point.smallest, point.smallestError)} ` +
    `(residual ${amount(point.residual)}, largest ${amountWithin(point.largest, point.largestError)}): ${kind}${pace}${down}${restarted}${e.run === null ? '' : ` ${howMuch(e.run)}`}`;
  return found(
    finding('saddle-point', severe ? 'warning' : 'information', optimizer.name, message, {
      evidence: [
        {
          quantity: point.smallestQuantity,
          step: point.step,
          value: point.smallest,
          limit: 0,
          unit: 'loss per squared parameter',
        },
      ],
      fixes: left === null || remedy === null ? [] : [{ ...remedy, verified: verification(left) }],
    }),
  );
}

/** Steps per e-fold; null for adaptive optimizers, on which the plain Hessian says nothing about the pace, and where a decay outweighs the growth. */
function foldOf(e: Evidence, optimizer: Optimizer, point: CriticalPoint): number | null {
  if (optimizer.kind !== 'sgd') return null;
  const rate = valueAt(read(e.measurements, 'learningRate'), point.step) ?? optimizer.learningRate.value;
  const folds = Math.log(limitFor(optimizer)?.growth(rate, point.smallest) ?? 1);
  return folds > 0 ? 1 / folds : null;
}

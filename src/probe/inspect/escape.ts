import { preconditioned } from '../../curvature/composition';
import { distanceAlong, escapeFactor, saddleMatters, type EscapeSteps } from '../../curvature/escape';
import { lanczos } from '../../curvature/lanczos';
import { dot, norm, plus, scale } from '../../curvature/vector';
import { spectralRadius } from '../../diagnosis/dynamics';
import type { InspectedEscape } from '../../records/inspection/ways';
import type { Optimizer } from '../../records/optimizer';
import { leftShare, tryBranches } from './branches';
import { ownDiagonal } from './conditioning';
import { finiteOrNull, type CostMeter, type MeasuredSpot } from './spot';

/** A way out, as the optimizer sees it. */
interface WayOut {
  /** Unit direction in parameters. */
  readonly direction: Float32Array;
  /** In the optimizer's own metric. */
  readonly curvature: number;
  readonly preconditioned: boolean;
  /** Distance along the direction that the gradient tells. */
  readonly from: number;
}

/** Distances of the line search over the reach. */
const shares = [1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1];
/** The way out of a saddle: the time that the optimizer needs on its own, and what was tried to be faster. */
export async function inspectEscape(
  spot: MeasuredSpot,
  falling: Float32Array | null,
  meter: CostMeter,
): Promise<InspectedEscape | null> {
  const { unit, step, loss, spectrum } = spot;
  const { optimizer } = unit.experiment;
  if (!optimizer || spectrum.smallest.vector.length === 0) return null;
  const way = await wayOut(spot, falling);
  const descent = await searchAlong(spot, way.direction);
  const factor = growth(optimizer, unit.course.run.learningRate, way.curvature);
  const foldsPerStep = Math.log(factor);
  const folds = Math.max(0, unit.plan.ofSteps - step) * foldsPerStep;
  const to = descent.leftAt;
  const expected = to === null ? Infinity : stepsBetween(way.from, to, foldsPerStep);
  const lost = descent.largest / Math.max(Math.abs(loss), 1e-12);
  return {
    part: 'escape',
    curvature: way.curvature,
    preconditioned: way.preconditioned,
    factor,
    from: way.from,
    to,
    expectedSteps: finiteOrNull(expected),
    folds,
    descent: lost,
    matters: saddleMatters(folds, descent.largest, loss),
    branches: await tryBranches(spot, descent.side, to ?? descent.lowestAt, expected),
    cost: meter.take(),
  };
}

/** The direction of most negative curvature: in the optimizer's metric where it has one. */
async function wayOut(spot: MeasuredSpot, falling: Float32Array | null): Promise<WayOut> {
  const { operator, gradient, spectrum, random, cancel, unit } = spot;
  const { value, vector } = spectrum.smallest;
  const along = (direction: Float32Array, curvature: number): WayOut => ({
    direction,
    curvature,
    preconditioned: false,
    from: distanceAlong(dot(direction, gradient), curvature),
  });
  // Where second order sees nothing negative, the finite probe that fell is the way.
  if (falling && value > -10 * spectrum.smallest.residual) {
    const direction = falling.slice();
    scale(1 / norm(direction), direction);
    return { direction, curvature: 0, preconditioned: false, from: 0 };
  }
  const diagonal = ownDiagonal(spot);
  if (!diagonal) return along(vector, value);
  const ends = await lanczos(preconditioned(operator, diagonal), {
    random: random.fork('escape'),
    ends: 'smallest',
    tolerance: 0.02,
    maximumApplications: 2 * unit.plan.lanczosProducts,
    cancel,
  });
  if (!(ends.smallest.value < 0)) return along(vector, value);
  const root = diagonal.map((p) => Math.sqrt(p));
  const scaledGradient = gradient.map((g, i) => g / (root[i] as number));
  const inMetric = distanceAlong(dot(ends.smallest.vector, scaledGradient), ends.smallest.value);
  const direction = ends.smallest.vector.map((v, i) => v / (root[i] as number));
  const length = norm(direction);
  scale(1 / length, direction);
  return { direction, curvature: ends.smallest.value, preconditioned: true, from: inMetric * length };
}

/** Growth of the distance in one step on curvature λ ≤ 0. */
export function growth(optimizer: Optimizer, rate: number, curvature: number): number {
  const bend = Math.abs(Math.min(0, curvature));
  const steps = stepsOf(optimizer, rate);
  if (optimizer.kind !== 'sgd' || !optimizer.settings.nesterov.value) return escapeFactor(bend, steps);
  const grown = 1 + steps.rate * bend;
  return spectralRadius((1 + steps.momentum) * grown, steps.momentum * grown);
}

function stepsOf(optimizer: Optimizer, rate: number): EscapeSteps {
  switch (optimizer.kind) {
    case 'sgd': {
      const momentum = optimizer.settings.momentum.value;
      return { rate: momentum === 0 ? rate : rate * (1 - optimizer.settings.dampening.value), momentum };
    }
    case 'rmsprop':
      return { rate, momentum: optimizer.settings.momentum.value };
    case 'adam':
    case 'adamw':
    case 'adamax':
    case 'nadam':
    case 'radam':
      return { rate: rate * (1 - optimizer.settings.beta1.value), momentum: optimizer.settings.beta1.value };
    case 'lbfgs':
    case 'asgd':
    case 'rprop':
    case 'adagrad':
    case 'adadelta':
      return { rate, momentum: 0 };
  }
}

function stepsBetween(from: number, to: number, foldsPerStep: number): number {
  if (from >= to) return 0;
  return from > 0 && foldsPerStep > 0 ? Math.log(to / from) / foldsPerStep : Infinity;
}

interface Descent {
  /** The side, ±direction, on which the loss falls most. */
  readonly side: Float32Array;
  readonly largest: number;
  readonly lowestAt: number;
  /** Smallest distance on that side at which `leftShare` of the loss is gone. */
  readonly leftAt: number | null;
}

async function searchAlong({ unit, theta, loss, reach, cancel }: MeasuredSpot, direction: Float32Array): Promise<Descent> {
  const sides: Descent[] = [];
  const trial = new Float32Array(theta.length);
  for (const sign of [1, -1]) {
    let best = { fall: 0, at: reach * (shares[0] as number) };
    let leftAt: number | null = null;
    for (const share of shares) {
      if (cancel.cancelled) break;
      const distance = share * reach;
      const fall = loss - (await unit.loss.lossAt(plus(theta, sign * distance, direction, trial)));
      if (fall > best.fall) best = { fall, at: distance };
      if (leftAt === null && fall > leftShare * Math.abs(loss)) leftAt = distance;
    }
    sides.push({ side: direction.map((v) => sign * v), largest: best.fall, lowestAt: best.at, leftAt });
  }
  return sides.reduce((a, b) => (b.largest > a.largest ? b : a));
}

import { preconditioned } from '../../curvature/composition';
import { negativeBeyondRounding } from '../../curvature/criticalPoint';
import { distanceAlong, saddleMatters } from '../../curvature/escape';
import { lanczos } from '../../curvature/lanczos';
import { dot, norm, plus, scale } from '../../curvature/vector';
import { escapeGrowth, escapeSteps } from '../../diagnosis/escape';
import { limitFor } from '../../diagnosis/limits';
import type { EscapeBranch, InspectedEscape } from '../../records/inspection/ways';
import type { Optimizer } from '../../records/optimizer';
import { leftShare, tryBranches } from './branches';
import { ownDiagonal } from './conditioning';
import { finiteOrNull, type CostMeter, type MeasuredSpot } from './spot';

/** A way out, as the optimizer sees it. */
interface WayOut {
  /** Unit direction in parameters. */
  readonly direction: Float32Array;
  /** In the optimizer's own metric where it is preconditioned. */
  readonly curvature: number;
  readonly preconditioned: boolean;
  /** Distance along the direction that the gradient tells. */
  readonly from: number;
}

/** A way out with what was measured along it. */
interface MeasuredWay extends WayOut {
  readonly descent: Descent;
  /** Steps until a hundredth of the loss is gone; infinite for never, null where they cannot be foretold. */
  readonly expected: number | null;
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
  const diagonal = ownDiagonal(spot);
  const way = await quickest(spot, optimizer, await waysOut(spot, falling, diagonal), diagonal);
  const { descent, expected, from } = way;
  const factor = growthOf(optimizer, unit.course.run.learningRate, way);
  const rest = Math.max(0, unit.plan.ofSteps - step);
  const folds = factor === null ? null : rest * Math.log(factor);
  const to = descent.leftAt;
  const branches = await tryBranches(spot, descent.side, to ?? descent.lowestAt, expected ?? Infinity);
  return {
    part: 'escape',
    curvature: way.curvature,
    preconditioned: way.preconditioned,
    factor,
    from,
    to,
    expectedSteps: expected === null ? null : finiteOrNull(expected),
    foretold: expected !== null,
    folds,
    descent: descent.largest / Math.max(Math.abs(loss), 1e-12),
    matters:
      saddleMatters(folds ?? (expected !== null && expected <= rest ? Math.log((to ?? 0) / from) : 0), descent.largest, loss) ||
      (folds === null && held(branches, descent.largest, loss)),
    branches,
    cost: meter.take(),
  };
}

/** Of the ways the one that the optimizer takes the fewest steps along; the first where none is foretold. */
async function quickest(
  spot: MeasuredSpot,
  optimizer: Optimizer,
  ways: readonly [WayOut, ...WayOut[]],
  diagonal: Float32Array | null,
): Promise<MeasuredWay> {
  const measure = async (way: WayOut): Promise<MeasuredWay> => {
    const descent = await searchAlong(spot, way.direction);
    const expected = descent.leftAt === null ? Infinity : stepsOut(spot, optimizer, way, diagonal, descent.leftAt);
    return { ...way, descent, expected };
  };
  let best = await measure(ways[0]);
  for (const way of ways.slice(1)) {
    const other = await measure(way);
    if ((other.expected ?? Infinity) < (best.expected ?? Infinity)) best = other;
  }
  return best;
}

/** Where no growth is known, whether the run as it is stayed, and another way left. */
function held(branches: readonly EscapeBranch[], measuredDescent: number, loss: number): boolean {
  const left = (branch: EscapeBranch): boolean => branch.leftAt !== null;
  const [own, ...others] = branches;
  return own !== undefined && !left(own) && others.some(left) && measuredDescent > leftShare * Math.abs(loss);
}

/**
 * The direction of most negative curvature; with a diagonal both that of its metric and the Hessian's own, since the diagonal moves as
 * soon as gradients grow.
 */
async function waysOut(
  spot: MeasuredSpot,
  falling: Float32Array | null,
  diagonal: Float32Array | null,
): Promise<readonly [WayOut, ...WayOut[]]> {
  const { operator, gradient, spectrum, random, cancel, unit } = spot;
  const { value, vector } = spectrum.smallest;
  // Where second order sees nothing negative, the finite probe that fell is the way.
  if (falling && !negativeBeyondRounding(spectrum)) {
    const direction = falling.slice();
    scale(1 / norm(direction), direction);
    return [{ direction, curvature: 0, preconditioned: false, from: 0 }];
  }
  const from = distanceAlong(dot(vector, gradient), value);
  const plain: WayOut = { direction: vector, curvature: value, preconditioned: false, from };
  if (!diagonal) return [plain];
  const ends = await lanczos(preconditioned(operator, diagonal), {
    random: random.fork('escape'),
    ends: 'smallest',
    tolerance: 0.02,
    maximumApplications: 2 * unit.plan.lanczosProducts,
    cancel,
  });
  if (!(ends.smallest.value < 0)) return [plain];
  const root = diagonal.map((p) => Math.sqrt(p));
  const scaledGradient = gradient.map((g, i) => g / (root[i] as number));
  const inMetric = distanceAlong(dot(ends.smallest.vector, scaledGradient), ends.smallest.value);
  const direction = ends.smallest.vector.map((v, i) => v / (root[i] as number));
  const length = norm(direction);
  scale(1 / length, direction);
  return [{ direction, curvature: ends.smallest.value, preconditioned: true, from: inMetric * length }, plain];
}

/** Growth of the distance in one step; null where nothing curves down, or an adaptive optimizer's steps are no multiple of it. */
function growthOf(optimizer: Optimizer, rate: number, way: WayOut): number | null {
  const holds = way.preconditioned || !isAdaptive(optimizer);
  return way.curvature < 0 && holds ? escapeGrowth(optimizer, rate, way.curvature) : null;
}

const isAdaptive = (optimizer: Optimizer): boolean => limitFor(optimizer)?.of === 'preconditioned';

/**
 * Steps to the distance `to` along the way. Adaptive steps are followed for a parameter of the way's mean size, 1/‖d‖₁ of the distance:
 * when steps no longer grow with the gradient, all parameters together move so fast along it.
 */
function stepsOut(
  { unit }: MeasuredSpot,
  optimizer: Optimizer,
  { direction, curvature, preconditioned: inMetric, from }: WayOut,
  diagonal: Float32Array | null,
  to: number,
): number | null {
  const { run } = unit.course;
  const path = { rate: run.learningRate, slope: curvature, from, to, memory: null };
  if (!(curvature < 0)) return null;
  if (!isAdaptive(optimizer)) return escapeSteps(optimizer, path);
  const length = direction.reduce((sum, d) => sum + Math.abs(d), 0);
  const ofParameter = { ...path, from: from / length, to: to / length };
  if (diagonal === null) return escapeSteps(optimizer, ofParameter);
  const mean = direction.reduce((sum, d, i) => sum + Math.abs(d) * (diagonal[i] as number), 0) / length;
  const slope = inMetric ? curvature * mean : curvature;
  return escapeSteps(optimizer, { ...ofParameter, slope, memory: { scale: mean, steps: run.step } });
}

interface Descent {
  /** The side, ±direction, on which the loss falls most. */
  readonly side: Float32Array;
  readonly largest: number;
  readonly lowestAt: number;
  /** Smallest distance on that side at which `leftShare` of the loss is gone. */
  readonly leftAt: number | null;
}

async function searchAlong(spot: MeasuredSpot, direction: Float32Array): Promise<Descent> {
  const { theta, loss, reach, unit, cancel } = spot;
  const trial = new Float32Array(theta.length);
  const sides: Descent[] = [];
  for (const sign of [1, -1]) {
    const fallAt = async (distance: number): Promise<number> =>
      loss - (await unit.loss.lossAt(plus(theta, sign * distance, direction, trial)));
    let best = { fall: 0, at: reach * (shares[0] as number) };
    let before = 0;
    let left: readonly [number, number] | null = null;
    for (const share of shares) {
      if (cancel.cancelled) break;
      const distance = share * reach;
      const fall = await fallAt(distance);
      if (fall > best.fall) best = { fall, at: distance };
      if (left === null && fall > leftShare * Math.abs(loss)) left = [before, distance];
      before = distance;
    }
    const leftAt = left && (await crossing(left, async (at) => (await fallAt(at)) > leftShare * Math.abs(loss)));
    sides.push({ side: direction.map((v) => sign * v), largest: best.fall, lowestAt: best.at, leftAt });
  }
  return sides.reduce((a, b) => (b.largest > a.largest ? b : a));
}

/** Halvings of the interval in which the loss is left. */
const halvings = 4;

/** The end of the last interval, beyond which the loss is left. */
async function crossing([low, high]: readonly [number, number], isLeft: (at: number) => Promise<boolean>): Promise<number> {
  let [inside, outside] = [low, high];
  for (let i = 0; i < halvings; i++) {
    const middle = (inside + outside) / 2;
    if (await isLeft(middle)) outside = middle;
    else inside = middle;
  }
  return outside;
}

import type { CancelToken } from '../base/cancel';
import { never } from '../base/cancel';
import type { GradientAt } from './gradientDifference';
import { minres, type MinresSpace } from './minres';
import type { LinearOperator } from './operator';
import { norm, plus } from './vector';

/** The loss's derivatives as callbacks. */
export interface Derivatives {
  readonly gradient: GradientAt;
  /** The Hessian at θ. */
  readonly hessian: (theta: Float32Array) => Promise<LinearOperator>;
}

/** Where the search ended. */
export interface NearestCriticalPoint {
  readonly theta: Float32Array;
  readonly gradientNorm: number;
  /** ‖g‖ where the search began. */
  readonly startGradientNorm: number;
  /** Distance from where it began. */
  readonly distance: number;
  readonly iterations: number;
  readonly applications: number;
  /**
   * `critical`: ‖g‖ fell to the goal. `gradientFlat`: ‖Hg‖/‖g‖ fell under a thousandth of what it was and ‖g‖ stays: a minimum of ‖g‖
   * that is no critical point. `stalled`: no step makes ‖g‖ smaller, or hardly any.
   */
  readonly stopped: 'critical' | 'gradientFlat' | 'stalled' | 'maximum' | 'cancelled';
}

/** Goals and limits of the search. */
export interface NearestCriticalPointOptions {
  /** ‖g‖ over its start at which a point counts as critical. Default 1e-4. */
  readonly tolerance?: number;
  /** Default 50. */
  readonly maximumIterations?: number;
  /** Applications within one iteration. Default 50. */
  readonly maximumApplications?: number;
  /** Applications of all iterations together. Default: no limit. */
  readonly totalApplications?: number;
  readonly cancel?: CancelToken;
  /** Called after every iteration. */
  readonly onIteration?: (iteration: number, gradientNorm: number) => void;
}

/** Over so many iterations ‖g‖ must fall by this share, or no step is taken to make it smaller. */
const patience = 12;
const leastFall = 0.01;
/** ‖Hg‖/‖g‖ over the largest of the search, under which H sees nothing of g. */
const flatStretch = 1e-3;

/**
 * Minimises ½‖g‖² by minimum-residual Newton steps Hp = -g (Newton-MR: Roosta, Liu, Xu and Mahoney 2018; for saddles of networks Frye
 * and others 2021), damped as by Levenberg and Marquardt: it is drawn to saddles as much as to minima. All dampings of one iteration
 * share one Krylov space, which is no larger than the damping lets it tell.
 */
export async function nearestCriticalPoint(
  { gradient, hessian }: Derivatives,
  start: Float32Array,
  options: NearestCriticalPointOptions = {},
): Promise<NearestCriticalPoint> {
  const { tolerance = 1e-4, maximumIterations = 50, maximumApplications = 50, totalApplications = Infinity } = options;
  const { cancel = never } = options;
  let theta: Float32Array = start.slice();
  let g: Float32Array = new Float32Array(start.length);
  await gradient(theta, g);
  const startGradientNorm = norm(g);
  const norms = [startGradientNorm];
  let stopped: NearestCriticalPoint['stopped'] = 'maximum';
  let applications = 0;
  let damping = firstDamping;
  let largestStretch = 0;
  while (stopped === 'maximum') {
    const iterations = norms.length - 1;
    if (norm(g) <= tolerance * startGradientNorm) stopped = 'critical';
    else if (cancel.cancelled) stopped = 'cancelled';
    else if (iterations >= patience && norm(g) > (1 - leastFall) * (norms[iterations - patience] as number)) stopped = 'stalled';
    if (stopped !== 'maximum' || iterations >= maximumIterations || applications >= totalApplications) break;
    const most = Math.min(maximumApplications, totalApplications - applications);
    const wanted = { tolerance: 0.05, leastDamping: damping, maximumApplications: most, cancel };
    const space = await minres(await hessian(theta), g, wanted);
    applications += space.applications;
    largestStretch = Math.max(largestStretch, space.stretch);
    const next = cancel.cancelled ? null : await dampedStep(gradient, theta, g, space, damping);
    space.close();
    if (next === null) {
      stopped = cancel.cancelled ? 'cancelled' : space.stretch <= flatStretch * largestStretch ? 'gradientFlat' : 'stalled';
      break;
    }
    // Hg ≈ 0 shows in steps that lower ‖g‖ by nothing to speak of.
    if (space.stretch <= flatStretch * largestStretch && norm(next.g) > 0.999 * norm(g)) stopped = 'gradientFlat';
    ({ theta, g, damping } = next);
    norms.push(norm(g));
    options.onIteration?.(norms.length - 1, norm(g));
  }
  const distance = norm(plus(theta, -1, start));
  return { theta, gradientNorm: norm(g), startGradientNorm, distance, iterations: norms.length - 1, applications, stopped };
}

/** Damping at the first try, between tries of one iteration, and how far below the one that was best the next begins. */
const firstDamping = 1e-6;
const between = 4;
const below = 16;
/** Dampings beyond these are rounding, or no step at all. */
const [leastDamping, mostDamping] = [1e-12, 1e8];

interface Step {
  readonly theta: Float32Array;
  readonly g: Float32Array;
  readonly norm: number;
}

/**
 * The step of that damping, from `damping` (relative to the squared magnitude of H) upwards, that makes ‖g‖ smallest, as far as a next
 * larger one is no better; with the damping to begin the next iteration at. Null when none makes it smaller.
 */
async function dampedStep(
  gradient: GradientAt,
  theta: Float32Array,
  g: Float32Array,
  space: MinresSpace,
  damping: number,
): Promise<(Step & { readonly damping: number }) | null> {
  const before = norm(g);
  let best: (Step & { readonly damping: number }) | null = null;
  for (let factor = damping; factor < mostDamping; factor *= between) {
    const candidate = plus(theta, -1, space.solve(factor * space.magnitude ** 2).solution);
    const there = new Float32Array(g.length);
    await gradient(candidate, there);
    const size = norm(there);
    if (best !== null && !(size < best.norm)) break;
    if (size < before) best = { theta: candidate, g: there, norm: size, damping: Math.max(leastDamping, factor / below) };
  }
  return best;
}

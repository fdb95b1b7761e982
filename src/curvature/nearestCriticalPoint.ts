import type { CancelToken } from '../base/cancel';
import { never } from '../base/cancel';
import type { GradientAt } from './gradientDifference';
import { minres, type MinresSpace } from './minres';
import type { LinearOperator } from './operator';
import { dot, norm, plus } from './vector';

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
   * `critical`: ‖g‖ fell to the goal. `gradientFlat`: ‖Hg‖/‖g‖ fell under a hundredth of what it was and ‖g‖ stays: a minimum of ‖g‖
   * that is no critical point. `stalled`: no step makes ‖g‖ smaller.
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
  readonly cancel?: CancelToken;
  /** Called after every iteration. */
  readonly onIteration?: (iteration: number, gradientNorm: number) => void;
}

/**
 * Minimises ½‖g‖² by minimum-residual Newton steps Hp = -g (Newton-MR: Roosta, Liu, Xu and Mahoney 2018; for saddles of networks Frye
 * and others 2021), damped as by Levenberg and Marquardt: it is drawn to saddles as much as to minima. All dampings of one iteration
 * share one Krylov space.
 */
export async function nearestCriticalPoint(
  { gradient, hessian }: Derivatives,
  start: Float32Array,
  options: NearestCriticalPointOptions = {},
): Promise<NearestCriticalPoint> {
  const { tolerance = 1e-4, maximumIterations = 50, maximumApplications = 50, cancel = never } = options;
  let theta: Float32Array = start.slice();
  let g: Float32Array = new Float32Array(start.length);
  await gradient(theta, g);
  const startGradientNorm = norm(g);
  let stopped: NearestCriticalPoint['stopped'] = 'maximum';
  let applications = 0;
  let iterations = 0;
  let damping = 1e-6;
  let largestStretch = 0;
  while (stopped === 'maximum') {
    if (norm(g) <= tolerance * startGradientNorm) stopped = 'critical';
    else if (cancel.cancelled) stopped = 'cancelled';
    if (stopped !== 'maximum' || iterations >= maximumIterations) break;
    const space = await minres(await hessian(theta), g, { tolerance: 0.05, maximumApplications, cancel });
    applications += space.applications;
    largestStretch = Math.max(largestStretch, space.stretch);
    const next = await dampedStep(gradient, theta, g, space, damping);
    if (next === null) {
      stopped = space.stretch <= 0.01 * largestStretch ? 'gradientFlat' : 'stalled';
      break;
    }
    // Hg ≈ 0 shows in steps that lower ‖g‖ by nothing to speak of.
    if (space.stretch <= 1e-3 * largestStretch && norm(next.g) > 0.999 * norm(g)) stopped = 'gradientFlat';
    ({ theta, g, damping } = next);
    iterations++;
    options.onIteration?.(iterations, norm(g));
  }
  const distance = norm(plus(theta, -1, start));
  return { theta, gradientNorm: norm(g), startGradientNorm, distance, iterations, applications, stopped };
}

/**
 * The step of the smallest damping, from `damping` (relative to the squared magnitude of H) upwards, that lowers ‖g‖² by a quarter of
 * what the linear model says; with the damping for the next iteration, lower after a step at the first try. Null when none does.
 */
async function dampedStep(
  gradient: GradientAt,
  theta: Float32Array,
  g: Float32Array,
  space: MinresSpace,
  damping: number,
): Promise<{ readonly theta: Float32Array; readonly g: Float32Array; readonly damping: number } | null> {
  const squared = dot(g, g);
  const trial = new Float32Array(g.length);
  for (let factor = damping; factor < 1e8; factor *= 10) {
    const { solution, relativeResidual } = space.solve(factor * space.magnitude ** 2);
    const candidate = plus(theta, -1, solution);
    await gradient(candidate, trial);
    const fall = squared - dot(trial, trial);
    const predicted = squared * (1 - relativeResidual ** 2);
    if (!(fall > 0 && fall >= 0.25 * predicted)) continue;
    return { theta: candidate, g: trial, damping: factor === damping ? Math.max(1e-12, factor / 10) : factor };
  }
  return null;
}

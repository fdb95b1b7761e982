import type { CancelToken } from '../base/cancel';
import { never } from '../base/cancel';
import type { Random } from '../base/random';
import type { LinearOperator } from './operator';
import { axpy, dot, norm, normalise, normalVector } from './vector';

/** The eigenvalue of largest magnitude, as power iteration saw it. */
export interface PowerIterationResult {
  /** Rayleigh quotient of `vector`. */
  readonly value: number;
  /** ‖A v - value·v‖: some eigenvalue is within this distance. */
  readonly residual: number;
  readonly vector: Float32Array;
  readonly applications: number;
  readonly converged: boolean;
}

/** How power iteration is made: relative residual to stop at (default .01), at most how many applications (default 200). */
export interface PowerIterationOptions {
  readonly random: Random;
  readonly start?: Float32Array;
  readonly tolerance?: number;
  readonly maximumApplications?: number;
  readonly cancel?: CancelToken;
}

/**
 * Power iteration (von Mises and Pollaczek-Geiringer 1929) on a self-adjoint operator: little memory, and one number.
 * It goes to the largest magnitude, which at a saddle may be the negative end; when both ends are equally large it
 * does not converge, and says so. A given start has a random direction added to it.
 */
export async function powerIteration(operator: LinearOperator, options: PowerIterationOptions): Promise<PowerIterationResult> {
  const { tolerance = 0.01, maximumApplications = 200, cancel = never } = options;
  const v = normalVector(operator.dim, options.random);
  operator.confine?.(v);
  normalise(v);
  const given = options.start === undefined ? 0 : norm(options.start);
  if (options.start !== undefined && given > 0) axpy(1 / given, options.start, v);
  normalise(v);
  const image = new Float32Array(operator.dim);
  let value = NaN;
  let residual = Infinity;
  let applications = 0;
  while (applications < maximumApplications && !cancel.cancelled) {
    await operator.apply(v, image);
    applications++;
    value = dot(v, image);
    const length = norm(image);
    if (!Number.isFinite(length)) return { value: NaN, residual: Infinity, vector: v, applications, converged: false };
    // ‖Av - θv‖² = ‖Av‖² - θ² for a unit v.
    residual = Math.sqrt(Math.max(0, length * length - value * value));
    if (residual <= tolerance * Math.abs(value) || length === 0) {
      return { value, residual, vector: v, applications, converged: true };
    }
    v.set(image);
    normalise(v);
  }
  return { value, residual, vector: v, applications, converged: false };
}

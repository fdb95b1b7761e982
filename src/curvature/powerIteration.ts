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
  /** Distance of |value| to the spectrum's largest magnitude, which lies further out with probability .05 at most. */
  readonly error: number;
  readonly vector: Float32Array;
  readonly applications: number;
  readonly converged: boolean;
}

/** Probability of a larger magnitude than the error says. */
const miss = 0.05;

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
 *
 * The error: a start b with weight γ on the eigenvector of the largest magnitude |λ| has ‖Aᵏb‖ ≥ |λ|ᵏ|γ|, and ‖Aᵏb‖ is the product of the
 * growths seen. |γ| is under .05·√(π/(2 dim)) of b's random part with probability .05 at most, as for Lanczos (`lanczosBound.ts`).
 */
export async function powerIteration(operator: LinearOperator, options: PowerIterationOptions): Promise<PowerIterationResult> {
  const { tolerance = 0.01, maximumApplications = 200, cancel = never } = options;
  const v = normalVector(operator.dim, options.random);
  operator.confine?.(v);
  normalise(v);
  // In one dimension a start would cancel the random direction every other time, and has nothing to add.
  const given = options.start === undefined || operator.dim === 1 ? 0 : norm(options.start);
  if (options.start !== undefined && given > 0) axpy(1 / given, options.start, v);
  const randomShare = 1 / normalise(v);
  const logWeight = Math.log(miss * randomShare * Math.sqrt(Math.PI / (2 * operator.dim)));
  const image = new Float32Array(operator.dim);
  let value = NaN;
  let residual = Infinity;
  let error = Infinity;
  let applications = 0;
  let logGrowth = 0;
  while (applications < maximumApplications && !cancel.cancelled) {
    await operator.apply(v, image);
    applications++;
    value = dot(v, image);
    const length = norm(image);
    if (!Number.isFinite(length)) return { value: NaN, residual: Infinity, error, vector: v, applications, converged: false };
    // ‖Av - θv‖² = ‖Av‖² - θ² for a unit v.
    residual = Math.sqrt(Math.max(0, length * length - value * value));
    logGrowth += Math.log(length);
    const farthest = length === 0 ? 0 : Math.max(length, Math.exp((logGrowth - logWeight) / applications));
    error = farthest - Math.abs(value);
    if (residual <= tolerance * Math.abs(value) || length === 0) {
      return { value, residual, error, vector: v, applications, converged: true };
    }
    v.set(image);
    normalise(v);
  }
  return { value, residual, error, vector: v, applications, converged: false };
}

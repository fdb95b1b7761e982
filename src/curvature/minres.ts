import type { CancelToken } from '../base/cancel';
import { never } from '../base/cancel';
import { LanczosProcess } from './lanczosProcess';
import type { LinearOperator } from './operator';
import { norm, scale } from './vector';

/** The x of smallest ‖Ax - b‖² + damping·‖x‖² in a Krylov space. */
export interface MinresSolution {
  readonly solution: Float32Array;
  /** ‖Ax - b‖/‖b‖. Stays near 1 when b is nearly in the null space of A. */
  readonly relativeResidual: number;
}

/** A Krylov space of b, from which solutions for any damping follow without further applications. */
export interface MinresSpace {
  /** `damping` ≥ 0 in squared units of A; rounding of A is always added to it. */
  solve(damping: number): MinresSolution;
  /** ‖Ab‖/‖b‖. */
  readonly stretch: number;
  /** Magnitude of what was seen of A. */
  readonly magnitude: number;
  readonly applications: number;
  /** Lets the space go: nothing can be solved in it afterwards, and its memory serves the next. */
  close(): void;
}

/** When the space suffices: relative residual (default .01), at most how many applications (default 50). */
export interface MinresOptions {
  readonly tolerance?: number;
  /**
   * The least damping that will be asked for, over the squared magnitude of A. With it the space is also large enough once more of it
   * hardly improves that solution: damping hides what further steps would tell.
   */
  readonly leastDamping?: number;
  readonly maximumApplications?: number;
  readonly cancel?: CancelToken;
}

/**
 * MINRES (Paige and Saunders 1975) for a self-adjoint A of either sign: Lanczos from b with full reorthogonalisation, and the small
 * least-squares problem min ‖T y - e₁‖² + damping‖y‖² by its normal equations. Without damping, rounding of A in single precision is
 * what keeps directions out that A cannot reach.
 */
export async function minres(operator: LinearOperator, b: Float32Array, options: MinresOptions = {}): Promise<MinresSpace> {
  const { tolerance = 1e-2, maximumApplications = 50, leastDamping, cancel = never } = options;
  const start = b.slice();
  operator.confine?.(start);
  const length = norm(start);
  if (length > 0) scale(1 / length, start);
  const process = new LanczosProcess(operator, start, 'full', 1e-6, maximumApplications);
  const { alphas, betas, basis } = process;
  let went: Awaited<ReturnType<LanczosProcess['step']>> = length > 0 ? 'going' : 'exhausted';
  let before = 0;
  while (went === 'going' && alphas.length < maximumApplications && !cancel.cancelled) {
    went = await process.step();
    if (went === 'going' && leastSquares(alphas, betas, 0).residual <= tolerance) break;
    if (leastDamping === undefined || alphas.length % lookEvery !== 0) continue;
    const gained = gainOf(alphas, betas, leastDamping);
    if (gained - before <= smallGain * gained) break;
    before = gained;
  }
  const magnitude = magnitudeOf(alphas, betas);
  return {
    solve: (damping) => {
      const { y, residual } = leastSquares(alphas, betas, damping);
      const coefficients = y.map((c) => c * length);
      return { solution: basis.combine(coefficients), relativeResidual: residual };
    },
    stretch: Math.hypot(alphas[0] ?? 0, betas[0] ?? 0),
    magnitude,
    applications: alphas.length,
    close: () => process.close(),
  };
}

/** Steps between looks at what a damped solution gains, and the share of it that further steps must still add. */
const lookEvery = 5;
const smallGain = 0.02;

const magnitudeOf = (alphas: readonly number[], betas: readonly number[]): number =>
  [...alphas, ...betas].reduce((largest, x) => Math.max(largest, Math.abs(x)), 0);

/** By how much the damped solution lowers ‖Ax - b‖² + damping‖x‖², over ‖b‖². Only grows with the space. */
function gainOf(alphas: readonly number[], betas: readonly number[], leastDamping: number): number {
  const damping = leastDamping * magnitudeOf(alphas, betas) ** 2;
  const { y, residual } = leastSquares(alphas, betas, damping);
  return 1 - residual ** 2 - damping * y.reduce((sum, c) => sum + c * c, 0);
}

/** y of the small problem with the (k+1)×k tridiagonal T, and ‖T y - e₁‖. */
function leastSquares(
  alphas: readonly number[],
  betas: readonly number[],
  damping: number,
): { readonly y: Float64Array; readonly residual: number } {
  const k = alphas.length;
  const alpha = (i: number): number => alphas[i] ?? 0;
  const beta = (i: number): number => (i < 0 ? 0 : (betas[i] ?? 0));
  let magnitude = 0;
  for (let i = 0; i < k; i++) magnitude = Math.max(magnitude, Math.abs(alpha(i)), beta(i));
  const floor = damping + (1e-5 * magnitude) ** 2;
  // TᵀT has bands 0, 1 and 2; its Cholesky factor too.
  const main = Float64Array.from({ length: k }, (_, i) => beta(i - 1) ** 2 + alpha(i) ** 2 + beta(i) ** 2 + floor);
  const first = Float64Array.from({ length: k }, (_, i) => (i + 1 < k ? beta(i) * (alpha(i) + alpha(i + 1)) : 0));
  const second = Float64Array.from({ length: k }, (_, i) => (i + 2 < k ? beta(i) * beta(i + 1) : 0));
  const right = Float64Array.from({ length: k }, (_, i) => (i === 0 ? alpha(0) : i === 1 ? beta(0) : 0));
  const y = solveBanded(main, first, second, right);
  let squared = (alpha(0) * (y[0] ?? 0) + beta(0) * (y[1] ?? 0) - 1) ** 2;
  for (let i = 1; i <= k; i++) {
    squared += (beta(i - 1) * (y[i - 1] ?? 0) + alpha(i) * (y[i] ?? 0) + (i < k - 1 ? beta(i) * (y[i + 1] ?? 0) : 0)) ** 2;
  }
  return { y, residual: k === 0 ? 1 : Math.sqrt(squared) };
}

/** Solves a symmetric positive definite system with two bands beside the diagonal, by LDLᵀ; the arguments are overwritten. */
function solveBanded(main: Float64Array, first: Float64Array, second: Float64Array, right: Float64Array): Float64Array {
  const k = main.length;
  const get = (a: Float64Array, i: number): number => a[i] ?? 0;
  for (let i = 0; i < k; i++) {
    const pivot = get(main, i);
    const [f, s] = [get(first, i) / pivot, get(second, i) / pivot];
    if (i + 1 < k) {
      main[i + 1] = get(main, i + 1) - f * get(first, i);
      first[i + 1] = get(first, i + 1) - f * get(second, i);
      right[i + 1] = get(right, i + 1) - f * get(right, i);
    }
    if (i + 2 < k) {
      main[i + 2] = get(main, i + 2) - s * get(second, i);
      right[i + 2] = get(right, i + 2) - s * get(right, i);
    }
    [first[i], second[i]] = [f, s];
  }
  for (let i = k - 1; i >= 0; i--) {
    right[i] = get(right, i) / get(main, i) - get(first, i) * get(right, i + 1) - get(second, i) * get(right, i + 2);
  }
  return right;
}

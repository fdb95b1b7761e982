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

/**
 * A Krylov space of b for a self-adjoint A of either sign, from which solutions for any damping follow without further applications:
 * MINRES (Paige and Saunders 1975) as Lanczos from b with full reorthogonalisation, and the small least-squares problem
 * min ‖T y - e₁‖² + damping‖y‖² by its normal equations. It grows on request, so that its owner can look at what more of it would
 * bring. Rounding of A in single precision is always added to the damping: it keeps directions out that A cannot reach.
 */
export class MinresSpace {
  private readonly process: LanczosProcess;
  private readonly length: number;
  private went: 'going' | 'exhausted' | 'notFinite';

  /** An empty space. `most`: applications at most. */
  constructor(
    operator: LinearOperator,
    b: Float32Array,
    private readonly most: number,
    private readonly cancel: CancelToken = never,
  ) {
    const start = b.slice();
    operator.confine?.(start);
    this.length = norm(start);
    if (this.length > 0) scale(1 / this.length, start);
    this.process = new LanczosProcess(operator, start, 'full', 1e-6, most);
    this.went = this.length > 0 ? 'going' : 'exhausted';
  }

  /** Applications so far. */
  get applications(): number {
    return this.process.alphas.length;
  }

  /** True when it grows no further: nothing more is to be reached, its limit is met, or a value was not finite. */
  get complete(): boolean {
    return this.went !== 'going' || this.applications >= this.most;
  }

  /** ‖Ab‖/‖b‖. */
  get stretch(): number {
    const { alphas, betas } = this.process;
    return Math.hypot(alphas[0] ?? 0, betas[0] ?? 0);
  }

  /** Magnitude of what was seen of A. */
  get magnitude(): number {
    const { alphas, betas } = this.process;
    return [...alphas, ...betas].reduce((largest, x) => Math.max(largest, Math.abs(x)), 0);
  }

  /** Grows to so many applications in all, as far as it can and is not cancelled. */
  async extend(applications: number): Promise<void> {
    while (!this.complete && this.applications < applications && !this.cancel.cancelled) this.went = await this.process.step();
  }

  /** ‖Ax - b‖/‖b‖ of the solution for a damping ≥ 0, in squared units of A. */
  residual(damping: number): number {
    return leastSquares(this.process.alphas, this.process.betas, damping).residual;
  }

  /** The solution for a damping ≥ 0, in squared units of A. */
  solve(damping: number): MinresSolution {
    const { alphas, betas, basis } = this.process;
    const { y, residual } = leastSquares(alphas, betas, damping);
    return { solution: basis.combine(y.map((c) => c * this.length)), relativeResidual: residual };
  }

  /** Lets the space go: nothing can be solved in it afterwards, and its memory serves the next. */
  close(): void {
    this.process.close();
  }
}

/** What single precision leaves of products, over the magnitude of A: curvature under this share of the largest is not told from zero. */
const operatorRounding = 2e-6;

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
  const floor = damping + (operatorRounding * magnitude) ** 2;
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

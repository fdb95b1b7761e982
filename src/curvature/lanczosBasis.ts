import type { Random } from '../base/random';
import type { LinearOperator } from './operator';
import { tridiagonalVectors, type TridiagonalEigen } from './tridiagonal';
import type { KrylovRoom } from './krylovRoom';
import { axpy, dot, norm, normalise, startVector } from './vector';

/**
 * What is done against the loss of orthogonality that rounding brings. `full`: against all vectors, exact and as dear as
 * the basis is long. `selective`: against converged Ritz vectors only, along which orthogonality is lost (Parlett and
 * Scott 1979). `none`: nothing; the ends stay right, eigenvalues inside appear in copies.
 */
export type Reorthogonalisation = 'full' | 'selective' | 'none';

/** A unit start that is the sum of one random direction and of all given ones, each of length 1, with the random part's share of its length. */
export function mixedStart(
  operator: LinearOperator,
  given: readonly Float32Array[],
  random: Random,
): { readonly start: Float32Array; readonly randomShare: number } {
  const start = startVector(operator.dim, random);
  operator.confine?.(start);
  normalise(start);
  let added = 0;
  // In one dimension a start would cancel the random direction every other time, and has nothing to add.
  for (const vector of operator.dim > 1 ? given : []) {
    const part = vector.slice();
    operator.confine?.(part);
    const length = norm(part);
    if (!(length > 0 && Number.isFinite(length))) continue;
    // Of its two signs the one along what is there: in few dimensions the random direction could take the start away again.
    axpy((dot(part, start) < 0 ? -1 : 1) / length, part, start);
    added++;
  }
  if (added === 0) return { start, randomShare: 1 };
  return { randomShare: 1 / normalise(start), start };
}

/** The Lanczos vectors, and the upkeep of their orthogonality. */
export class LanczosBasis {
  readonly vectors: Float32Array[] = [];
  /** Converged Ritz vectors, outermost first, with their values. */
  private locked: { readonly value: number; readonly vector: Float32Array }[] = [];

  constructor(
    start: Float32Array,
    private readonly mode: Reorthogonalisation,
    private readonly room: KrylovRoom,
  ) {
    this.push(1, start);
  }

  last(): Float32Array {
    return this.vectors[this.vectors.length - 1] as Float32Array;
  }

  beforeLast(): Float32Array | null {
    return this.vectors[this.vectors.length - 2] ?? null;
  }

  /** Takes factor·q as the next vector. */
  push(factor: number, q: Float32Array): void {
    this.vectors.push(this.room.takeScaled(factor, q));
  }

  /** Σⱼ coefficients[j]·qⱼ. */
  combine(coefficients: ArrayLike<number>): Float32Array {
    return this.room.combine(this.vectors, coefficients);
  }

  /**
   * True when the coefficients tell the residuals: the vectors are kept orthonormal, or nothing has converged yet along which
   * orthogonality could have been lost (Paige 1971).
   */
  get tellsResiduals(): boolean {
    return this.mode === 'full' || (this.mode === 'selective' && this.locked.length === 0);
  }

  /** Steps after which the process must have seen the whole space: `dim` while the basis is orthonormal, else never. */
  exactLimit(dim: number): number {
    return this.mode === 'full' ? dim : Infinity;
  }

  /** Makes the next, not yet normalised vector of length `length` orthogonal to what the mode asks for; returns its length then. */
  reorthogonalise(w: Float32Array, length: number): number {
    if (this.mode === 'none' || (this.mode === 'selective' && this.locked.length === 0)) return length;
    if (this.mode === 'selective') {
      for (const { vector } of this.locked) axpy(-dot(vector, w), vector, w);
      return norm(w);
    }
    this.room.removeComponents(w, this.vectors);
    const left = Math.sqrt(this.room.dot(w, w));
    // Twice is enough (Kahan), and needed only when most of the vector was removed.
    if (left >= 0.7 * length) return left;
    this.room.removeComponents(w, this.vectors);
    return Math.sqrt(this.room.dot(w, w));
  }

  /** Selective mode: locks Ritz vectors at both ends whose residual is under √ε‖A‖, ε of single precision. */
  lockConverged(alphas: readonly number[], betas: readonly number[], eigen: TridiagonalEigen): void {
    if (this.mode !== 'selective') return;
    const k = alphas.length;
    const { values } = eigen;
    const last = eigen.rows[0] as Float64Array;
    const magnitude = Math.max(Math.abs(values[0] as number), Math.abs(values[k - 1] as number));
    const threshold = 2.5e-4 * magnitude;
    const isGood = (i: number): boolean => (betas[k - 1] as number) * Math.abs(last[i] as number) < threshold;
    const good: number[] = [];
    for (let i = 0; i < k && isGood(i); i++) good.push(i);
    for (let i = k - 1; i > (good[good.length - 1] ?? -1) && isGood(i); i--) good.push(i);
    const fresh = good.filter((i) => this.locked.every(({ value }) => Math.abs(value - (values[i] as number)) > threshold));
    if (fresh.length === 0) return;
    for (const [j, coefficients] of tridiagonalVectors(alphas, betas, fresh).entries()) {
      const vector = this.combine(coefficients);
      for (const other of this.locked) axpy(-dot(other.vector, vector), other.vector, vector);
      normalise(vector);
      this.locked.push({ value: values[fresh[j] as number] as number, vector });
    }
  }
}

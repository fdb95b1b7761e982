import { LanczosBasis, type Reorthogonalisation } from './lanczosBasis';
import { KrylovRoom } from './krylovRoom';
import type { LinearOperator } from './operator';

/** What a step led to: `exhausted` when the Krylov space is invariant. */
export type LanczosState = 'going' | 'exhausted' | 'notFinite';

/**
 * The Lanczos three-term recurrence A qⱼ = βⱼ₋₁qⱼ₋₁ + αⱼqⱼ + βⱼqⱼ₊₁ from a unit start, a step at a time
 * (Lanczos 1950; Paige 1971). When to stop is the caller's.
 */
export class LanczosProcess {
  readonly alphas: number[] = [];
  /** One for each step; the last is the norm of the next residual, 0 once the space is invariant. */
  readonly betas: number[] = [];
  readonly basis: LanczosBasis;
  private readonly room: KrylovRoom;
  private readonly image: Float32Array;

  constructor(
    private readonly operator: LinearOperator,
    start: Float32Array,
    mode: Reorthogonalisation,
    /** Rounding of one application over the operator's norm; a smaller β is taken for 0. */
    private readonly operatorNoise: number,
    /** Steps that will be taken at most, for which room is made. */
    mostSteps: number,
  ) {
    this.room = new KrylovRoom(operator.dim, Math.min(mostSteps, operator.dim) + 2);
    this.image = this.room.take();
    this.basis = new LanczosBasis(start, mode, this.room);
  }

  /** One application; at once where the operator answers at once. After `exhausted` or `notFinite` no further step may be taken. */
  step(): Promise<LanczosState> | LanczosState {
    const pending = this.operator.apply(this.basis.last(), this.image);
    return pending === undefined ? this.takeImage() : pending.then(() => this.takeImage());
  }

  private takeImage(): LanczosState {
    const { alphas, betas, basis, room, image: w } = this;
    const q = basis.last();
    const { alpha, length } = room.removeTwo(w, q, betas[betas.length - 1] ?? 0, basis.beforeLast());
    const beta = basis.reorthogonalise(w, length);
    if (!Number.isFinite(alpha) || !Number.isFinite(beta)) return 'notFinite';
    alphas.push(alpha);
    const invariant = beta <= this.operatorNoise * this.magnitude(beta) || alphas.length >= basis.exactLimit(this.operator.dim);
    betas.push(invariant ? 0 : beta);
    if (invariant) return 'exhausted';
    basis.push(1 / beta, w);
    return 'going';
  }

  /** Ends the process; its vectors are gone, its coefficients stay. */
  close(): void {
    this.room.close();
  }

  /** The largest coefficient: within a factor of 3 the norm of what was seen of the operator. */
  private magnitude(beta: number): number {
    let largest = beta;
    for (const value of this.alphas) largest = Math.max(largest, Math.abs(value));
    for (const value of this.betas) largest = Math.max(largest, value);
    return largest;
  }
}

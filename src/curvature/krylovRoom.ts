import { TrainingMemory } from '../engine/kernel/trainingMemory';
import { krylovModule, type KrylovKernels } from './krylovKernels';
import { axpy, dot, norm, removeComponents, scale } from './vector';

/** Vectors shorter than this gain nothing from the kernels. */
const shortest = 2048;
/** Memory in use that waits for the next room, in bytes at most. */
const mostIdleBytes = 2 ** 26;
/** Room above this many bytes is not asked for at once. Pages that are not touched take no memory. */
const mostBytes = 2 ** 30;

/**
 * Room for the vectors of one Krylov process, with the arithmetic on them: in WebAssembly memory, where kernels take four elements at a
 * time and pass over memory once for what belongs together. Short vectors, and those that find no room, are plain arrays; the
 * arithmetic is then that of `vector.ts`.
 */
export class KrylovRoom {
  private held: Held | null;
  /** Short vectors that were taken. */
  private readonly plain: Float32Array[] = [];
  private taken = 0;

  /** `capacity`: how many vectors will be taken. */
  constructor(
    private readonly dim: number,
    private readonly capacity: number,
  ) {
    this.held = dim < shortest || 4 * dim * capacity > mostBytes ? null : holdMemory(dim, capacity);
  }

  /** Lets the vectors go: their memory may serve the next room. */
  close(): void {
    if (this.dim < shortest) keepShort(this.dim, this.plain.splice(0));
    if (this.held !== null && 4 * this.dim * this.taken <= mostIdleBytes) idle = this.held;
    this.held = null;
  }

  /** A further vector, with anything in it. */
  take(): Float32Array {
    if (this.dim < shortest) return this.takeShort();
    if (this.held === null || this.taken >= this.capacity) return new Float32Array(this.dim);
    return this.held.memory.vector(nameOf(this.taken++));
  }

  private takeShort(): Float32Array {
    const vector = (idleShort.dim === this.dim ? idleShort.vectors.pop() : undefined) ?? new Float32Array(this.dim);
    this.plain.push(vector);
    return vector;
  }

  /** aᵀb. */
  dot(a: Float32Array, b: Float32Array): number {
    const run = this.runner(a, b);
    return run === null ? dot(a, b) : run('dot');
  }

  /** y ← y - αq - βp with α = yᵀq; returns α and the new ‖y‖. `p` is null where there is none. */
  removeTwo(
    y: Float32Array,
    q: Float32Array,
    beta: number,
    p: Float32Array | null,
  ): { readonly alpha: number; readonly length: number } {
    const alpha = this.dot(y, q);
    if (p === null) return { alpha, length: this.addAndMeasure(-alpha, q, y) };
    const run = this.runner(q, p, y);
    if (run !== null) return { alpha, length: Math.sqrt(run('addTwoAndSquare', -alpha, -beta)) };
    axpy(-beta, p, y);
    return { alpha, length: this.addAndMeasure(-alpha, q, y) };
  }

  /** y ← y + factor·x; returns ‖y‖. */
  addAndMeasure(factor: number, x: Float32Array, y: Float32Array): number {
    const run = this.runner(x, y);
    if (run !== null) return Math.sqrt(run('addAndSquare', factor));
    axpy(factor, x, y);
    return norm(y);
  }

  /** A further vector: factor·x. */
  takeScaled(factor: number, x: Float32Array): Float32Array {
    const out = this.take();
    const run = this.runner(x, out);
    if (run !== null) run('scaledCopy', factor);
    else {
      out.set(x);
      scale(factor, out);
    }
    return out;
  }

  /** Removes from `w` its components along orthonormal vectors, four at a time. */
  removeComponents(w: Float32Array, basis: readonly Float32Array[]): void {
    if (this.held === null) {
      removeComponents(w, basis);
      return;
    }
    const whole = basis.length & ~3;
    for (let j = 0; j < whole; j += 4) {
      const four = basis.slice(j, j + 4);
      const run = this.runner(w, ...four);
      if (run === null) {
        removeComponents(w, four);
        continue;
      }
      run('fourDots');
      const factors = Array.from(this.held?.memory.sums.subarray(0, 4) ?? [], (product) => -product);
      run('addFour', ...factors);
    }
    removeComponents(w, basis.slice(whole));
  }

  /** Σⱼ coefficients[j]·basis[j], as a plain array. */
  combine(basis: readonly Float32Array[], coefficients: ArrayLike<number>): Float32Array {
    const sum = new Float32Array(this.dim);
    const room = this.scratch ?? sum;
    room.fill(0);
    const factors = Array.from(coefficients);
    const whole = factors.length & ~3;
    for (let j = 0; j < factors.length; j += j < whole ? 4 : 1) {
      const some = basis.slice(j, j < whole ? j + 4 : j + 1);
      const run = this.runner(room, ...some);
      if (run === null) some.forEach((x, i) => axpy(factors[j + i] ?? 0, x, room));
      else if (j < whole) run('addFour', ...factors.slice(j, j + 4));
      else run('addOne', factors[j] ?? 0);
    }
    if (room !== sum) sum.set(room);
    return sum;
  }

  /** Beyond the vectors to be taken there is one for sums. */
  private get scratch(): Float32Array | null {
    return this.held?.memory.vector(nameOf(this.capacity)) ?? null;
  }

  /** Runs a kernel on the given vectors and returns its first sum; null when not all of them are in the room. */
  private runner(...vectors: readonly Float32Array[]): ((kernel: keyof KrylovKernels, ...scalars: number[]) => number) | null {
    if (this.held === null) return null;
    const { memory, kernels } = this.held;
    if (vectors.some(({ buffer }) => buffer !== memory.sums.buffer)) return null;
    const addresses = vectors.map(({ byteOffset }) => byteOffset);
    return (kernel, ...scalars) => {
      kernels[kernel](...addresses, memory.dim, memory.sums.byteOffset, ...scalars);
      return memory.sums[0] as number;
    };
  }
}

const nameOf = (place: number): string => `vector ${place}`;

/** Short vectors of closed rooms: to make and clear them anew takes as long as to work on them. */
let idleShort: { readonly dim: number; readonly vectors: Float32Array[] } = { dim: 0, vectors: [] };
const mostIdleShort = 64;

function keepShort(dim: number, vectors: readonly Float32Array[]): void {
  const kept = idleShort.dim === dim ? idleShort.vectors : [];
  idleShort = { dim, vectors: [...kept, ...vectors].slice(0, mostIdleShort) };
}

/** A memory with the kernels on it. */
interface Held {
  readonly dim: number;
  readonly capacity: number;
  readonly memory: TrainingMemory;
  readonly kernels: KrylovKernels;
}

/** The memory of the room that was closed last: making one anew is dearer than a short process. */
let idle: Held | null = null;

/** The idle memory when it fits, else a new one; null where the address space has no such stretch left. */
function holdMemory(dim: number, capacity: number): Held | null {
  const last = idle;
  if (last !== null && last.dim === dim && last.capacity >= capacity) {
    idle = null;
    return last;
  }
  try {
    const memory = new TrainingMemory(
      dim,
      Array.from({ length: capacity + 1 }, (_, i) => nameOf(i)),
    );
    return { dim, capacity, memory, kernels: memory.instantiate(krylovModule()) as KrylovKernels };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

import { krylovModule, type KrylovKernels } from './krylovKernels';
import { TrainingMemory } from '../engine/kernel/trainingMemory';
import { axpy, dot, norm, removeComponents, scale } from './vector';

/** Vectors shorter than this gain nothing from the kernels. */
const shortest = 64;
/** Memory in use that waits for the next room, in bytes at most. */
const mostIdleBytes = 2 ** 26;
/** Rooms above this many bytes are not asked for at once. Pages that are not touched take no memory. */
const mostBytes = 2 ** 30;

/**
 * Room for the vectors of one Krylov process, with the arithmetic on them: in WebAssembly memory, where kernels take four elements at a
 * time and pass over memory once for what belongs together. Short vectors, and those that find no room, are plain arrays; the
 * arithmetic is then that of `vector.ts`. All vectors that a room is asked to work on are its own.
 */
export class KrylovRoom {
  private held: Held | null;
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
    if (this.held !== null) keepIdle(this.held, this.taken);
    this.held = null;
  }

  /** A further vector, with anything in it. */
  take(): Float32Array {
    if (this.held === null) return new Float32Array(this.dim);
    if (this.taken >= this.capacity) throw new RangeError(`more than ${this.capacity} vectors of one room`);
    return this.held.vector(this.taken++);
  }

  /** aᵀb. */
  dot(a: Float32Array, b: Float32Array): number {
    const { held, dim } = this;
    if (held === null) return dot(a, b);
    held.kernels.dot(a.byteOffset, b.byteOffset, dim, held.sumsAddress);
    return held.sums[0] as number;
  }

  /** y ← y - αq - βp with α = yᵀq; returns α and the new ‖y‖. `p` is null where there is none. */
  removeTwo(
    y: Float32Array,
    q: Float32Array,
    beta: number,
    p: Float32Array | null,
  ): { readonly alpha: number; readonly length: number } {
    const { held, dim } = this;
    const alpha = this.dot(y, q);
    if (p === null) return { alpha, length: this.addAndMeasure(-alpha, q, y) };
    if (held !== null) {
      held.kernels.addTwoAndSquare(q.byteOffset, p.byteOffset, y.byteOffset, dim, held.sumsAddress, -alpha, -beta);
      return { alpha, length: Math.sqrt(held.sums[0] as number) };
    }
    axpy(-beta, p, y);
    return { alpha, length: this.addAndMeasure(-alpha, q, y) };
  }

  /** y ← y + factor·x; returns ‖y‖. */
  addAndMeasure(factor: number, x: Float32Array, y: Float32Array): number {
    const { held, dim } = this;
    if (held !== null) {
      held.kernels.addAndSquare(x.byteOffset, y.byteOffset, dim, held.sumsAddress, factor);
      return Math.sqrt(held.sums[0] as number);
    }
    axpy(factor, x, y);
    return norm(y);
  }

  /** A further vector: factor·x, where x may be any vector. */
  takeScaled(factor: number, x: Float32Array): Float32Array {
    const { held, dim } = this;
    const out = this.take();
    if (held !== null && x.buffer === out.buffer) {
      held.kernels.scaledCopy(x.byteOffset, out.byteOffset, dim, held.sumsAddress, factor);
      return out;
    }
    out.set(x);
    if (factor !== 1) scale(factor, out);
    return out;
  }

  /** Removes from `w` its components along orthonormal vectors, four at a time. */
  removeComponents(w: Float32Array, basis: readonly Float32Array[]): void {
    const { held, dim } = this;
    if (held === null) {
      removeComponents(w, basis);
      return;
    }
    const { kernels, sums, sumsAddress } = held;
    const whole = basis.length & ~3;
    for (let j = 0; j < whole; j += 4) {
      const [a, b, c, d] = fourFrom(basis, j);
      kernels.fourDots(w.byteOffset, a, b, c, d, dim, sumsAddress);
      const [ofA = 0, ofB = 0, ofC = 0, ofD = 0] = sums;
      kernels.addFour(w.byteOffset, a, b, c, d, dim, sumsAddress, -ofA, -ofB, -ofC, -ofD);
    }
    for (let j = whole; j < basis.length; j++) {
      const q = basis[j] as Float32Array;
      kernels.addOne(w.byteOffset, q.byteOffset, dim, sumsAddress, -this.dot(q, w));
    }
  }

  /** Σⱼ coefficients[j]·basis[j], as a plain array. */
  combine(basis: readonly Float32Array[], coefficients: ArrayLike<number>): Float32Array {
    const { held, dim } = this;
    const sum = new Float32Array(dim);
    const count = coefficients.length;
    if (held === null) {
      for (let j = 0; j < count; j++) axpy(coefficients[j] as number, basis[j] as Float32Array, sum);
      return sum;
    }
    const { kernels, sumsAddress } = held;
    // Beyond the vectors to be taken there is one for sums.
    const room = held.vector(held.capacity);
    const to = room.byteOffset;
    room.fill(0);
    const whole = count & ~3;
    for (let j = 0; j < whole; j += 4) {
      const [a, b, c, d] = fourFrom(basis, j);
      const factor = (i: number): number => coefficients[j + i] as number;
      kernels.addFour(to, a, b, c, d, dim, sumsAddress, factor(0), factor(1), factor(2), factor(3));
    }
    for (let j = whole; j < count; j++)
      kernels.addOne(to, (basis[j] as Float32Array).byteOffset, dim, sumsAddress, coefficients[j] as number);
    sum.set(room);
    return sum;
  }
}

/** Addresses of four vectors from number `j` on. */
function fourFrom(basis: readonly Float32Array[], j: number): readonly [number, number, number, number] {
  const address = (i: number): number => (basis[j + i] as Float32Array).byteOffset;
  return [address(0), address(1), address(2), address(3)];
}

/** A memory with the kernels on it. */
class Held {
  readonly sums: Float64Array;
  readonly sumsAddress: number;
  readonly kernels: KrylovKernels;
  private readonly memory: TrainingMemory;
  /** Views of the vectors that were taken at least once: to make one takes longer than to work on a short one. */
  private readonly views: Float32Array[] = [];
  /** Bytes of which pages are in use. */
  touchedBytes = 0;

  constructor(
    readonly dim: number,
    readonly capacity: number,
  ) {
    this.memory = new TrainingMemory(
      dim,
      Array.from({ length: capacity + 1 }, (_, i) => nameOf(i)),
    );
    this.sums = this.memory.sums;
    this.sumsAddress = this.sums.byteOffset;
    this.kernels = this.memory.instantiate(krylovModule()) as unknown as KrylovKernels;
  }

  vector(place: number): Float32Array {
    return (this.views[place] ??= this.memory.vector(nameOf(place)));
  }
}

const nameOf = (place: number): string => `vector ${place}`;

/** Memories of the rooms that were closed last, the newest first: making one anew is dearer than a short process. */
let idle: readonly Held[] = [];
/** A net and its parts ask in turn. */
const mostIdle = 3;

function keepIdle(held: Held, taken: number): void {
  held.touchedBytes = Math.max(held.touchedBytes, 4 * held.dim * taken);
  let bytes = 0;
  idle = [held, ...idle].slice(0, mostIdle).filter(({ touchedBytes }) => (bytes += touchedBytes) <= mostIdleBytes);
}

/** An idle memory that fits, else a new one; null where the address space has no such stretch left. */
function holdMemory(dim: number, capacity: number): Held | null {
  const fitting = idle.find((held) => held.dim === dim && held.capacity >= capacity);
  if (fitting !== undefined) {
    idle = idle.filter((held) => held !== fitting);
    return fitting;
  }
  try {
    return new Held(dim, capacity);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

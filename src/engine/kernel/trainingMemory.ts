const bytesPerPage = 65536;
/** Vectors begin at multiples of a cache line: 16 floats. */
const alignment = 16;
/** Room for the sums that kernels yield, in doubles. */
const sumCount = 8;

/**
 * Flat vectors of one length in one WebAssembly.Memory that never grows, so that their views stay
 * attached, native code reads them in place, kernels work on them, and one copy takes all of them.
 */
export class TrainingMemory {
  /** What the last kernel call has summed up. */
  readonly sums: Float64Array;
  private readonly memory: { readonly buffer: ArrayBuffer };
  private readonly all: Float32Array;
  private readonly stride: number;
  private readonly scratch = new Map<string, Float32Array>();

  constructor(
    readonly dim: number,
    private readonly names: readonly string[],
    /** Vectors of other lengths, by name; not part of what is saved. */
    scratch: Readonly<Record<string, number>> = {},
  ) {
    this.stride = Math.ceil(dim / alignment) * alignment;
    const scratchLength = Object.values(scratch).reduce((sum, length) => sum + length, 0);
    const bytes = 8 * sumCount + 4 * (this.stride * names.length + scratchLength);
    const pages = Math.max(1, Math.ceil(bytes / bytesPerPage));
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.sums = new Float64Array(this.memory.buffer, 0, sumCount);
    this.all = new Float32Array(this.memory.buffer, 8 * sumCount, this.stride * names.length);
    let offset = this.all.byteOffset + this.all.byteLength;
    for (const [name, length] of Object.entries(scratch)) {
      this.scratch.set(name, new Float32Array(this.memory.buffer, offset, length));
      offset += 4 * length;
    }
  }

  /** The scratch vector called `name`. */
  scratchVector(name: string): Float32Array {
    const vector = this.scratch.get(name);
    if (vector === undefined) throw new Error(`There is no scratch vector '${name}'.`);
    return vector;
  }

  /** The vector called `name`, a live view. */
  vector(name: string): Float32Array {
    const place = this.placeOf(name);
    return this.all.subarray(place, place + this.dim);
  }

  /** Address of element `index` of the vector called `name`. */
  address(name: string, index: number): number {
    return this.all.byteOffset + 4 * (this.placeOf(name) + index);
  }

  /** The functions of a compiled module, working on this memory. */
  instantiate(module: object): Readonly<Record<string, (...values: number[]) => void>> {
    return new WebAssembly.Instance(module, { engine: { memory: this.memory } }).exports;
  }

  /** A copy of all vectors; `into`, which is an earlier one of this memory, is overwritten. */
  save(into: SavedVectors | null = null): SavedVectors {
    if (into === null) return { names: this.names, stride: this.stride, all: this.all.slice() };
    into.all.set(this.all);
    return into;
  }

  /** Takes the vectors that both have. */
  load({ names, stride, all }: SavedVectors): void {
    names.forEach((name, place) => {
      if (this.names.includes(name)) this.vector(name).set(all.subarray(place * stride, place * stride + this.dim));
    });
  }

  private placeOf(name: string): number {
    const place = this.names.indexOf(name);
    if (place < 0) throw new Error(`There is no vector '${name}'.`);
    return place * this.stride;
  }
}

/** A copy of a memory's vectors. */
export interface SavedVectors {
  readonly names: readonly string[];
  readonly stride: number;
  readonly all: Float32Array;
}

const bytesPerPage = 65536;
/** Vectors begin at multiples of a cache line: 16 floats. */
const alignment = 16;

/**
 * Flat vectors of one length in one WebAssembly.Memory that never grows, so that their views stay
 * attached, native code reads them in place, and one copy takes all of them.
 */
export class FlatMemory {
  private readonly all: Float32Array;
  private readonly stride: number;

  constructor(
    readonly dim: number,
    private readonly names: readonly string[],
  ) {
    this.stride = Math.ceil(dim / alignment) * alignment;
    const bytes = 4 * this.stride * names.length;
    const pages = Math.max(1, Math.ceil(bytes / bytesPerPage));
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.all = new Float32Array(memory.buffer, 0, this.stride * names.length);
  }

  /** The vector called `name`, a live view. */
  vector(name: string): Float32Array {
    const place = this.names.indexOf(name);
    if (place < 0) throw new Error(`There is no vector '${name}'.`);
    return this.all.subarray(place * this.stride, place * this.stride + this.dim);
  }

  /** A copy of all vectors. */
  save(): SavedVectors {
    return { names: this.names, stride: this.stride, all: this.all.slice() };
  }

  /** Takes the vectors that both have. */
  load({ names, stride, all }: SavedVectors): void {
    names.forEach((name, place) => {
      if (this.names.includes(name)) this.vector(name).set(all.subarray(place * stride, place * stride + this.dim));
    });
  }
}

/** A copy of a flat memory's vectors. */
export interface SavedVectors {
  readonly names: readonly string[];
  readonly stride: number;
  readonly all: Float32Array;
}

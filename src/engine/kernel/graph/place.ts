import { sizeOf } from '../../../graph/operations';

/** Where the elements of a tensor lie in a kernel's memory: element (i₀, i₁, …) at `address` + 4·Σ iₐ·strides[a] bytes. */
export interface Stored {
  readonly kind: 'stored';
  readonly address: number;
  readonly shape: readonly number[];
  /** In elements; 0 along axes on which the tensor repeats. */
  readonly strides: readonly number[];
}

/** A tensor all of whose elements are one known number. */
export interface Uniform {
  readonly kind: 'uniform';
  readonly value: number;
}

export type Place = Stored | Uniform;

/** Row-major strides of a shape, 0 along axes of size 1. */
export function rowMajor(shape: readonly number[]): readonly number[] {
  let stride = 1;
  const strides: number[] = [];
  for (const size of [...shape].reverse()) {
    strides.unshift(size === 1 ? 0 : stride);
    stride *= size;
  }
  return strides;
}

/** A tensor stored row by row from `address` on. */
export const dense = (address: number, shape: readonly number[]): Stored => ({
  kind: 'stored',
  address,
  shape,
  strides: rowMajor(shape),
});

/** True if the elements lie row by row without gaps. */
export function isDense({ shape, strides }: Stored): boolean {
  const expected = rowMajor(shape);
  return shape.every((size, axis) => size === 1 || strides[axis] === expected[axis]);
}

/** The same elements repeated to a larger shape, aligned at the last axis. */
export function broadcastTo(place: Stored, shape: readonly number[]): Stored {
  const missing = shape.length - place.shape.length;
  const strides = shape.map((_, axis) => (place.shape[axis - missing] === 1 ? 0 : (place.strides[axis - missing] ?? 0)));
  return { ...place, shape, strides };
}

/** Axis `a` of the result is axis `permutation[a]` of `place`. */
export function transposed({ shape, strides, ...place }: Stored, permutation: readonly number[]): Stored {
  const pick = (from: readonly number[]): number[] => permutation.map((axis) => from[axis] ?? 0);
  return { ...place, shape: pick(shape), strides: pick(strides) };
}

/** The elements from `starts` on, `sizes` of them. */
export function sliced(place: Stored, starts: readonly number[], sizes: readonly number[]): Stored {
  const skipped = starts.reduce((sum, start, axis) => sum + start * (place.strides[axis] ?? 0), 0);
  return { ...place, address: place.address + 4 * skipped, shape: sizes };
}

/** True if a place begins in the memory of `whole`, which is dense. */
export const isWithin = ({ address }: Stored, whole: Stored): boolean =>
  address >= whole.address && address < whole.address + 4 * sizeOf(whole.shape);

/** The parts of a stack on its first axis, in order. */
export function partsOf({ address }: Stored, shapes: readonly (readonly number[])[]): readonly Stored[] {
  let next = address;
  return shapes.map((shape) => {
    const part = dense(next, shape);
    next += 4 * sizeOf(shape);
    return part;
  });
}

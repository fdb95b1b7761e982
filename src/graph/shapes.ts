import type { ConvGeometry, DType, Operation, Operations, PoolGeometry, Tensor } from './operations';
import { isFloat, sizeOf } from './operations';

/** Shapes or element types that do not fit together; whoever builds a graph from a user's model turns it into a reason. */
export class ShapeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ShapeError';
  }
}

/** What an operation yields. */
export interface TensorType {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

type ShapeRule<K extends Operation> = (inputs: readonly Tensor[], attributes: Operations[K]) => TensorType;

/** The n-th input; every rule knows how many it was given. */
export function inputAt(inputs: readonly Tensor[], index: number): Tensor {
  const input = inputs[index];
  if (input === undefined) throw new ShapeError(`input ${index} is missing`);
  return input;
}

/** The two inputs of a binary operation. */
export function pairOf(inputs: readonly Tensor[]): readonly [Tensor, Tensor] {
  return [inputAt(inputs, 0), inputAt(inputs, 1)];
}

/** True if both shapes have the same sizes. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** The shape to which both broadcast, aligned at the last axis. Throws ShapeError if there is none. */
export function commonShape(a: readonly number[], b: readonly number[]): readonly number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) throw new ShapeError(`shapes [${a}] and [${b}] do not broadcast`);
    return left === 1 ? right : left;
  });
}

/** `axis` counted from the front; negative ones count from the end. */
export function normalizeAxis(axis: number, rank: number): number {
  const counted = axis < 0 ? axis + rank : axis;
  if (counted < 0 || counted >= rank) throw new ShapeError(`axis ${axis} does not exist in a tensor of rank ${rank}`);
  return counted;
}

function floatUnary(inputs: readonly Tensor[]): TensorType {
  const x = inputAt(inputs, 0);
  if (!isFloat(x.dtype)) throw new ShapeError(`a float tensor is needed, not ${x.dtype}`);
  return { shape: x.shape, dtype: x.dtype };
}

function equalPair(inputs: readonly Tensor[]): TensorType {
  const a = inputAt(inputs, 0);
  const b = inputAt(inputs, 1);
  if (!sameShape(a.shape, b.shape)) throw new ShapeError(`shapes [${a.shape}] and [${b.shape}] differ`);
  if (a.dtype !== b.dtype) throw new ShapeError(`element types ${a.dtype} and ${b.dtype} differ`);
  return { shape: a.shape, dtype: a.dtype };
}

const comparison = (inputs: readonly Tensor[]): TensorType => ({ shape: equalPair(inputs).shape, dtype: 'bool' });

function reduction(inputs: readonly Tensor[], { axes, keepDims }: Operations['sum']): TensorType {
  const x = floatOrIndex(inputs);
  const shape = x.shape.flatMap((size, axis) => (axes.includes(axis) ? (keepDims ? [1] : []) : [size]));
  return { shape, dtype: x.dtype };
}

function floatOrIndex(inputs: readonly Tensor[]): Tensor {
  const x = inputAt(inputs, 0);
  if (x.dtype === 'bool') throw new ShapeError('numbers are needed, not a mask');
  return x;
}

function alongAxis(inputs: readonly Tensor[], { axis }: { readonly axis: number }): TensorType {
  const x = inputAt(inputs, 0);
  normalizeAxis(axis, x.shape.length);
  return floatUnary(inputs);
}

function matmul(inputs: readonly Tensor[], { transposeA, transposeB }: Operations['matmul']): TensorType {
  const a = inputAt(inputs, 0);
  const b = inputAt(inputs, 1);
  const rank = a.shape.length;
  if (rank < 2 || b.shape.length !== rank) throw new ShapeError(`matmul of [${a.shape}] and [${b.shape}]`);
  const leading = a.shape.slice(0, -2);
  const [rows, inner] = lastTwo(a.shape, transposeA);
  const [inner2, columns] = lastTwo(b.shape, transposeB);
  if (inner !== inner2 || !sameShape(leading, b.shape.slice(0, -2)) || a.dtype !== b.dtype)
    throw new ShapeError(`matmul of [${a.shape}]${transposeA ? 'ᵀ' : ''} and [${b.shape}]${transposeB ? 'ᵀ' : ''}`);
  return { shape: [...leading, rows, columns], dtype: a.dtype };
}

function lastTwo(shape: readonly number[], transposed: boolean): [number, number] {
  const rows = shape[shape.length - 2] ?? 1;
  const columns = shape[shape.length - 1] ?? 1;
  return transposed ? [columns, rows] : [rows, columns];
}

function mask(inputs: readonly Tensor[]): Tensor {
  const x = inputAt(inputs, 0);
  if (x.dtype !== 'bool') throw new ShapeError(`a mask is needed, not ${x.dtype}`);
  return x;
}

function maskPair(inputs: readonly Tensor[]): TensorType {
  mask(inputs);
  return equalPair(inputs);
}

function indices(inputs: readonly Tensor[], index: number): Tensor {
  const x = inputAt(inputs, index);
  if (x.dtype !== 'int32') throw new ShapeError(`indices must be int32, not ${x.dtype}`);
  return x;
}

const replaceAxis = (shape: readonly number[], axis: number, ...sizes: readonly number[]): readonly number[] => [
  ...shape.slice(0, axis),
  ...sizes,
  ...shape.slice(axis + 1),
];

function planes(inputs: readonly Tensor[], place: number): readonly [number, number, number, number] {
  const { shape } = inputAt(inputs, place);
  const [batch, channels, rows, columns] = shape;
  if (shape.length !== 4 || batch === undefined || channels === undefined || rows === undefined || columns === undefined)
    throw new ShapeError(`planes [batch, channels, rows, columns] are needed, not [${shape}]`);
  return [batch, channels, rows, columns];
}

/** Sizes of the planes that a kernel of `kernel` yields from planes of `size`; with `ceil` a last partial window counts. */
export function slidSize(
  size: readonly [number, number],
  kernel: readonly [number, number],
  { strides, pads, dilations }: Pick<ConvGeometry, 'strides' | 'pads' | 'dilations'>,
  ceil = false,
): readonly [number, number] {
  const along = (axis: 0 | 1): number => {
    const room = size[axis] + pads[axis] + (axis === 0 ? pads[2] : pads[3]) - dilations[axis] * (kernel[axis] - 1) - 1;
    if (room < 0) throw new ShapeError(`a kernel of [${kernel}] does not fit into planes of [${size}]`);
    const whole = Math.floor(room / strides[axis]) + 1;
    // A window that would begin in the padding behind the plane does not count.
    return ceil && room % strides[axis] !== 0 && whole * strides[axis] < size[axis] + pads[axis] ? whole + 1 : whole;
  };
  return [along(0), along(1)];
}

function conv(inputs: readonly Tensor[], geometry: ConvGeometry): TensorType {
  const [batch, channels, ...size] = planes(inputs, 0);
  const [out, perGroup, ...kernel] = planes(inputs, 1);
  if (channels !== perGroup * geometry.groups || out % geometry.groups !== 0)
    throw new ShapeError(
      `kernels [${inputAt(inputs, 1).shape}] in ${geometry.groups} groups for planes [${inputAt(inputs, 0).shape}]`,
    );
  return { shape: [batch, out, ...slidSize(size, kernel, geometry)], dtype: floatUnary(inputs).dtype };
}

function convInput(inputs: readonly Tensor[], geometry: Operations['convInput']): TensorType {
  const [batch, out, ...reached] = planes(inputs, 0);
  const [kernels, perGroup, ...kernel] = planes(inputs, 1);
  if (out !== kernels || !sameShape(slidSize(geometry.size, kernel, geometry), reached))
    throw new ShapeError(`planes [${inputAt(inputs, 0).shape}] are not from [${geometry.size}] by [${inputAt(inputs, 1).shape}]`);
  return { shape: [batch, perGroup * geometry.groups, ...geometry.size], dtype: floatUnary(inputs).dtype };
}

function convKernel(inputs: readonly Tensor[], geometry: Operations['convKernel']): TensorType {
  const [batch, channels, ...size] = planes(inputs, 0);
  const [batchToo, out, ...reached] = planes(inputs, 1);
  if (batch !== batchToo || !sameShape(slidSize(size, geometry.size, geometry), reached))
    throw new ShapeError(`planes [${inputAt(inputs, 1).shape}] are not from [${inputAt(inputs, 0).shape}] by [${geometry.size}]`);
  return { shape: [out, channels / geometry.groups, ...geometry.size], dtype: floatUnary(inputs).dtype };
}

function maxPool(inputs: readonly Tensor[], geometry: PoolGeometry): TensorType {
  const [batch, channels, ...size] = planes(inputs, 0);
  return {
    shape: [batch, channels, ...slidSize(size, geometry.kernel, geometry, geometry.ceil)],
    dtype: floatUnary(inputs).dtype,
  };
}

/** Shape and element type of every operation's result. Throws ShapeError when the inputs do not fit. */
export const shapeRules: { readonly [K in Operation]: ShapeRule<K> } = {
  input: (_, { shape, dtype }) => ({ shape, dtype }),
  constant: (_, { data, shape, dtype }) => {
    if (data.length !== sizeOf(shape)) throw new ShapeError(`${data.length} elements for shape [${shape}]`);
    return { shape, dtype };
  },
  fill: (_, { shape, dtype }) => ({ shape, dtype }),

  neg: (inputs) => {
    const x = floatOrIndex(inputs);
    return { shape: x.shape, dtype: x.dtype };
  },
  exp: floatUnary,
  log: floatUnary,
  sqrt: floatUnary,
  reciprocal: floatUnary,
  abs: floatUnary,
  sign: floatUnary,
  tanh: floatUnary,
  sigmoid: floatUnary,
  relu: floatUnary,
  step: floatUnary,
  softplus: floatUnary,
  erf: floatUnary,
  sin: floatUnary,
  cos: floatUnary,
  floor: floatUnary,
  power: floatUnary,
  stopGradient: (inputs) => {
    const x = inputAt(inputs, 0);
    return { shape: x.shape, dtype: x.dtype };
  },
  cast: (inputs, { dtype }) => ({ shape: inputAt(inputs, 0).shape, dtype }),
  not: (inputs) => ({ shape: mask(inputs).shape, dtype: 'bool' }),
  isFinite: (inputs) => ({ shape: floatUnary(inputs).shape, dtype: 'bool' }),

  add: equalPair,
  sub: equalPair,
  mul: equalPair,
  div: equalPair,
  maximum: equalPair,
  minimum: equalPair,
  greater: comparison,
  greaterOrEqual: comparison,
  equal: comparison,
  and: maskPair,
  or: maskPair,
  where: (inputs) => {
    const pair = equalPair(inputs.slice(1));
    if (!sameShape(mask(inputs).shape, pair.shape)) throw new ShapeError(`mask [${mask(inputs).shape}] for [${pair.shape}]`);
    return pair;
  },

  matmul,

  sum: reduction,
  max: reduction,
  argMax: (inputs, { axis }) => ({ shape: replaceAxis(floatOrIndex(inputs).shape, axis), dtype: 'int32' }),
  softmax: alongAxis,
  logSoftmax: alongAxis,

  reshape: (inputs, { shape }) => {
    const x = inputAt(inputs, 0);
    if (sizeOf(shape) !== sizeOf(x.shape)) throw new ShapeError(`[${x.shape}] cannot take the shape [${shape}]`);
    return { shape, dtype: x.dtype };
  },
  transpose: (inputs, { permutation }) => {
    const x = inputAt(inputs, 0);
    const sorted = [...permutation].sort((a, b) => a - b);
    if (sorted.length !== x.shape.length || sorted.some((axis, place) => axis !== place))
      throw new ShapeError(`[${permutation}] is no order of the axes of [${x.shape}]`);
    return { shape: permutation.map((axis) => x.shape[axis] ?? 1), dtype: x.dtype };
  },
  broadcast: (inputs, { shape }) => {
    const x = inputAt(inputs, 0);
    if (!sameShape(commonShape(x.shape, shape), shape)) throw new ShapeError(`[${x.shape}] does not broadcast to [${shape}]`);
    return { shape, dtype: x.dtype };
  },
  slice: (inputs, { starts, sizes }) => {
    const x = inputAt(inputs, 0);
    const fits = x.shape.every(
      (size, axis) => (starts[axis] ?? -1) >= 0 && (starts[axis] ?? 0) + (sizes[axis] ?? Infinity) <= size,
    );
    if (!fits || sizes.length !== x.shape.length) throw new ShapeError(`slice [${starts}] + [${sizes}] of [${x.shape}]`);
    return { shape: sizes, dtype: x.dtype };
  },
  pad: (inputs, { before, after }) => {
    const x = inputAt(inputs, 0);
    if (before.length !== x.shape.length || after.length !== x.shape.length) throw new ShapeError(`pad of [${x.shape}]`);
    return { shape: x.shape.map((size, axis) => size + (before[axis] ?? 0) + (after[axis] ?? 0)), dtype: x.dtype };
  },
  concat: (inputs, { axis }) => {
    const first = inputAt(inputs, 0);
    for (const { shape, dtype } of inputs)
      if (!sameShape(replaceAxis(shape, axis), replaceAxis(first.shape, axis)) || dtype !== first.dtype)
        throw new ShapeError(`concat of [${first.shape}] and [${shape}] along axis ${axis}`);
    const total = inputs.reduce((sum, { shape }) => sum + (shape[axis] ?? 1), 0);
    return { shape: replaceAxis(first.shape, axis, total), dtype: first.dtype };
  },

  gather: (inputs, { axis }) => {
    const x = inputAt(inputs, 0);
    return { shape: replaceAxis(x.shape, axis, ...indices(inputs, 1).shape), dtype: x.dtype };
  },
  scatterAdd: (inputs, { axis, size }) => {
    const positions = indices(inputs, 0).shape;
    const updates = inputAt(inputs, 1);
    if (!sameShape(updates.shape.slice(axis, axis + positions.length), positions))
      throw new ShapeError(`updates [${updates.shape}] for indices [${positions}] at axis ${axis}`);
    const shape = [...updates.shape.slice(0, axis), size, ...updates.shape.slice(axis + positions.length)];
    return { shape, dtype: updates.dtype };
  },
  takeAlong: (inputs, { axis }) => {
    const x = inputAt(inputs, 0);
    const places = indices(inputs, 1);
    if (!sameShape(replaceAxis(x.shape, axis), replaceAxis(places.shape, axis)))
      throw new ShapeError(`indices [${places.shape}] along axis ${axis} of [${x.shape}]`);
    return { shape: places.shape, dtype: x.dtype };
  },
  putAlong: (inputs, { axis, size }) => {
    const updates = inputAt(inputs, 1);
    if (!sameShape(indices(inputs, 0).shape, updates.shape))
      throw new ShapeError(`updates [${updates.shape}] differ from their indices`);
    return { shape: replaceAxis(updates.shape, axis, size), dtype: updates.dtype };
  },
  conv,
  convInput,
  convKernel,
  maxPool,
  maxPoolIndices: (inputs, geometry) => ({ shape: maxPool(inputs, geometry).shape, dtype: 'int32' }),
};

import type { Graph } from './graph';
import type { Operation, Operations, Tensor } from './operations';
import { isOp, keptShape, sizeOf } from './operations';
import { inputAt, pairOf, sameShape } from './shapes';

/** (g, inputs, attributes) → an equal tensor that costs less, or null. */
type Simplification<K extends Operation> = (g: Graph, inputs: readonly Tensor[], attributes: Operations[K]) => Tensor | null;

/** A tensor equal to `op(inputs)` that costs less, or null. Zeros times anything are zeros, as in derivatives. */
export function simplify<K extends Operation>(
  g: Graph,
  op: K,
  inputs: readonly Tensor[],
  attributes: Operations[K],
): Tensor | null {
  return simplifications[op](g, inputs, attributes);
}

const none = (): null => null;

/** The value of every element, if the graph knows it. */
function valueOf(x: Tensor): number | null {
  return isOp(x, 'fill') ? x.attributes.value : null;
}

const isFill = (x: Tensor, value: number): boolean => valueOf(x) === value;

/** Folds φ of a fill. */
function folding<K extends Operation>(f: (value: number) => number): Simplification<K> {
  return (g, inputs) => {
    const x = inputAt(inputs, 0);
    const value = valueOf(x);
    return value === null ? null : g.fill(f(value), x.shape, x.dtype);
  };
}

/** Folds a ∘ b of two fills. */
function foldPair(g: Graph, inputs: readonly Tensor[], f: (a: number, b: number) => number): Tensor | null {
  const [a, b] = pairOf(inputs);
  const left = valueOf(a);
  const right = valueOf(b);
  return left === null || right === null ? null : g.fill(f(left, right), a.shape, a.dtype);
}

/** A fill stays a fill under any movement of its elements: of `shape` afterwards. */
function moved(g: Graph, x: Tensor, shape: readonly number[]): Tensor | null {
  const value = valueOf(x);
  return value === null ? null : g.fill(value, shape, x.dtype);
}

/** x·c as (x, c), if `x` is a product with a fill. */
function scaled(x: Tensor): readonly [Tensor, number] | null {
  if (isOp(x, 'neg')) return [inputAt(x.inputs, 0), -1];
  if (!isOp(x, 'mul')) return null;
  const [a, b] = pairOf(x.inputs);
  const factor = valueOf(b);
  return factor === null ? null : [a, factor];
}

function neg(g: Graph, inputs: readonly Tensor[]): Tensor | null {
  const x = inputAt(inputs, 0);
  const value = valueOf(x);
  if (value !== null) return g.fill(-value, x.shape, x.dtype);
  if (isOp(x, 'sub')) return g.sub(inputAt(x.inputs, 1), inputAt(x.inputs, 0));
  const product = scaled(x);
  return product && g.mul(product[0], -product[1]);
}

function add(g: Graph, inputs: readonly Tensor[]): Tensor | null {
  const [a, b] = pairOf(inputs);
  if (isFill(a, 0)) return b;
  if (isFill(b, 0)) return a;
  const folded = foldPair(g, inputs, (x, y) => x + y);
  if (folded) return folded;
  if (a === b) return g.mul(a, 2);
  const inProduct = addedToProduct(g, a, b) ?? addedToProduct(g, b, a);
  if (inProduct) return inProduct;
  if (isOp(a, 'pad') && isOp(b, 'pad')) {
    const joined = besideEachOther(g, a, b) ?? besideEachOther(g, b, a);
    if (joined) return joined;
  }
  if (isOp(b, 'neg')) return g.sub(a, inputAt(b.inputs, 0));
  if (isOp(a, 'neg')) return g.sub(b, inputAt(a.inputs, 0));
  // A known order lets equal sums meet; fills go last.
  return valueOf(a) !== null || (valueOf(b) === null && a.id > b.id) ? g.intern('add', [b, a], {}) : null;
}

/** A row added to a sum of two products joins one of them: each product with an addend is one operation of the engine. */
function addedToProduct(g: Graph, total: Tensor, row: Tensor): Tensor | null {
  if (!isOp(row, 'broadcast') || !isOp(total, 'add')) return null;
  const [a, b] = pairOf(total.inputs);
  return isOp(a, 'matmul') && isOp(b, 'matmul') ? g.intern('add', [a, g.add(b, row)], {}) : null;
}

/**
 * Padded tensors that meet along one axis are one padded concat: cotangents of the slices of one tensor come together so,
 * without a sum over the whole of it for each.
 */
function besideEachOther(g: Graph, a: Tensor<'pad'>, b: Tensor<'pad'>): Tensor | null {
  const [first, second] = [inputAt(a.inputs, 0), inputAt(b.inputs, 0)];
  const { before, after } = a.attributes;
  const next = b.attributes;
  const apart = before.flatMap((size, axis) => (size !== next.before[axis] || after[axis] !== next.after[axis] ? [axis] : []));
  const [axis] = apart;
  if (axis === undefined || apart.length > 1 || (before[axis] ?? 0) + (first.shape[axis] ?? 0) !== next.before[axis]) return null;
  return g.pad(
    g.concat([first, second], axis),
    before,
    after.map((size, place) => (place === axis ? (next.after[axis] ?? 0) : size)),
  );
}

function sub(g: Graph, inputs: readonly Tensor[]): Tensor | null {
  const [a, b] = pairOf(inputs);
  if (isFill(b, 0)) return a;
  if (isFill(a, 0)) return g.neg(b);
  if (isOp(b, 'neg')) return g.add(a, inputAt(b.inputs, 0));
  return foldPair(g, inputs, (x, y) => x - y);
}

function mul(g: Graph, inputs: readonly Tensor[]): Tensor | null {
  const [a, b] = pairOf(inputs);
  const folded = foldPair(g, inputs, (x, y) => x * y);
  if (folded) return folded;
  if (valueOf(a) !== null) return g.mul(b, a);
  const factor = valueOf(b);
  if (factor === null) return mulTensors(g, a, b);
  if (factor === 0) return b;
  if (factor === 1) return a;
  const product = scaled(a);
  if (product) return g.mul(product[0], product[1] * factor);
  return factor === -1 ? g.intern('neg', [a], {}) : null;
}

/** Pulls constant factors out, so that they meet; orders the rest. */
function mulTensors(g: Graph, a: Tensor, b: Tensor): Tensor | null {
  const left = scaled(a);
  if (left) return g.mul(g.mul(left[0], b), left[1]);
  const right = scaled(b);
  if (right) return g.mul(g.mul(a, right[0]), right[1]);
  return a.id > b.id ? g.intern('mul', [b, a], {}) : null;
}

function div(g: Graph, inputs: readonly Tensor[]): Tensor | null {
  const [a, b] = pairOf(inputs);
  const divisor = valueOf(b);
  if (a.dtype === 'int32') return null;
  if (divisor !== null && divisor !== 0) return g.mul(a, 1 / divisor);
  return isFill(a, 0) ? a : null;
}

function power(g: Graph, inputs: readonly Tensor[], { exponent }: Operations['power']): Tensor | null {
  const x = inputAt(inputs, 0);
  if (exponent === 0) return g.onesLike(x);
  if (exponent === 1) return x;
  if (exponent === 2) return g.mul(x, x);
  if (exponent === 0.5) return g.sqrt(x);
  return exponent === -1 ? g.reciprocal(x) : null;
}

function sum(g: Graph, inputs: readonly Tensor[], { axes, keepDims }: Operations['sum']): Tensor | null {
  const x = inputAt(inputs, 0);
  const shape = x.shape.flatMap((size, axis) => (axes.includes(axis) ? (keepDims ? [1] : []) : [size]));
  const count = sizeOf(axes.map((axis) => x.shape[axis] ?? 1));
  if (count === 1) return g.reshape(x, shape);
  const value = valueOf(x);
  if (value !== null) return g.fill(value * count, shape, x.dtype);
  const product = scaled(x);
  if (product) return g.mul(g.sum(product[0], axes, keepDims), product[1]);
  if (isOp(x, 'broadcast')) return sumOfBroadcast(g, inputAt(x.inputs, 0), x, axes, shape);
  if (isOp(x, 'putAlong') && axes.length === 1 && axes[0] === x.attributes.axis)
    return g.sum(inputAt(x.inputs, 1), axes, keepDims);
  // A sum of everything: the order of axes says nothing.
  return isOp(x, 'reshape') && axes.length === x.shape.length ? g.reshape(g.sum(inputAt(x.inputs, 0)), shape) : null;
}

/** Axes along which a broadcast only repeats are counted, not summed. */
function sumOfBroadcast(g: Graph, source: Tensor, x: Tensor, axes: readonly number[], shape: readonly number[]): Tensor | null {
  const extra = x.shape.length - source.shape.length;
  const repeats = axes.filter((axis) => axis < extra || source.shape[axis - extra] !== x.shape[axis]);
  if (repeats.length === 0) return null;
  const count = sizeOf(repeats.map((axis) => x.shape[axis] ?? 1));
  const rest = axes.filter((axis) => !repeats.includes(axis)).map((axis) => axis - extra);
  const summed = g.mul(g.sum(source, rest, true), count);
  if (sizeOf(summed.shape) === sizeOf(shape)) return g.reshape(summed, shape);
  return g.reshape(g.broadcast(summed, keptShape(x.shape, axes)), shape);
}

function matmul(g: Graph, inputs: readonly Tensor[], { transposeA, transposeB }: Operations['matmul']): Tensor | null {
  const [a, b] = pairOf(inputs);
  const plainA = swapped(a);
  if (plainA) return g.matmul(plainA, b, { transposeA: !transposeA, transposeB });
  const plainB = swapped(b);
  if (plainB) return g.matmul(a, plainB, { transposeA, transposeB: !transposeB });
  if (!isFill(a, 0) && !isFill(b, 0)) return null;
  const rows = a.shape[a.shape.length - (transposeA ? 1 : 2)] ?? 1;
  const columns = b.shape[b.shape.length - (transposeB ? 2 : 1)] ?? 1;
  return g.fill(0, [...a.shape.slice(0, -2), rows, columns], a.dtype);
}

/** What `x` is the transpose of, if it only swaps the last two axes. */
function swapped(x: Tensor): Tensor | null {
  if (!isOp(x, 'transpose')) return null;
  const rank = x.shape.length;
  const swapsLast = x.attributes.permutation.every((axis, place) => axis === (place < rank - 2 ? place : 2 * rank - 3 - place));
  return swapsLast ? inputAt(x.inputs, 0) : null;
}

function reshape(g: Graph, inputs: readonly Tensor[], { shape }: Operations['reshape']): Tensor | null {
  const x = inputAt(inputs, 0);
  if (sameShape(x.shape, shape)) return x;
  if (isOp(x, 'reshape')) return g.reshape(inputAt(x.inputs, 0), shape);
  return sizeOf(x.shape) === sizeOf(shape) ? moved(g, x, shape) : null;
}

function transpose(g: Graph, inputs: readonly Tensor[], { permutation }: Operations['transpose']): Tensor | null {
  const x = inputAt(inputs, 0);
  if (permutation.every((axis, place) => axis === place)) return x;
  if (isOp(x, 'transpose')) {
    const first = x.attributes.permutation;
    return g.transpose(
      inputAt(x.inputs, 0),
      permutation.map((axis) => first[axis] ?? 0),
    );
  }
  return moved(
    g,
    x,
    permutation.map((axis) => x.shape[axis] ?? 1),
  );
}

function broadcast(g: Graph, inputs: readonly Tensor[], { shape }: Operations['broadcast']): Tensor | null {
  const x = inputAt(inputs, 0);
  if (sameShape(x.shape, shape)) return x;
  if (isOp(x, 'broadcast')) return g.broadcast(inputAt(x.inputs, 0), shape);
  return moved(g, x, shape);
}

function slice(g: Graph, inputs: readonly Tensor[], { starts, sizes }: Operations['slice']): Tensor | null {
  const x = inputAt(inputs, 0);
  if (sameShape(x.shape, sizes) && starts.every((start) => start === 0)) return x;
  if (isOp(x, 'slice')) {
    const first = x.attributes.starts;
    return g.slice(
      inputAt(x.inputs, 0),
      starts.map((start, axis) => start + (first[axis] ?? 0)),
      sizes,
    );
  }
  return isOp(x, 'concat') ? sliceOfConcat(g, x, starts, sizes) : moved(g, x, sizes);
}

/** A slice that lies within one part of a concat is a slice of that part. */
function sliceOfConcat(g: Graph, x: Tensor<'concat'>, starts: readonly number[], sizes: readonly number[]): Tensor | null {
  const { axis } = x.attributes;
  let offset = 0;
  for (const part of x.inputs) {
    const start = (starts[axis] ?? 0) - offset;
    const length = part.shape[axis] ?? 0;
    if (start >= 0 && start + (sizes[axis] ?? 0) <= length)
      return g.slice(
        part,
        starts.map((from, place) => (place === axis ? start : from)),
        sizes,
      );
    offset += length;
  }
  return null;
}

/** A concat within a concat along the same axis is none of its own. */
function concat(g: Graph, inputs: readonly Tensor[], { axis }: Operations['concat']): Tensor | null {
  if (inputs.length === 1) return inputAt(inputs, 0);
  const isInner = (x: Tensor): boolean => isOp(x, 'concat') && x.attributes.axis === axis;
  if (!inputs.some(isInner)) return null;
  return g.concat(
    inputs.flatMap((x) => (isInner(x) ? x.inputs : [x])),
    axis,
  );
}

function pad(g: Graph, inputs: readonly Tensor[], { before, after }: Operations['pad']): Tensor | null {
  const x = inputAt(inputs, 0);
  if (before.every((size) => size === 0) && after.every((size) => size === 0)) return x;
  if (!isFill(x, 0)) return null;
  return moved(
    g,
    x,
    x.shape.map((size, axis) => size + (before[axis] ?? 0) + (after[axis] ?? 0)),
  );
}

/** Zeros scattered are zeros. */
function scatterOfZeros(g: Graph, inputs: readonly Tensor[], shape: readonly number[]): Tensor | null {
  const updates = inputAt(inputs, 1);
  return isFill(updates, 0) ? g.fill(0, shape, updates.dtype) : null;
}

const simplifications: { readonly [K in Operation]: Simplification<K> } = {
  input: none,
  constant: none,
  fill: none,
  neg,
  exp: folding(Math.exp),
  log: folding(Math.log),
  sqrt: folding(Math.sqrt),
  reciprocal: folding((value) => 1 / value),
  abs: folding(Math.abs),
  sign: folding(Math.sign),
  tanh: none,
  sigmoid: none,
  relu: (_, inputs) => (isOp(inputAt(inputs, 0), 'relu') ? inputAt(inputs, 0) : null),
  step: folding((value) => (value > 0 ? 1 : 0)),
  softplus: none,
  erf: none,
  sin: none,
  cos: none,
  floor: folding(Math.floor),
  power,
  stopGradient: none,
  cast: (g, inputs, { dtype }) => {
    const x = inputAt(inputs, 0);
    const value = valueOf(x);
    if (x.dtype === dtype) return x;
    if (value === null || dtype === 'bool') return null;
    return g.fill(dtype === 'int32' ? Math.trunc(value) : value, x.shape, dtype);
  },
  not: (_, inputs) => {
    const x = inputAt(inputs, 0);
    return isOp(x, 'not') ? inputAt(x.inputs, 0) : null;
  },
  isFinite: none,
  add,
  sub,
  mul,
  div,
  maximum: (g, inputs) => foldPair(g, inputs, Math.max),
  minimum: (g, inputs) => foldPair(g, inputs, Math.min),
  greater: none,
  greaterOrEqual: none,
  equal: none,
  and: none,
  or: none,
  where: (_, inputs) => (inputs[1] !== undefined && inputs[1] === inputs[2] ? inputs[1] : null),
  matmul,
  sum,
  max: (_, inputs, { axes }) => (axes.length === 0 ? inputAt(inputs, 0) : null),
  argMax: none,
  softmax: none,
  logSoftmax: none,
  reshape,
  transpose,
  broadcast,
  slice,
  pad,
  concat,
  gather: none,
  scatterAdd: (g, inputs, { axis, size }) => {
    const updates = inputAt(inputs, 1);
    const rank = inputAt(inputs, 0).shape.length;
    return scatterOfZeros(g, inputs, [...updates.shape.slice(0, axis), size, ...updates.shape.slice(axis + rank)]);
  },
  takeAlong: (g, inputs) => moved(g, inputAt(inputs, 0), inputAt(inputs, 1).shape),
  putAlong: (g, inputs, { axis, size }) => {
    const shape = inputAt(inputs, 1).shape.map((length, place) => (place === axis ? size : length));
    return scatterOfZeros(g, inputs, shape);
  },
  conv: none,
  convInput: none,
  convKernel: none,
  maxPool: none,
  maxPoolIndices: none,
};

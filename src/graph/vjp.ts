import type { Graph } from './graph';
import type { Operation, Tensor } from './operations';
import { isFloat, keptShape } from './operations';
import { inputAt, pairOf } from './shapes';
import type { Unary } from './slopes';
import { eachUnary, slopeTimes } from './slopes';
import { tiledGradient } from './tiledPool';

/** (g, node, c) → Jᵀc for each input of the node, c being the cotangent of its result; null for zero. */
type VjpRule<K extends Operation> = (g: Graph, node: Tensor<K>, cotangent: Tensor) => readonly (Tensor | null)[];

const none = (): readonly null[] => [null, null, null];

const unary: VjpRule<Unary> = (g, node, c) => [slopeTimes(g, node, c)];

/** Undoes the loss of reduced axes: back to the shape of `x`. */
export function spread(g: Graph, reduced: Tensor, x: Tensor, axes: readonly number[]): Tensor {
  return g.broadcast(g.reshape(reduced, keptShape(x.shape, axes)), x.shape);
}

/** Shares of a maximum over axes: 1/n for each of n equal largest elements, 0 elsewhere. */
export function maxShares(g: Graph, node: Tensor<'max'>): Tensor {
  const x = inputAt(node.inputs, 0);
  const isLargest = g.cast(g.equal(x, spread(g, node, x, node.attributes.axes)), x.dtype);
  return g.div(isLargest, g.sum(isLargest, node.attributes.axes, true));
}

/** Slope of max(a, b) by a: 1, 1/2 at equality, or 0. */
export function maximumShare(g: Graph, a: Tensor, b: Tensor): Tensor {
  return g.add(g.mul(g.sign(g.sub(a, b)), 0.5), 0.5);
}

/** Sizes of the planes of `x`. */
function planeOf({ shape }: Tensor): readonly [number, number] {
  return [shape[2] ?? 1, shape[3] ?? 1];
}

/** [batch, channels, rows, columns] as [batch, channels, rows · columns]. */
export function flatPlanes(g: Graph, x: Tensor): Tensor {
  return g.reshape(x, [...x.shape.slice(0, 2), planeOf(x)[0] * planeOf(x)[1]]);
}

/** The cotangent of each input: the reverse-mode derivative of every operation. */
export const vjpRules: { readonly [K in Operation]: VjpRule<K> } = {
  input: none,
  constant: none,
  fill: none,

  ...eachUnary(unary),
  stopGradient: none,
  cast: (g, { inputs }, c) => [
    isFloat(inputAt(inputs, 0).dtype) && isFloat(c.dtype) ? g.cast(c, inputAt(inputs, 0).dtype) : null,
  ],
  not: none,
  isFinite: none,

  add: (_g, _node, c) => [c, c],
  sub: (g, _node, c) => [c, g.neg(c)],
  mul: (g, { inputs }, c) => [g.mul(c, inputAt(inputs, 1)), g.mul(c, inputAt(inputs, 0))],
  // (a/b)' by b is -(a/b)/b
  div: (g, node, c) => {
    const scaled = g.div(c, inputAt(node.inputs, 1));
    return [scaled, g.neg(g.mul(scaled, node))];
  },
  maximum: (g, { inputs }, c) => {
    const [a, b] = pairOf(inputs);
    return [g.mul(c, maximumShare(g, a, b)), g.mul(c, maximumShare(g, b, a))];
  },
  minimum: (g, { inputs }, c) => {
    const [a, b] = pairOf(inputs);
    return [g.mul(c, maximumShare(g, b, a)), g.mul(c, maximumShare(g, a, b))];
  },
  greater: none,
  greaterOrEqual: none,
  equal: none,
  and: none,
  or: none,
  where: (g, { inputs }, c) => [null, g.where(inputAt(inputs, 0), c, 0), g.where(inputAt(inputs, 0), 0, c)],

  // C = A B: A' gets C̄ Bᵀ, B' gets Aᵀ C̄; a factor stored transposed gets the transposed product.
  matmul: (g, { inputs, attributes: { transposeA, transposeB } }, c) => {
    const [a, b] = pairOf(inputs);
    const forA = transposeA
      ? g.matmul(b, c, { transposeA: transposeB, transposeB: true })
      : g.matmul(c, b, { transposeB: !transposeB });
    const forB = transposeB
      ? g.matmul(c, a, { transposeA: true, transposeB: transposeA })
      : g.matmul(a, c, { transposeA: !transposeA });
    return [forA, forB];
  },

  sum: (g, { inputs, attributes: { axes } }, c) => [spread(g, c, inputAt(inputs, 0), axes)],
  max: (g, node, c) => [g.mul(spread(g, c, inputAt(node.inputs, 0), node.attributes.axes), maxShares(g, node))],
  argMax: none,
  // y (c - Σ c y)
  softmax: (g, y, c) => [g.mul(y, g.sub(c, g.sum(g.mul(c, y), [y.attributes.axis], true)))],
  // c - softmax(x) Σ c
  logSoftmax: (g, y, c) => [g.sub(c, g.mul(g.exp(y), g.sum(c, [y.attributes.axis], true)))],

  reshape: (g, { inputs }, c) => [g.reshape(c, inputAt(inputs, 0).shape)],
  transpose: (g, { attributes: { permutation } }, c) => [
    g.transpose(
      c,
      permutation.map((_, axis) => permutation.indexOf(axis)),
    ),
  ],
  broadcast: (g, { inputs }, c) => [g.sumTo(c, inputAt(inputs, 0).shape)],
  slice: (g, { inputs, attributes: { starts, sizes } }, c) => {
    const after = inputAt(inputs, 0).shape.map((size, axis) => size - (starts[axis] ?? 0) - (sizes[axis] ?? 0));
    return [g.pad(c, starts, after)];
  },
  pad: (g, { inputs, attributes: { before } }, c) => [g.slice(c, before, inputAt(inputs, 0).shape)],
  concat: (g, { inputs, attributes: { axis } }, c) => {
    let offset = 0;
    return inputs.map((part) => {
      const starts = part.shape.map((_, place) => (place === axis ? offset : 0));
      offset += part.shape[axis] ?? 0;
      return g.slice(c, starts, part.shape);
    });
  },

  gather: (g, { inputs, attributes: { axis } }, c) => [
    g.scatterAdd(inputAt(inputs, 1), c, axis, inputAt(inputs, 0).shape[axis] ?? 1),
    null,
  ],
  scatterAdd: (g, { inputs, attributes: { axis } }, c) => [null, g.gather(c, inputAt(inputs, 0), axis)],
  takeAlong: (g, { inputs, attributes: { axis } }, c) => [
    g.putAlong(inputAt(inputs, 1), c, axis, inputAt(inputs, 0).shape[axis] ?? 1),
    null,
  ],
  putAlong: (g, { inputs, attributes: { axis } }, c) => [null, g.takeAlong(c, inputAt(inputs, 0), axis)],

  conv: (g, { inputs, attributes }, c) => {
    const [x, kernels] = pairOf(inputs);
    return [g.convInput(c, kernels, attributes, planeOf(x)), g.convKernel(x, c, attributes, planeOf(kernels))];
  },
  convInput: (g, { inputs, attributes }, c) => {
    const [y, kernels] = pairOf(inputs);
    return [g.conv(c, kernels, attributes), g.convKernel(c, y, attributes, planeOf(kernels))];
  },
  convKernel: (g, { inputs, attributes }, c) => {
    const [x, y] = pairOf(inputs);
    return [g.convInput(y, c, attributes, planeOf(x)), g.conv(x, c, attributes)];
  },
  maxPool: (g, node, c) => {
    const tiled = tiledGradient(g, node, c);
    if (tiled !== null) return [tiled];
    const { inputs, attributes } = node;
    const x = inputAt(inputs, 0);
    const indices = flatPlanes(g, g.maxPoolIndices(x, attributes));
    return [g.reshape(g.putAlong(indices, flatPlanes(g, c), 2, planeOf(x)[0] * planeOf(x)[1]), x.shape)];
  },
  maxPoolIndices: none,
};

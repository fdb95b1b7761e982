import type { Operation, Tensor } from './operations';
import { sizeOf } from './operations';
import { inputAt } from './shapes';
import { ancestors } from './traverse';

const free = (): number => 0;
const perElement = (node: Tensor): number => sizeOf(node.shape);
const perInput = (node: Tensor): number => sizeOf(inputAt(node.inputs, 0).shape);
/** Exponentials, logarithms and the like are counted as ten additions. */
const transcendental = (node: Tensor): number => 10 * sizeOf(node.shape);

/** Floating-point operations of each node: multiplications and additions as one each; moving elements is free. */
const flopRules: { readonly [K in Operation]: (node: Tensor<K>) => number } = {
  input: free,
  constant: free,
  fill: free,
  neg: perElement,
  exp: transcendental,
  log: transcendental,
  sqrt: perElement,
  reciprocal: perElement,
  abs: perElement,
  sign: perElement,
  tanh: transcendental,
  sigmoid: transcendental,
  relu: perElement,
  step: perElement,
  softplus: transcendental,
  erf: transcendental,
  sin: transcendental,
  cos: transcendental,
  floor: perElement,
  power: transcendental,
  stopGradient: free,
  cast: perElement,
  not: perElement,
  isFinite: perElement,
  add: perElement,
  sub: perElement,
  mul: perElement,
  div: perElement,
  maximum: perElement,
  minimum: perElement,
  greater: perElement,
  greaterOrEqual: perElement,
  equal: perElement,
  and: perElement,
  or: perElement,
  where: perElement,
  matmul: (node) => {
    const a = inputAt(node.inputs, 0);
    const inner = a.shape[a.shape.length - (node.attributes.transposeA ? 2 : 1)] ?? 1;
    return 2 * inner * sizeOf(node.shape);
  },
  sum: perInput,
  max: perInput,
  argMax: perInput,
  softmax: transcendental,
  logSoftmax: transcendental,
  reshape: free,
  transpose: free,
  broadcast: free,
  slice: free,
  pad: free,
  concat: free,
  gather: free,
  scatterAdd: (node) => sizeOf(inputAt(node.inputs, 1).shape),
  takeAlong: free,
  putAlong: (node) => sizeOf(inputAt(node.inputs, 1).shape),
  conv: (node) => 2 * sizeOf(node.shape) * sizeOf(inputAt(node.inputs, 1).shape.slice(1)),
  convInput: (node) => 2 * sizeOf(inputAt(node.inputs, 0).shape) * sizeOf(inputAt(node.inputs, 1).shape.slice(1)),
  convKernel: (node) => 2 * sizeOf(inputAt(node.inputs, 1).shape) * sizeOf(node.shape.slice(1)),
  maxPool: (node) => sizeOf(node.shape) * sizeOf(node.attributes.kernel),
  maxPoolIndices: (node) => sizeOf(node.shape) * sizeOf(node.attributes.kernel),
};

/** Floating-point operations to compute `outputs` once, down to `cut`. */
export function countFlops(outputs: readonly Tensor[], cut?: ReadonlySet<Tensor>): number {
  return ancestors(outputs, cut).reduce((total, node) => total + (cut?.has(node) ? 0 : flopsOf(node)), 0);
}

function flopsOf<K extends Operation>(node: Tensor<K>): number {
  return flopRules[node.op](node);
}

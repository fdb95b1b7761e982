import type { Operation, Tensor } from '../../graph/operations';
import { isFloat, isOp } from '../../graph/operations';
import { inputAt, pairOf, sameShape } from '../../graph/shapes';
import { conv, convInput, convKernel } from './convolution';
import type { Emission } from './emission';
import { arrayOf } from './emission';
import { erf64 } from './erf';
import type { Attribute, OnnxType } from './messages';
import { elementType } from './messages';
import { maxPool, maxPoolIndices } from './pooling';

/** Emits the ONNX nodes of an operation; gives the name of the result. */
type Form<K extends Operation> = (e: Emission, node: Tensor<K>) => string;

/** The ONNX operator of the same meaning. */
function same<K extends Operation>(type: string, attributes?: (node: Tensor<K>) => Readonly<Record<string, Attribute>>): Form<K> {
  return (e, node) => e.op(type, inputNames(e, node), attributes?.(node));
}

/** An ONNX operator that broadcasts its operands by itself. */
function broadcasting<K extends Operation>(type: string): Form<K> {
  return (e, node) => e.op(type, e.operands(node.inputs, node.shape));
}

const first = <K extends Operation>(e: Emission, node: Tensor<K>): string => e.name(inputAt(node.inputs, 0));
const inputNames = <K extends Operation>(e: Emission, node: Tensor<K>): readonly string[] =>
  node.inputs.map((input) => e.name(input));
const axisOf = ({ attributes: { axis } }: { readonly attributes: { readonly axis: number } }): { readonly axis: Attribute } => ({
  axis: { int: axis },
});

function cast(e: Emission, name: string, dtype: OnnxType): string {
  return e.op('Cast', [name], { to: { int: elementType(dtype) } });
}

function zeros(e: Emission, shape: readonly number[], dtype: Tensor['dtype']): string {
  return e.op('Expand', [e.scalar(0, dtype), e.ints(shape)]);
}

/** In float32 one vectorised operator: HardSigmoid is max(0, min(1, 3e38 x)). */
function step(e: Emission, node: Tensor<'step'>): string {
  if (node.dtype === 'float32') return e.op('HardSigmoid', [first(e, node)], { alpha: { float: 3e38 }, beta: { float: 0 } });
  return cast(e, e.op('Greater', [first(e, node), e.scalar(0, node.dtype)]), node.dtype);
}

/** In float64, for which there is no operator: max(x, 0) + log(1 + exp(-|x|)). */
function softplus(e: Emission, node: Tensor<'softplus'>): string {
  const x = first(e, node);
  if (node.dtype === 'float32') return e.op('Softplus', [x]);
  const tail = e.op('Exp', [e.op('Neg', [e.op('Abs', [x])])]);
  return e.op('Add', [e.op('Relu', [x]), e.op('Log', [e.op('Add', [tail, e.scalar(1, 'float64')])])]);
}

/** x - x is 0 unless x is infinite or NaN. */
function isFinite(e: Emission, node: Tensor<'isFinite'>): string {
  const x = first(e, node);
  return e.op('Equal', [e.op('Sub', [x, x]), e.scalar(0, inputAt(node.inputs, 0).dtype)]);
}

function matmul(e: Emission, node: Tensor<'matmul'>): string {
  const { transposeA, transposeB } = node.attributes;
  if (node.shape.length === 2 && (transposeA || transposeB))
    return e.op('Gemm', inputNames(e, node), { transA: { int: +transposeA }, transB: { int: +transposeB } });
  const [a, b] = pairOf(node.inputs);
  const repeated = leadingSource(b);
  const left = repeated === b ? leadingSource(a) : a;
  return e.op('MatMul', [swapped(e, left, transposeA), swapped(e, repeated, transposeB)]);
}

/** MatMul repeats leading axes by itself: the factor before its broadcast, if only these repeat. */
function leadingSource(factor: Tensor): Tensor {
  if (!isOp(factor, 'broadcast')) return factor;
  const source = inputAt(factor.inputs, 0);
  return source.shape.length >= 2 && sameShape(source.shape.slice(-2), factor.shape.slice(-2)) ? source : factor;
}

function swapped(e: Emission, factor: Tensor, transposed: boolean): string {
  const name = e.name(factor);
  if (!transposed) return name;
  const rank = factor.shape.length;
  const order = factor.shape.map((_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
  return e.op('Transpose', [name], { perm: { ints: order } });
}

/** Column sums as a product with ones, which is much faster than ReduceSum over the first axis. */
function sum(e: Emission, node: Tensor<'sum'>): string {
  const x = inputAt(node.inputs, 0);
  const { axes, keepDims } = node.attributes;
  if (x.shape.length === 2 && axes.length === 1 && axes[0] === 0 && isFloat(x.dtype)) {
    const rows = x.shape[0] ?? 1;
    const ones = e.store(`ones ${x.dtype} ${rows}`, x.dtype, [1, rows], () => arrayOf(x.dtype, new Array<number>(rows).fill(1)));
    const row = e.op('Gemm', [ones, e.name(x)]);
    return keepDims ? row : e.op('Reshape', [row, e.ints(node.shape)]);
  }
  return e.op('ReduceSum', [e.name(x), e.ints(axes)], { keepdims: { int: +keepDims } });
}

function slice(e: Emission, node: Tensor<'slice'>): string {
  const x = inputAt(node.inputs, 0);
  const { starts, sizes } = node.attributes;
  const axes = x.shape.flatMap((size, axis) => (size === sizes[axis] ? [] : [axis]));
  const from = axes.map((axis) => starts[axis] ?? 0);
  const to = axes.map((axis) => (starts[axis] ?? 0) + (sizes[axis] ?? 0));
  return e.op('Slice', [e.name(x), e.ints(from), e.ints(to), e.ints(axes)]);
}

/** ScatterND adds whole blocks along the first axes: the axes of the indices are moved there and back. */
function scatterAdd(e: Emission, node: Tensor<'scatterAdd'>): string {
  const [indices, updates] = pairOf(node.inputs);
  const { axis, size } = node.attributes;
  const count = indices.shape.length;
  const places = e.op('Reshape', [cast(e, e.name(indices), 'int64'), e.ints([...indices.shape, 1])]);
  const before = updates.shape.slice(0, axis);
  const behind = updates.shape.slice(axis + count);
  const forth = updates.shape.map((_, place) => (place < count ? axis + place : place < axis + count ? place - count : place));
  const moved = axis === 0 ? e.name(updates) : e.op('Transpose', [e.name(updates)], { perm: { ints: forth } });
  const blank = zeros(e, [size, ...before, ...behind], node.dtype);
  const added = e.op('ScatterND', [blank, places, moved], { reduction: { text: 'add' } });
  const back = node.shape.map((_, place) => (place < axis ? place + 1 : place === axis ? 0 : place));
  return axis === 0 ? added : e.op('Transpose', [added], { perm: { ints: back } });
}

function putAlong(e: Emission, node: Tensor<'putAlong'>): string {
  const [indices, updates] = pairOf(node.inputs);
  const blank = zeros(e, node.shape, node.dtype);
  return e.op('ScatterElements', [blank, e.name(indices), e.name(updates)], { ...axisOf(node), reduction: { text: 'add' } });
}

/** The ONNX form of every operation. */
export const forms: { readonly [K in Operation]: Form<K> } = {
  input: (_, { attributes }) => {
    throw new Error(`input ${attributes.name} is not among the inputs of the program`);
  },
  constant: (e, { id, attributes: { data, shape, dtype } }) => e.store(`constant ${id}`, dtype, shape, () => data),
  fill: (e, { attributes: { value, shape, dtype } }) =>
    shape.length === 0 ? e.scalar(value, dtype) : e.op('Expand', [e.scalar(value, dtype), e.ints(shape)]),

  neg: same('Neg'),
  exp: same('Exp'),
  log: same('Log'),
  sqrt: same('Sqrt'),
  reciprocal: same('Reciprocal'),
  abs: same('Abs'),
  sign: same('Sign'),
  tanh: same('Tanh'),
  sigmoid: same('Sigmoid'),
  relu: same('Relu'),
  step,
  softplus,
  erf: (e, node) => (node.dtype === 'float32' ? e.op('Erf', inputNames(e, node)) : erf64(e, first(e, node))),
  sin: same('Sin'),
  cos: same('Cos'),
  floor: same('Floor'),
  power: (e, node) => e.op('Pow', [first(e, node), e.scalar(node.attributes.exponent, node.dtype)]),
  stopGradient: first,
  cast: (e, node) => cast(e, first(e, node), node.dtype),
  not: same('Not'),
  isFinite,

  add: broadcasting('Add'),
  sub: broadcasting('Sub'),
  mul: broadcasting('Mul'),
  div: broadcasting('Div'),
  maximum: broadcasting('Max'),
  minimum: broadcasting('Min'),
  greater: broadcasting('Greater'),
  greaterOrEqual: broadcasting('GreaterOrEqual'),
  equal: broadcasting('Equal'),
  and: broadcasting('And'),
  or: broadcasting('Or'),
  where: broadcasting('Where'),

  matmul,

  sum,
  max: (e, node) =>
    e.op('ReduceMax', [first(e, node), e.ints(node.attributes.axes)], { keepdims: { int: +node.attributes.keepDims } }),
  argMax: (e, node) => cast(e, e.op('ArgMax', [first(e, node)], { ...axisOf(node), keepdims: { int: 0 } }), 'int32'),
  softmax: same('Softmax', axisOf),
  logSoftmax: same('LogSoftmax', axisOf),

  reshape: (e, node) => e.op('Reshape', [first(e, node), e.ints(node.shape)]),
  transpose: same('Transpose', ({ attributes: { permutation } }) => ({ perm: { ints: permutation } })),
  broadcast: (e, node) => e.op('Expand', [first(e, node), e.ints(node.shape)]),
  slice,
  pad: (e, node) => e.op('Pad', [first(e, node), e.ints([...node.attributes.before, ...node.attributes.after])]),
  concat: same('Concat', axisOf),

  gather: same('Gather', axisOf),
  scatterAdd,
  takeAlong: same('GatherElements', axisOf),
  putAlong,

  conv,
  convInput,
  convKernel,
  maxPool,
  maxPoolIndices,
};

/** Emits one node by its form. */
export function translate<K extends Operation>(e: Emission, node: Tensor<K>): string {
  return forms[node.op](e, node);
}

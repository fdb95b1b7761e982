import type { Graph } from './graph';
import type { Operation, Tensor } from './operations';
import { isFloat } from './operations';
import { inputAt, pairOf } from './shapes';
import type { Unary } from './slopes';
import { eachUnary, slopeTimes } from './slopes';
import { flatPlanes, maximumShare, maxShares } from './vjp';

/** A tangent of each input; null for zero. */
type Tangents = readonly (Tensor | null)[];

/** (g, node, tangents of its inputs) → J·tangents, the tangent of its result; null for zero. */
type JvpRule<K extends Operation> = (g: Graph, node: Tensor<K>, tangents: Tangents) => Tensor | null;

const none = (): null => null;

const unary: JvpRule<Unary> = (g, node, [t]) => (t ? slopeTimes(g, node, t) : null);

/** Operations that are linear in their first input: the tangent goes the same way. */
function linear<K extends Operation>(op: K): JvpRule<K> {
  return (g, { inputs, attributes }, [t]) => (t ? g.node(op, [t, ...inputs.slice(1)], attributes) : null);
}

/** Linear in the second input; the first holds indices. */
function linearInUpdates<K extends 'scatterAdd' | 'putAlong'>(op: K): JvpRule<K> {
  return (g, { inputs, attributes }, [, t]) => (t ? g.node(op, [inputAt(inputs, 0), t], attributes) : null);
}

/** Linear in each of two inputs. */
function bilinear<K extends 'conv' | 'convInput' | 'convKernel'>(op: K): JvpRule<K> {
  return (g, { inputs, attributes }, [s, t]) => {
    const [a, b] = pairOf(inputs);
    return addTangents(g, s && g.node(op, [s, b], attributes), t && g.node(op, [a, t], attributes));
  };
}

/** a + b, either of which may be zero (null). */
export function addTangents(g: Graph, a: Tensor | null | undefined, b: Tensor | null | undefined): Tensor | null {
  if (a && b) return g.add(a, b);
  return a ?? b ?? null;
}

/** The tangent of each result: the forward-mode derivative of every operation. */
export const jvpRules: { readonly [K in Operation]: JvpRule<K> } = {
  input: none,
  constant: none,
  fill: none,

  ...eachUnary(unary),
  stopGradient: none,
  cast: (g, { dtype }, [t]) => (t && isFloat(dtype) ? g.cast(t, dtype) : null),
  not: none,
  isFinite: none,

  add: (g, _node, [s, t]) => addTangents(g, s, t),
  sub: (g, _node, [s, t]) => (s && t ? g.sub(s, t) : t ? g.neg(t) : (s ?? null)),
  mul: (g, { inputs }, [s, t]) => {
    const [a, b] = pairOf(inputs);
    return addTangents(g, s && g.mul(s, b), t && g.mul(a, t));
  },
  // (ȧ - (a/b) ḃ) / b
  div: (g, node, [s, t]) => {
    const b = inputAt(node.inputs, 1);
    const numerator = addTangents(g, s, t && g.neg(g.mul(node, t)));
    return numerator && g.div(numerator, b);
  },
  maximum: (g, { inputs }, [s, t]) => {
    const [a, b] = pairOf(inputs);
    return addTangents(g, s && g.mul(s, maximumShare(g, a, b)), t && g.mul(t, maximumShare(g, b, a)));
  },
  minimum: (g, { inputs }, [s, t]) => {
    const [a, b] = pairOf(inputs);
    return addTangents(g, s && g.mul(s, maximumShare(g, b, a)), t && g.mul(t, maximumShare(g, a, b)));
  },
  greater: none,
  greaterOrEqual: none,
  equal: none,
  and: none,
  or: none,
  where: (g, { inputs }, [, s, t]) =>
    s || t ? g.where(inputAt(inputs, 0), s ?? 0, t ?? g.zerosLike(s ?? inputAt(inputs, 1))) : null,

  matmul: (g, { inputs, attributes }, [s, t]) => {
    const [a, b] = pairOf(inputs);
    return addTangents(g, s && g.matmul(s, b, attributes), t && g.matmul(a, t, attributes));
  },

  sum: linear('sum'),
  max: (g, node, [t]) => (t ? g.sum(g.mul(t, maxShares(g, node)), node.attributes.axes, node.attributes.keepDims) : null),
  argMax: none,
  // y (t - Σ t y)
  softmax: (g, y, [t]) => (t ? g.mul(y, g.sub(t, g.sum(g.mul(t, y), [y.attributes.axis], true))) : null),
  // t - Σ t softmax(x)
  logSoftmax: (g, y, [t]) => (t ? g.sub(t, g.sum(g.mul(t, g.exp(y)), [y.attributes.axis], true)) : null),

  reshape: linear('reshape'),
  transpose: linear('transpose'),
  broadcast: linear('broadcast'),
  slice: linear('slice'),
  pad: linear('pad'),
  concat: (g, { inputs, attributes: { axis } }, tangents) =>
    tangents.some((t) => t !== null)
      ? g.concat(
          inputs.map((part, place) => tangents[place] ?? g.zerosLike(part)),
          axis,
        )
      : null,

  gather: linear('gather'),
  scatterAdd: linearInUpdates('scatterAdd'),
  takeAlong: linear('takeAlong'),
  putAlong: linearInUpdates('putAlong'),

  conv: bilinear('conv'),
  convInput: bilinear('convInput'),
  convKernel: bilinear('convKernel'),
  maxPool: (g, node, [t]) => {
    if (!t) return null;
    const indices = flatPlanes(g, g.maxPoolIndices(inputAt(node.inputs, 0), node.attributes));
    return g.reshape(g.takeAlong(flatPlanes(g, t), indices, 2), node.shape);
  },
  maxPoolIndices: none,
};

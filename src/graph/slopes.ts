import type { Graph } from './graph';
import type { Tensor } from './operations';
import { inputAt } from './shapes';

/** Operations y = φ(x) of one input, element by element. */
export type Unary =
  | 'neg'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'reciprocal'
  | 'abs'
  | 'sign'
  | 'tanh'
  | 'sigmoid'
  | 'relu'
  | 'step'
  | 'softplus'
  | 'erf'
  | 'sin'
  | 'cos'
  | 'floor'
  | 'power';

/** (g, x, y, t) → φ'(x)·t, or null where φ' is 0 almost everywhere. */
type SlopeRule<K extends Unary> = (g: Graph, x: Tensor, node: Tensor<K>, t: Tensor) => Tensor | null;

/**
 * φ'(x)·t for each elementwise operation of one input: its vjp and its jvp at once, as φ'(x) is diagonal.
 * At kinks the values are PyTorch's: abs and relu have slope 0 at 0.
 */
const slopes: { readonly [K in Unary]: SlopeRule<K> } = {
  neg: (g, _x, _y, t) => g.neg(t),
  exp: (g, _x, y, t) => g.mul(t, y),
  log: (g, x, _y, t) => g.div(t, x),
  // 1 / (2√x)
  sqrt: (g, _x, y, t) => g.div(g.mul(t, 0.5), y),
  // -1/x²
  reciprocal: (g, _x, y, t) => g.neg(g.mul(t, g.mul(y, y))),
  abs: (g, x, _y, t) => g.mul(t, g.sign(x)),
  sign: () => null,
  // 1 - y²
  tanh: (g, _x, y, t) => g.mul(t, g.sub(1, g.mul(y, y))),
  // y (1 - y)
  sigmoid: (g, _x, y, t) => g.mul(t, g.mul(y, g.sub(1, y))),
  // Taken from the result, so that what went into relu need not be kept.
  relu: (g, _x, y, t) => g.mul(t, g.step(y)),
  step: () => null,
  softplus: (g, x, _y, t) => g.mul(t, g.sigmoid(x)),
  // 2/√π · exp(-x²)
  erf: (g, x, _y, t) => g.mul(g.mul(t, 2 / Math.sqrt(Math.PI)), g.exp(g.neg(g.mul(x, x)))),
  sin: (g, x, _y, t) => g.mul(t, g.cos(x)),
  cos: (g, x, _y, t) => g.neg(g.mul(t, g.sin(x))),
  floor: () => null,
  power: (g, x, { attributes: { exponent } }, t) => g.mul(g.mul(t, exponent), g.power(x, exponent - 1)),
};

/** φ'(x)·t for the node y = φ(x); null for zero. */
export function slopeTimes(g: Graph, node: Tensor<Unary>, t: Tensor): Tensor | null {
  const rule = slopes[node.op] as SlopeRule<Unary>;
  return rule(g, inputAt(node.inputs, 0), node, t);
}

/** A table with the same row for each of these operations. */
export function eachUnary<Rule>(rule: Rule): Readonly<Record<Unary, Rule>> {
  return Object.fromEntries(Object.keys(slopes).map((op) => [op, rule])) as Record<Unary, Rule>;
}

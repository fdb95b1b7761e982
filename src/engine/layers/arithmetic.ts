import type { Graph } from '../../graph/graph';
import type { Tensor } from '../../graph/operations';
import { normalizeAxis } from '../../graph/shapes';
import type { LayerKind } from '../../records/model/layers';
import { asFloat, floatInput, inputOf, LoweringError, type LowerTable, type Site } from './lowering';

type ArithmeticKind =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'power'
  | 'negate'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'abs'
  | 'sin'
  | 'cos'
  | 'clamp'
  | 'reciprocal'
  | 'erf'
  | 'sign'
  | 'floor'
  | 'round'
  | 'powerOf'
  | 'matmul'
  | 'sum'
  | 'mean'
  | 'oneHot'
  | 'cast';

/** Arithmetic with NumPy's broadcasting, as in PyTorch. */
export const arithmetic: LowerTable<ArithmeticKind> = {
  add: (site) => fold(site, (graph, a, b) => graph.add(a, b)),
  subtract: (site) => fold(site, (graph, a, b) => graph.sub(a, b)),
  multiply: (site) => fold(site, (graph, a, b) => graph.mul(a, b)),
  divide: (site) => fold(site, (graph, a, b) => graph.div(a, b)),
  power: (site) => raised(site.context.graph, floatInput(site), site.node.arguments.exponent),
  negate: (site) => site.context.graph.neg(floatInput(site)),
  exp: (site) => site.context.graph.exp(floatInput(site)),
  log: (site) => site.context.graph.log(floatInput(site)),
  sqrt: (site) => site.context.graph.sqrt(floatInput(site)),
  abs: (site) => site.context.graph.abs(floatInput(site)),
  sin: (site) => site.context.graph.sin(floatInput(site)),
  cos: (site) => site.context.graph.cos(floatInput(site)),
  clamp: (site) => clamped(site.context.graph, floatInput(site), site.node.arguments.low, site.node.arguments.high),
  reciprocal: (site) => site.context.graph.reciprocal(floatInput(site)),
  erf: (site) => site.context.graph.erf(floatInput(site)),
  sign: (site) => site.context.graph.sign(floatInput(site)),
  floor: (site) => site.context.graph.floor(floatInput(site)),
  round: (site) => rounded(site.context.graph, floatInput(site)),
  // bᵉ = exp(e log b)
  powerOf: (site) => {
    const { graph } = site.context;
    return graph.exp(graph.mul(floatInput(site, 1), graph.log(floatInput(site))));
  },
  matmul: (site) => matrixProduct(site),
  sum: (site) => site.context.graph.sum(floatInput(site), reducedAxes(site), site.node.arguments.keep),
  mean: (site) => site.context.graph.mean(floatInput(site), reducedAxes(site), site.node.arguments.keep),
  oneHot: (site) => {
    const { graph } = site.context;
    const labels = inputOf(site);
    if (labels.dtype !== 'int32') throw new LoweringError(`One-hot coding ('${site.node.name}') needs integers.`);
    const classes = site.context.bind(site.node.arguments.classes);
    return graph.cast(graph.equal(graph.reshape(labels, [...labels.shape, 1]), graph.range(classes)), 'float32');
  },
  cast: (site) => {
    const { graph } = site.context;
    const x = inputOf(site);
    if (site.node.arguments.to === 'float') return asFloat(graph, x);
    if (x.dtype === 'int32') return x;
    const float = asFloat(graph, x);
    return graph.cast(graph.mul(graph.sign(float), graph.floor(graph.abs(float))), 'int32');
  },
};

function fold(site: Site<LayerKind>, combine: (graph: Graph, a: Tensor, b: Tensor) => Tensor): Tensor {
  const { graph } = site.context;
  return site.inputs.map((x) => asFloat(graph, x)).reduce((a, b) => combine(graph, a, b));
}

/** xᵉ; small whole exponents as products, whose derivatives hold at 0 and below. */
function raised(graph: Graph, x: Tensor, exponent: number): Tensor {
  if (exponent === 2) return graph.square(x);
  if (exponent === 3) return graph.mul(graph.square(x), x);
  if (exponent === 4) return graph.square(graph.square(x));
  return graph.power(x, exponent);
}

/** Slope 1 at the bounds themselves, 0 outside (torch.clamp). */
function clamped(graph: Graph, x: Tensor, low: number | null, high: number | null): Tensor {
  const above = low === null ? null : graph.greaterOrEqual(x, low);
  const below = high === null ? null : graph.greaterOrEqual(graph.fill(high, x.shape, x.dtype), x);
  let result = x;
  if (above !== null && low !== null) result = graph.where(above, result, graph.fill(low, x.shape, x.dtype));
  if (below !== null && high !== null) result = graph.where(below, result, graph.fill(high, x.shape, x.dtype));
  return result;
}

/** To whole numbers, halves to the even one. */
export function rounded(graph: Graph, x: Tensor): Tensor {
  const up = graph.floor(graph.add(x, 0.5));
  const isHalf = graph.equal(graph.sub(up, x), graph.fill(0.5, x.shape, x.dtype));
  const isOdd = graph.greater(graph.sub(up, graph.mul(graph.floor(graph.mul(up, 0.5)), 2)), 0.5);
  return graph.where(graph.and(isHalf, isOdd), graph.sub(up, 1), up);
}

function reducedAxes(site: Site<'sum' | 'mean'>): readonly number[] | undefined {
  return site.node.arguments.axes ?? undefined;
}

/** torch.matmul: vectors become a row or a column, whose axis goes away again. */
function matrixProduct(site: Site<'matmul'>): Tensor {
  const { graph } = site.context;
  const a = floatInput(site);
  const b = floatInput(site, 1);
  const left = a.shape.length === 1 ? graph.reshape(a, [1, ...a.shape]) : a;
  const right = b.shape.length === 1 ? graph.reshape(b, [...b.shape, 1]) : b;
  const product = graph.matmul(left, right);
  const rank = product.shape.length;
  const dropped = [...(a.shape.length === 1 ? [normalizeAxis(-2, rank)] : []), ...(b.shape.length === 1 ? [rank - 1] : [])];
  return graph.reshape(
    product,
    product.shape.filter((_, axis) => !dropped.includes(axis)),
  );
}

import type { Graph } from '../../graph/graph';
import { keptShape, type Tensor } from '../../graph/operations';
import { normalizeAxis } from '../../graph/shapes';
import { floatInput, type LowerTable } from './lowering';

type StatisticsKind = 'variance' | 'deviation' | 'norm' | 'logSumExp' | 'cumulativeSum';

/** Reductions beyond sums and means. */
export const statistics: LowerTable<StatisticsKind> = {
  variance: (site) => variance(site.context.graph, floatInput(site), site.node.arguments),
  deviation: (site) => rootOf(site.context.graph, variance(site.context.graph, floatInput(site), site.node.arguments)),
  norm: (site) => {
    const { graph } = site.context;
    const { axes, keep, p } = site.node.arguments;
    const x = floatInput(site);
    const over = axes ?? undefined;
    if (p === 1) return graph.sum(graph.abs(x), over, keep);
    if (p === 2) return rootOf(graph, graph.sum(graph.square(x), over, keep));
    if (p === Infinity) return graph.max(graph.abs(x), over, keep);
    if (p === -Infinity) return graph.neg(graph.max(graph.neg(graph.abs(x)), over, keep));
    return graph.power(graph.sum(graph.power(graph.abs(x), p), over, keep), 1 / p);
  },
  // log Σ exp(x - m) + m: the largest m, of which nothing depends.
  logSumExp: (site) => {
    const { graph } = site.context;
    const { axes, keep } = site.node.arguments;
    const x = floatInput(site);
    const over = allAxes(x, axes);
    const largest = graph.stopGradient(graph.max(x, over, true));
    const finite = graph.where(graph.isFinite(largest), largest, graph.zerosLike(largest));
    const total = graph.add(graph.log(graph.sum(graph.exp(graph.sub(x, finite)), over, true)), finite);
    return keep ? total : reducedTo(graph, total, over);
  },
  // A product with ones on and above the diagonal.
  cumulativeSum: (site) => {
    const { graph } = site.context;
    const x = floatInput(site);
    const axis = normalizeAxis(site.node.arguments.axis, x.shape.length);
    const size = x.shape[axis] ?? 1;
    const ones = Float32Array.from({ length: size * size }, (_, k) => (Math.floor(k / size) <= k % size ? 1 : 0));
    const upper = graph.constant(ones, [size, size]);
    const rank = x.shape.length;
    const order = x.shape.map((_, at) => (at === axis ? rank - 1 : at === rank - 1 ? axis : at));
    const last = graph.transpose(x, order);
    const summed =
      rank === 1 ? graph.reshape(graph.matmul(graph.reshape(last, [1, size]), upper), [size]) : graph.matmul(last, upper);
    return graph.transpose(summed, order);
  },
};

const allAxes = (x: Tensor, axes: readonly number[] | null): readonly number[] =>
  axes === null ? x.shape.map((_, axis) => axis) : axes.map((axis) => normalizeAxis(axis, x.shape.length));

function reducedTo(graph: Graph, kept: Tensor, axes: readonly number[]): Tensor {
  return graph.reshape(
    kept,
    kept.shape.filter((_, axis) => !axes.includes(axis)),
  );
}

interface VarianceArguments {
  readonly axes: readonly number[] | null;
  readonly keep: boolean;
  readonly correction: number;
}

function variance(graph: Graph, x: Tensor, { axes, keep, correction }: VarianceArguments): Tensor {
  const over = allAxes(x, axes);
  const count = over.reduce((product, axis) => product * (x.shape[axis] ?? 1), 1);
  const squares = graph.sum(graph.square(graph.sub(x, graph.mean(x, over, true))), over, true);
  const mean = graph.mul(squares, 1 / (count - correction));
  return keep ? graph.reshape(mean, keptShape(x.shape, over)) : reducedTo(graph, mean, over);
}

/** √x, whose slope counts as 0 where x is 0 (PyTorch's norms and standard deviations). */
export function rootOf(graph: Graph, x: Tensor): Tensor {
  const positive = graph.greater(x, 0);
  const root = graph.sqrt(graph.where(positive, x, graph.onesLike(x)));
  return graph.where(positive, root, graph.mul(graph.stopGradient(x), 0));
}

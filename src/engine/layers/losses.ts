import type { Graph } from '../../graph/graph';
import { sizeOf, type Tensor } from '../../graph/operations';
import { sameShape } from '../../graph/shapes';
import type { LayerKind } from '../../records/model/layers';
import type { Reduction } from '../../records/model/losses';
import { floatInput, inputOf, LoweringError, type LowerTable, type Site } from './lowering';
import { checkClassTarget, equalInputs, overClasses, reduceLoss, vectorConstant } from './lossParts';

type LossKind =
  | 'crossEntropy'
  | 'nll'
  | 'bce'
  | 'bceWithLogits'
  | 'mse'
  | 'l1'
  | 'huber'
  | 'smoothL1'
  | 'klDivergence'
  | 'poissonNll'
  | 'gaussianNll';

/** Losses, with PyTorch 2's meaning of every argument. */
export const losses: LowerTable<LossKind> = {
  crossEntropy: (site) => {
    const { graph } = site.context;
    const logits = floatInput(site);
    const target = inputOf(site, 1);
    const { reduction, labelSmoothing, weight, ignoreIndex } = site.node.arguments;
    const axis = classAxis(logits);
    const logProbabilities = graph.logSoftmax(logits, axis);
    if (target.dtype !== 'int32') return probabilityCrossEntropy(site, logProbabilities, target, axis);
    return classNll(site, logProbabilities, target, { reduction, weight, ignoreIndex, labelSmoothing });
  },
  nll: (site) => classNll(site, floatInput(site), inputOf(site, 1), { ...site.node.arguments, labelSmoothing: 0 }),
  bce: (site) => {
    const { graph } = site.context;
    const [x, t] = equalInputs(site);
    return reduceWeighted(site, binaryCrossEntropy(graph, x, t));
  },
  bceWithLogits: (site) => {
    const { graph } = site.context;
    const [x, t] = equalInputs(site);
    const { positiveWeight } = site.node.arguments;
    const missed = graph.softplus(graph.neg(x));
    const weighted =
      positiveWeight === null
        ? missed
        : graph.mul(missed, graph.add(graph.mul(graph.sub(vectorConstant(graph, positiveWeight), 1), t), 1));
    return reduceWeighted(site, graph.add(graph.mul(graph.sub(1, t), x), weighted));
  },
  mse: (site) => {
    const { graph } = site.context;
    return reduceLoss(graph, graph.square(difference(site)), site.node.arguments.reduction);
  },
  l1: (site) => {
    const { graph } = site.context;
    return reduceLoss(graph, graph.abs(difference(site)), site.node.arguments.reduction);
  },
  huber: (site) => {
    const { graph } = site.context;
    const { delta, reduction } = site.node.arguments;
    const d = difference(site);
    const size = graph.abs(d);
    const linear = graph.mul(graph.sub(size, delta / 2), delta);
    return reduceLoss(graph, graph.where(graph.greater(size, delta), linear, graph.mul(graph.square(d), 0.5)), reduction);
  },
  smoothL1: (site) => {
    const { graph } = site.context;
    const { beta, reduction } = site.node.arguments;
    const d = difference(site);
    const size = graph.abs(d);
    if (beta === 0) return reduceLoss(graph, size, reduction);
    const quadratic = graph.mul(graph.square(d), 0.5 / beta);
    return reduceLoss(graph, graph.where(graph.greaterOrEqual(size, beta), graph.sub(size, beta / 2), quadratic), reduction);
  },
  poissonNll: (site) => {
    const { graph } = site.context;
    const { logInput, full, epsilon, reduction } = site.node.arguments;
    const x = floatInput(site);
    const t = floatInput(site, 1);
    const rate = logInput ? graph.exp(x) : x;
    const logarithm = logInput ? x : graph.log(graph.add(x, epsilon));
    const plain = graph.sub(rate, graph.mul(t, logarithm));
    return reduceLoss(graph, full ? graph.add(plain, stirling(graph, t)) : plain, reduction);
  },
  gaussianNll: (site) => {
    const { graph } = site.context;
    const { full, epsilon, reduction } = site.node.arguments;
    const x = floatInput(site);
    const given = floatInput(site, 2);
    const short = given.shape.length === x.shape.length - 1;
    const variance = short ? graph.reshape(given, [...given.shape, 1]) : given;
    // The lower bound changes the value and not the slope.
    const lift = graph.sub(graph.maximum(variance, epsilon), variance);
    const safe = graph.add(variance, graph.stopGradient(lift));
    const squares = graph.div(graph.square(graph.sub(x, floatInput(site, 1))), safe);
    const plain = graph.mul(graph.add(graph.log(safe), squares), 0.5);
    return reduceLoss(graph, full ? graph.add(plain, 0.5 * Math.log(2 * Math.PI)) : plain, reduction);
  },
  klDivergence: (site) => {
    const { graph } = site.context;
    const { reduction, logTarget } = site.node.arguments;
    const x = floatInput(site);
    const t = floatInput(site, 1);
    const pointwise = logTarget ? graph.mul(graph.exp(t), graph.sub(t, x)) : graph.sub(xLogX(graph, t), graph.mul(t, x));
    if (reduction !== 'batchmean') return reduceLoss(graph, pointwise, reduction);
    return graph.mul(graph.sum(pointwise), 1 / (x.shape[0] ?? 1));
  },
};

/** The entries' losses, each times its factor where there are factors, as one number; the mean is over all entries. */
function reduceWeighted({ node, context: { graph } }: Site<'bce' | 'bceWithLogits'>, x: Tensor): Tensor {
  const { weight, reduction } = node.arguments;
  return reduceLoss(graph, weight === undefined ? x : graph.mul(x, vectorConstant(graph, weight)), reduction);
}

/** Prediction minus target. Shapes that differ broadcast, as PyTorch does (with a warning). */
function difference(site: Site<LayerKind>): Tensor {
  return site.context.graph.sub(floatInput(site), floatInput(site, 1));
}

function classAxis(logits: Tensor): number {
  return logits.shape.length === 1 ? 0 : 1;
}

interface ClassLoss {
  readonly reduction: Reduction;
  readonly weight: readonly number[] | null;
  readonly ignoreIndex: number | null;
  readonly labelSmoothing: number;
}

/** -w[t] log p[t] over class numbers t; the mean is over the weights of the rows that are not ignored. */
function classNll(site: Site<'crossEntropy' | 'nll'>, logProbabilities: Tensor, target: Tensor, options: ClassLoss): Tensor {
  const { graph } = site.context;
  const axis = classAxis(logProbabilities);
  const classes = logProbabilities.shape[axis] ?? 1;
  checkClassTarget(site, logProbabilities, target, axis, options.ignoreIndex);
  const { kept, safe } = keptRows(graph, target, options.ignoreIndex);
  const weights =
    options.weight === null ? kept : times(graph, graph.gather(vectorConstant(graph, options.weight), safe, 0), kept);
  const places = graph.reshape(safe, withAxis(target.shape, axis, 1));
  const chosen = graph.reshape(graph.takeAlong(logProbabilities, places, axis), target.shape);
  const nll = times(graph, graph.neg(chosen), weights);
  if (options.labelSmoothing === 0) return weightedReduce(graph, nll, weights, options.reduction);
  const scaled =
    options.weight === null
      ? logProbabilities
      : graph.mul(logProbabilities, overClasses(graph, options.weight, logProbabilities, axis));
  const smooth = times(graph, graph.neg(graph.sum(scaled, [axis])), kept);
  const mixed = graph.add(graph.mul(nll, 1 - options.labelSmoothing), graph.mul(smooth, options.labelSmoothing / classes));
  return weightedReduce(graph, mixed, weights, options.reduction);
}

/** 1 for the rows that count and 0 for those of the ignored class, null where all do; and class numbers that are places in any case. */
function keptRows(
  graph: Graph,
  target: Tensor,
  ignoreIndex: number | null,
): { readonly kept: Tensor | null; readonly safe: Tensor } {
  if (ignoreIndex === null) return { kept: null, safe: target };
  const ignored = graph.equal(target, graph.fill(ignoreIndex, target.shape, 'int32'));
  const safe = graph.where(ignored, graph.fill(0, target.shape, 'int32'), target);
  return { kept: graph.cast(graph.not(ignored), 'float32'), safe };
}

/** x times the factors where there are any. */
const times = (graph: Graph, x: Tensor, factors: Tensor | null): Tensor => (factors === null ? x : graph.mul(x, factors));

function weightedReduce(graph: Graph, x: Tensor, weights: Tensor | null, reduction: Reduction): Tensor {
  if (reduction !== 'mean' || weights === null) return reduceLoss(graph, x, reduction);
  return graph.div(graph.sum(x), graph.sum(weights));
}

const withAxis = (shape: readonly number[], axis: number, size: number): readonly number[] => [
  ...shape.slice(0, axis),
  size,
  ...shape.slice(axis),
];

/** Cross-entropy against probabilities of the logits' own shape. The mean is over rows, whatever the weights. */
function probabilityCrossEntropy(site: Site<'crossEntropy'>, logProbabilities: Tensor, target: Tensor, axis: number): Tensor {
  const { graph } = site.context;
  const { reduction, labelSmoothing, weight } = site.node.arguments;
  if (!sameShape(target.shape, logProbabilities.shape))
    throw new LoweringError(
      `'${site.node.name}' gets floating-point targets of shape [${target.shape.join(', ')}]: class numbers must be integers, ` +
        `and class probabilities need the shape [${logProbabilities.shape.join(', ')}].`,
    );
  const classes = logProbabilities.shape[axis] ?? 1;
  const smoothed = labelSmoothing === 0 ? target : graph.add(graph.mul(target, 1 - labelSmoothing), labelSmoothing / classes);
  const plain = graph.mul(logProbabilities, smoothed);
  const weighted = weight === null ? plain : graph.mul(plain, overClasses(graph, weight, plain, axis));
  const perRow = graph.neg(graph.sum(weighted, [axis]));
  if (reduction !== 'mean') return reduceLoss(graph, perRow, reduction);
  return graph.mul(graph.sum(perRow), classes / sizeOf(logProbabilities.shape));
}

/**
 * -(t log x + (1-t) log(1-x)) with both logarithms clamped at -100, and PyTorch's gradient
 * (x-t) / max(x(1-x), 10⁻¹²): where x(1-x) is smaller, the value is as clamped and the slope is that constant.
 */
function binaryCrossEntropy(graph: Graph, x: Tensor, t: Tensor): Tensor {
  const variance = graph.mul(graph.sub(1, x), x);
  const inside = graph.greater(variance, 1e-12);
  const safe = graph.where(inside, x, graph.fill(0.5, x.shape, x.dtype));
  const miss = graph.sub(1, t);
  const regular = graph.neg(graph.add(graph.mul(t, graph.log(safe)), graph.mul(miss, graph.log(graph.sub(1, safe)))));
  const clampedLog = (y: Tensor): Tensor => graph.maximum(graph.log(y), -100);
  const value = graph.neg(graph.add(graph.mul(t, clampedLog(x)), graph.mul(miss, clampedLog(graph.sub(1, x)))));
  const slope = graph.mul(graph.sub(x, t), 1e12);
  const linear = graph.mul(graph.stopGradient(slope), graph.sub(x, graph.stopGradient(x)));
  return graph.where(inside, regular, graph.add(graph.stopGradient(value), linear));
}

/** x log x, 0 at 0. */
function xLogX(graph: Graph, x: Tensor): Tensor {
  const positive = graph.greater(x, 0);
  const safe = graph.where(positive, x, graph.onesLike(x));
  return graph.where(positive, graph.mul(x, graph.log(safe)), graph.zerosLike(x));
}

/** Stirling's ln t! for counts above 1: t ln t - t + ½ ln 2πt; 0 for others. */
function stirling(graph: Graph, t: Tensor): Tensor {
  const above = graph.greater(t, 1);
  const safe = graph.where(above, t, graph.onesLike(t));
  const value = graph.add(
    graph.sub(graph.mul(safe, graph.log(safe)), safe),
    graph.mul(graph.log(graph.mul(safe, 2 * Math.PI)), 0.5),
  );
  return graph.where(above, value, graph.zerosLike(t));
}

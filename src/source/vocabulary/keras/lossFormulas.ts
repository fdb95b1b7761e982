import type { LayerKind, Layers } from '../../../records/model/layers';
import type { TraceNode } from '../../values/trace';

/** Adds nodes that belong to the loss. */
export interface LossNodes {
  readonly add: <K extends LayerKind>(kind: K, args: Layers[K], ...inputs: TraceNode[]) => TraceNode;
  readonly number: (value: number) => TraceNode;
}

/** A loss of Keras composed of operations: the mean over all rows, from prediction and target. */
export type LossFormula = (n: LossNodes, prediction: TraceNode, target: TraceNode) => TraceNode;

/** What Keras adds to what it divides by or takes the logarithm of. */
const fuzz = 1e-7;

const mean = (n: LossNodes, x: TraceNode): TraceNode => n.add('mean', { axes: null, keep: false }, x);
const overLast = (n: LossNodes, x: TraceNode): TraceNode => n.add('sum', { axes: [-1], keep: false }, x);
const square = (n: LossNodes, x: TraceNode): TraceNode => n.add('power', { exponent: 2 }, x);
const atLeast = (n: LossNodes, x: TraceNode, low: number): TraceNode => n.add('clamp', { low, high: null }, x);

/** Targets of 0 and 1 as -1 and 1; those of -1 and 1 stay. */
function signs(n: LossNodes, target: TraceNode): TraceNode {
  const zeros = n.add('cast', { to: 'float' }, n.add('compare', { function: '==' }, target, n.number(0)));
  return n.add('subtract', {}, target, zeros);
}

/** max(0, 1 - y f). */
const shortfall = (n: LossNodes, prediction: TraceNode, target: TraceNode): TraceNode =>
  n.add('relu', {}, n.add('subtract', {}, n.number(1), n.add('multiply', {}, signs(n, target), prediction)));

/** max(0, 1 + the largest score of a wrong class - the score of the right one); targets are rows of 0 and 1. */
const categoricalHinge: LossFormula = (n, prediction, target) => {
  const right = overLast(n, n.add('multiply', {}, target, prediction));
  const others = n.add('multiply', {}, n.add('subtract', {}, n.number(1), target), prediction);
  const wrong = n.add('max', { axes: [-1], keep: false }, others);
  return mean(n, n.add('relu', {}, n.add('add', {}, n.add('subtract', {}, wrong, right), n.number(1))));
};

/** x + softplus(-2x) - ln 2 with x = f - y. */
const logCosh: LossFormula = (n, prediction, target) => {
  const x = n.add('subtract', {}, prediction, target);
  const soft = n.add('softplus', { beta: 1, threshold: 20 }, n.add('multiply', {}, x, n.number(-2)));
  return mean(n, n.add('subtract', {}, n.add('add', {}, x, soft), n.number(Math.LN2)));
};

/** f - y ln(f + ε). */
const poisson: LossFormula = (n, prediction, target) => {
  const logarithm = n.add('log', {}, n.add('add', {}, prediction, n.number(fuzz)));
  return mean(n, n.add('subtract', {}, prediction, n.add('multiply', {}, target, logarithm)));
};

/** Σ y ln(y / f), both clipped to [ε, 1]. */
const divergence: LossFormula = (n, prediction, target) => {
  const clipped = (x: TraceNode): TraceNode => n.add('clamp', { low: fuzz, high: 1 }, x);
  const [f, y] = [clipped(prediction), clipped(target)];
  const ratio = n.add('subtract', {}, n.add('log', {}, y), n.add('log', {}, f));
  return mean(n, overLast(n, n.add('multiply', {}, y, ratio)));
};

/** -Σ of the products of both as unit vectors. */
const cosine: LossFormula = (n, prediction, target) => {
  const unit = (x: TraceNode): TraceNode => {
    const squares = n.add('sum', { axes: [-1], keep: true }, square(n, x));
    return n.add('divide', {}, x, n.add('sqrt', {}, atLeast(n, squares, 1e-12)));
  };
  return n.add('negate', {}, mean(n, overLast(n, n.add('multiply', {}, unit(target), unit(prediction)))));
};

/** The squared difference of ln(1 + x), both not below ε. */
const squaredLogarithms: LossFormula = (n, prediction, target) => {
  const logarithm = (x: TraceNode): TraceNode => n.add('log', {}, n.add('add', {}, atLeast(n, x, fuzz), n.number(1)));
  return mean(n, square(n, n.add('subtract', {}, logarithm(prediction), logarithm(target))));
};

/** 100 |y - f| / max(|y|, ε). */
const percentage: LossFormula = (n, prediction, target) => {
  const size = atLeast(n, n.add('abs', {}, target), fuzz);
  const error = n.add('abs', {}, n.add('subtract', {}, target, prediction));
  return n.add('multiply', {}, mean(n, n.add('divide', {}, error, size)), n.number(100));
};

/** Losses by their names without underscores, in small letters. */
export const lossFormulas: Readonly<Record<string, LossFormula>> = {
  hinge: (n, prediction, target) => mean(n, shortfall(n, prediction, target)),
  squaredhinge: (n, prediction, target) => mean(n, square(n, shortfall(n, prediction, target))),
  categoricalhinge: categoricalHinge,
  logcosh: logCosh,
  poisson,
  kldivergence: divergence,
  kullbackleiblerdivergence: divergence,
  kld: divergence,
  cosinesimilarity: cosine,
  cosineproximity: cosine,
  meansquaredlogarithmicerror: squaredLogarithms,
  msle: squaredLogarithms,
  meanabsolutepercentageerror: percentage,
  mape: percentage,
};

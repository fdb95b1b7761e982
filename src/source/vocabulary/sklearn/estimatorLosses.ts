import type { Size } from '../../../graph/size';
import type { SourceRange } from '../../../records/source';
import type { Machine } from '../../interpret/machine';
import type { TraceNode } from '../../values/trace';

/** The mean loss of a linear estimator over rows; `classes` is null for numbers as targets. */
export type LinearLoss = (
  m: Machine,
  output: TraceNode,
  target: TraceNode,
  classes: Size | null,
  range: SourceRange,
) => TraceNode;

/** Targets as columns of 0 and 1: one for two classes, one for each of several. */
function zeroOne(m: Machine, target: TraceNode, classes: Size | null, range: SourceRange): TraceNode {
  const columns =
    classes === 2
      ? m.trace.add('reshape', { shape: [-1, 1] }, [target], range)
      : m.trace.add('oneHot', { classes: classes ?? 1 }, [target], range);
  return m.trace.add('cast', { to: 'float' }, [columns], range);
}

const scaled = (m: Machine, x: TraceNode, factor: number, range: SourceRange): TraceNode =>
  m.trace.add('multiply', {}, [x, m.trace.constant(factor, range)], range);

/** y f(x) with y = ±1: each class against the others. */
function margin(m: Machine, output: TraceNode, target: TraceNode, classes: Size | null, range: SourceRange): TraceNode {
  const doubled = scaled(m, zeroOne(m, target, classes, range), 2, range);
  const signs = m.trace.add('subtract', {}, [doubled, m.trace.constant(1, range)], range);
  return m.trace.add('multiply', {}, [output, signs], range);
}

/** The sum over the classes, then the mean over the rows: each class is a problem of its own. */
function overRows(m: Machine, x: TraceNode, range: SourceRange): TraceNode {
  const rows = m.trace.add('sum', { axes: [1], keep: false }, [x], range);
  return m.trace.add('mean', { axes: null, keep: false }, [rows], range);
}

/** max(0, bound - y f)^power. */
const hinge =
  (bound: number, power: 1 | 2): LinearLoss =>
  (m, output, target, classes, range) => {
    const short = m.trace.add('subtract', {}, [m.trace.constant(bound, range), margin(m, output, target, classes, range)], range);
    const missed = m.trace.add('relu', {}, [short], range);
    return overRows(m, power === 1 ? missed : m.trace.add('power', { exponent: 2 }, [missed], range), range);
  };

const logistic: LinearLoss = (m, output, target, classes, range) => {
  const labels = zeroOne(m, target, classes, range);
  const reduction = classes === 2 ? 'mean' : 'none';
  const loss = m.trace.add('bceWithLogits', { reduction, positiveWeight: null }, [output, labels], range);
  return classes === 2 ? loss : overRows(m, loss, range);
};

/** All classes together, as LogisticRegression has them. */
const softmax: LinearLoss = (m, output, target, classes, range) =>
  classes === 2
    ? logistic(m, output, target, classes, range)
    : m.trace.add(
        'crossEntropy',
        { reduction: 'mean', labelSmoothing: 0, weight: null, ignoreIndex: -100 },
        [output, target],
        range,
      );

/** Numbers as a column; class numbers as scikit-learn's ±1. */
function wanted(m: Machine, target: TraceNode, classes: Size | null, range: SourceRange): TraceNode {
  if (classes === null) return target.shape?.length === 2 ? target : m.trace.add('reshape', { shape: [-1, 1] }, [target], range);
  const doubled = scaled(m, zeroOne(m, target, classes, range), 2, range);
  return m.trace.add('subtract', {}, [doubled, m.trace.constant(1, range)], range);
}

/** (f - y)², without a half. */
export const squaredLoss: LinearLoss = (m, output, target, classes, range) =>
  m.trace.add('mse', { reduction: 'mean' }, [output, wanted(m, target, classes, range)], range);

/** Half the squared error, as stochastic descent has it. */
const halfSquared: LinearLoss = (m, output, target, classes, range) =>
  scaled(m, squaredLoss(m, output, target, classes, range), 0.5, range);

const huber =
  (delta: number): LinearLoss =>
  (m, output, target, classes, range) =>
    m.trace.add('huber', { reduction: 'mean', delta }, [output, wanted(m, target, classes, range)], range);

/** The losses of SGDClassifier and SGDRegressor by name, old names too; null for those that are not read. */
export function linearLosses(name: string, epsilon: number, classifier: boolean): LinearLoss | null {
  switch (name) {
    case 'hinge':
      return hinge(1, 1);
    case 'squared_hinge':
      return hinge(1, 2);
    case 'perceptron':
      return hinge(0, 1);
    case 'log_loss':
    case 'log':
      return logistic;
    case 'softmax':
      return softmax;
    case 'squared_error':
    case 'squared_loss':
      return classifier ? null : halfSquared;
    case 'huber':
      return classifier ? null : huber(epsilon);
    default:
      return null;
  }
}

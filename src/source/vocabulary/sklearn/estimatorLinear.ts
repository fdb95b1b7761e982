import type { Size } from '../../../graph/size';
import type { DecayCurve } from '../../../records/optimizer';
import type { Sourced } from '../../../records/source';
import type { Arguments } from '../../interpret/call';
import type { Machine } from '../../interpret/machine';
import { axisSize } from '../../interpret/tensors';
import type { Estimator } from '../../values/estimators';
import { byDefault } from '../../values/origin';
import type { GroupCells } from '../../values/training';
import type { ParameterCell, TraceNode } from '../../values/trace';
import type { Learner, LearnerRows } from './estimatorLearner';
import { linearLosses, squaredLoss, type LinearLoss } from './estimatorLosses';
import { newCell } from '../layers/layers';
import { classesOf } from './rows';

/** Arguments of the linear estimators in their order. */
export const linearNames: Readonly<Record<string, string>> = {
  SGDClassifier: 'loss',
  SGDRegressor: 'loss',
  LogisticRegression: 'penalty',
  LinearRegression: '',
  Ridge: 'alpha',
  RidgeClassifier: 'alpha',
};

interface Line {
  readonly weight: ParameterCell;
  readonly bias: ParameterCell | null;
  readonly output: (x: TraceNode) => TraceNode;
  /** Null for numbers as targets. */
  readonly classes: Size | null;
}

/** One layer of weights that starts at zero. Two classes share one column. */
function lineOf(m: Machine, e: Estimator, a: Arguments, { x, y, classifier }: LearnerRows): Line {
  const classes = classifier ? classesOf(m, y) : null;
  const columns: Size = classes === null ? (y.shape?.length === 2 ? axisSize(m, y, 1) : 1) : classes === 2 ? 1 : classes;
  const into = axisSize(m, x, 1);
  const cell = (shape: readonly Size[], name: string): ParameterCell => {
    const made = newCell(shape, { kind: 'constant', value: 0 }, e.range, true);
    made.name = name;
    return made;
  };
  const weight = cell([columns, into], 'coef_');
  const bias = a.boolean('fit_intercept', true) ? cell([columns], 'intercept_') : null;
  const parameters: Record<string, ParameterCell> = bias ? { weight, bias } : { weight };
  const output = (input: TraceNode): TraceNode =>
    m.trace.add('linear', { in: into, out: columns }, [input], e.range, { parameters });
  return { weight, bias, output, classes };
}

const buildOf =
  (m: Machine, e: Estimator, line: Line, loss: LinearLoss): Learner['build'] =>
  (x, y) => {
    const output = line.output(x);
    return { kind: 'built', output, loss: loss(m, output, y, line.classes, e.range) };
  };

/** How SGDClassifier and SGDRegressor lower their rate: the base rate with the factor on it. */
function rateOf(
  e: Estimator,
  a: Arguments,
  classifier: boolean,
): { readonly rate: Sourced<number>; readonly curve: DecayCurve | null } {
  const form = a.string('learning_rate', classifier ? 'optimal' : 'invscaling');
  const eta = (): Sourced<number> => {
    if (classifier && !a.given('eta0')) a.reject('eta0', 'The first rate `eta0` of this schedule is not given');
    return a.sourcedNumber('eta0', 0.01);
  };
  switch (form) {
    case 'constant':
      return { rate: eta(), curve: null };
    case 'invscaling':
      return { rate: eta(), curve: { kind: 'inversePower', power: a.number('power_t', classifier ? 0.5 : 0.25) } };
    case 'optimal': {
      // Bottou's heuristic: 1 / (alpha (t0 + t)), the first step as long as a weight is wide.
      const alpha = a.sourcedNumber('alpha', 1e-4);
      const typical = Math.sqrt(1 / Math.sqrt(alpha.value));
      return {
        rate: { ...byDefault(typical, e.name), place: alpha.place },
        curve: { kind: 'inverseTime', length: 1 / (typical * alpha.value), gamma: 1, staircase: false },
      };
    }
    default:
      a.reject('learning_rate', 'This schedule of the learning rate is not followed');
      return { rate: byDefault(0.01, e.name), curve: null };
  }
}

const unfollowed = ['class_weight', 'average', 'warm_start'];

/** SGDClassifier and SGDRegressor: one row a step, the rows mixed each epoch, the penalty as a decay of the weights. */
export function stochasticLearner(m: Machine, e: Estimator, a: Arguments, rows: LearnerRows): Learner {
  const { classifier } = rows;
  const name = a.string('loss', classifier ? 'hinge' : 'squared_error');
  const loss = linearLosses(name, a.number('epsilon', 0.1), classifier);
  if (!loss) a.reject('loss', 'This loss is not read');
  const penalty = a.value('penalty')?.kind === 'none' ? 'none' : a.string('penalty', 'l2');
  if (penalty !== 'l2' && penalty !== 'none') a.reject('penalty', 'This penalty is not followed');
  for (const argument of unfollowed)
    if (a.given(argument) && !(a.value(argument)?.kind === 'boolean' && !a.boolean(argument, false)))
      a.reject(argument, `\`${argument}\` is not followed`);
  const line = lineOf(m, e, a, rows);
  const { rate, curve } = rateOf(e, a, classifier);
  const alpha = a.sourcedNumber('alpha', 1e-4);
  const groups: GroupCells[] = [
    { cells: [line.weight], ...(penalty === 'l2' ? { weightDecay: alpha } : {}) },
    ...(line.bias ? [{ cells: [line.bias] }] : []),
  ];
  const zero = byDefault(0, e.name);
  return {
    build: buildOf(m, e, line, loss ?? squaredLoss),
    kind: 'sgd',
    learningRate: rate,
    settings: { momentum: zero, dampening: zero, weightDecay: zero, nesterov: byDefault(false, e.name) },
    groups,
    batchSize: byDefault(1, e.name),
    epochs: 1000,
    schedule: curve,
    rateName: a.string('learning_rate', classifier ? 'optimal' : '') === 'optimal' ? null : 'eta0',
  };
}

/** Adds factor · Σ w² to a loss. */
const withPenalty =
  (loss: LinearLoss, weight: ParameterCell, factor: number): LinearLoss =>
  (m, output, y, classes, range) => {
    const plain = loss(m, output, y, classes, range);
    const squares = m.trace.add('power', { exponent: 2 }, [m.trace.parameter(weight, range)], range);
    const sum = m.trace.add('sum', { axes: null, keep: false }, [squares], range);
    const weighed = m.trace.add('multiply', {}, [sum, m.trace.constant(factor, range)], range);
    return m.trace.add('add', {}, [plain, weighed], range);
  };

/**
 * LogisticRegression, LinearRegression and Ridge: the problem that they solve, divided by the rows. Their solvers know no
 * learning rate, so that there is nothing to run step by step.
 */
export function solvedLearner(m: Machine, e: Estimator, a: Arguments, rows: LearnerRows): Learner {
  const name = e.path.split('.').pop() ?? '';
  const line = lineOf(m, e, a, rows);
  const count = rows.x.shape?.[0];
  const logistic = name === 'LogisticRegression';
  const penalty = a.argument('penalty')?.value.kind === 'none' ? 'none' : a.string('penalty', 'l2');
  const strength = logistic
    ? penalty === 'l2'
      ? 0.5 / a.number('C', 1)
      : 0
    : name === 'Ridge' || name === 'RidgeClassifier'
      ? a.number('alpha', 1)
      : 0;
  const base = logistic ? (linearLosses('softmax', 0, true) ?? squaredLoss) : squaredLoss;
  const loss = typeof count === 'number' && strength > 0 ? withPenalty(base, line.weight, strength / count) : base;
  const solver = logistic ? a.string('solver', 'lbfgs') : null;
  a.reject(
    'solver',
    solver
      ? `${name} is solved by ${solver}, which searches its own steps: there is no learning rate to follow. What is said comes from the data and from the form of the loss`
      : `${name} is solved at once, without steps and without a learning rate. What is said comes from the data and from the form of the loss`,
  );
  return {
    build: buildOf(m, e, line, loss),
    kind: 'unsupported',
    learningRate: null,
    settings: null,
    groups: [{ cells: [line.weight, ...(line.bias ? [line.bias] : [])] }],
    batchSize: null,
    epochs: 100,
    schedule: null,
    rateName: null,
  };
}

import type { Size } from '../../../graph/size';
import type { ScheduleRule } from '../../../records/optimizer';
import type { SourceRange, Sourced } from '../../../records/source';
import { numbersOf, sizeOf, type Arguments } from '../../interpret/call';
import type { Built } from '../../interpret/fitting';
import type { Machine } from '../../interpret/machine';
import { axisSize } from '../../interpret/tensors';
import { byDefault } from '../../values/origin';
import type { Estimator } from '../../values/estimators';
import type { GroupCells, OptimizerValue } from '../../values/training';
import type { CellInitializer, ParameterCell, TraceNode } from '../../values/trace';
import { newCell } from '../layers/layers';
import type { Learner, LearnerRows } from './estimatorLearner';
import { classesOf } from './rows';

/** Arguments of scikit-learn's multilayer perceptrons in their order. */
export const networkNames =
  'hidden_layer_sizes activation solver alpha batch_size learning_rate learning_rate_init power_t max_iter shuffle random_state tol verbose warm_start momentum nesterovs_momentum early_stopping validation_fraction beta_1 beta_2 epsilon n_iter_no_change max_fun';

const activations = { identity: null, logistic: 'sigmoid', tanh: 'tanh', relu: 'relu' } as const;

/** Glorot's uniform as scikit-learn draws it: weights and biases from the same interval. */
function layerCells(
  into: Size,
  out: Size,
  logistic: boolean,
  range: SourceRange,
  index: number,
): Record<'weight' | 'bias', ParameterCell> {
  const factor = logistic ? 2 : 6;
  const bound = typeof into === 'number' && typeof out === 'number' ? Math.sqrt(factor / (into + out)) : null;
  const weight: CellInitializer = { kind: 'xavierUniform', gain: Math.sqrt(factor / 6) };
  const offset: CellInitializer = bound === null ? { kind: 'constant', value: 0 } : { kind: 'uniform', low: -bound, high: bound };
  const cells = { weight: newCell([out, into], weight, range, true), bias: newCell([out], offset, range, true) };
  cells.weight.name = `coefs_.${index}`;
  cells.bias.name = `intercepts_.${index}`;
  return cells;
}

function network(
  m: Machine,
  e: Estimator,
  a: Arguments,
  { x, y, classifier }: LearnerRows,
): { readonly build: Learner['build']; readonly cells: ParameterCell[] } {
  const name = a.string('activation', 'relu') as keyof typeof activations;
  const classes = classifier ? classesOf(m, y) : null;
  const binary = classes === 2;
  const targets = !classifier && y.shape?.length === 2 ? axisSize(m, y, 1) : 1;
  const last: Size = classes === null ? targets : binary ? 1 : classes;
  const sizes: Size[] = [axisSize(m, x, 1), ...(hiddenSizes(a) ?? []), last];
  const layers = sizes.slice(1).map((out, i) => layerCells(sizes[i] ?? 1, out, name === 'logistic', e.range, i));
  const cells = layers.flatMap((l) => [l.weight, l.bias]);
  const build = (input: TraceNode, target: TraceNode): Built => {
    let node = input;
    layers.forEach((parameters, i) => {
      node = m.trace.add('linear', { in: sizes[i] ?? 1, out: sizes[i + 1] ?? 1 }, [node], e.range, { parameters });
      const kind = i + 1 < layers.length ? activations[name] : null;
      if (kind) node = m.trace.add(kind, {}, [node], e.range);
    });
    if (classes !== null && !binary)
      return {
        kind: 'built',
        output: node,
        loss: m.trace.add(
          'crossEntropy',
          { reduction: 'mean', labelSmoothing: 0, weight: null, ignoreIndex: -100 },
          [node, target],
          e.range,
        ),
      };
    const column = target.shape?.length === 2 ? target : m.trace.add('reshape', { shape: [-1, 1] }, [target], e.range);
    if (binary) {
      const labels = target.integer ? m.trace.add('cast', { to: 'float' }, [column], e.range) : column;
      return {
        kind: 'built',
        output: node,
        loss: m.trace.add('bceWithLogits', { reduction: 'mean', positiveWeight: null }, [node, labels], e.range),
      };
    }
    // scikit-learn's squared loss has a factor of one half.
    const squared = m.trace.add('mse', { reduction: 'mean' }, [node, column], e.range);
    return { kind: 'built', output: node, loss: m.trace.add('multiply', {}, [squared, m.trace.constant(0.5, e.range)], e.range) };
  };
  return { build, cells };
}

function hiddenSizes(a: Arguments): Size[] | null {
  const value = a.value('hidden_layer_sizes');
  if (!value || value.kind === 'none') return [100];
  const single = sizeOf(value);
  if (single !== null) return [single];
  return numbersOf(value);
}

function settingsOf(a: Arguments, e: Estimator, solver: string): OptimizerValue['settings'] {
  const zero = byDefault(0, e.name);
  return solver === 'sgd'
    ? {
        momentum: a.sourcedNumber('momentum', 0.9),
        dampening: zero,
        weightDecay: zero,
        nesterov: a.sourcedBoolean('nesterovs_momentum', true),
      }
    : {
        beta1: a.sourcedNumber('beta_1', 0.9),
        beta2: a.sourcedNumber('beta_2', 0.999),
        epsilon: a.sourcedNumber('epsilon', 1e-8),
        weightDecay: zero,
        amsgrad: byDefault(false, e.name),
      };
}

/** How the rate falls after each epoch: by the rows that were seen, or to a fifth when the loss no longer falls. */
function loweringOf(a: Arguments, rows: unknown): ScheduleRule | null {
  switch (a.string('learning_rate', 'constant')) {
    case 'constant':
      return null;
    case 'adaptive':
      return {
        kind: 'reduceOnPlateau',
        factor: 0.2,
        patience: a.number('n_iter_no_change', 10),
        threshold: a.number('tol', 1e-4),
        thresholdMode: 'abs',
        smallestChange: 0,
        minimum: 0,
        of: 'training',
      };
    case 'invscaling': {
      if (typeof rows !== 'number') break;
      const power = a.number('power_t', 0.5);
      const epochs = Math.min(5_000, a.number('max_iter', 200));
      return { kind: 'table', factors: Array.from({ length: epochs }, (_, epoch) => (epoch * rows + 1) ** -power) };
    }
  }
  a.reject('learning_rate', 'This schedule of the learning rate is not followed');
  return null;
}

/** MLPClassifier and MLPRegressor, trained as they are: batches of 200, 200 epochs, Adam at 0.001. */
export function networkLearner(m: Machine, e: Estimator, a: Arguments, rows: LearnerRows): Learner {
  const solver = a.string('solver', 'adam');
  const known = solver === 'sgd' || solver === 'adam';
  if (!hiddenSizes(a)) a.reject('hidden_layer_sizes', 'The sizes of the hidden layers could not be read');
  if (!Object.hasOwn(activations, a.string('activation', 'relu'))) a.reject('activation', 'This activation is not known');
  if (!known) a.reject('solver', `The solver ${solver} searches its own steps: there is no learning rate to follow`);
  const count = rows.x.shape?.[0];
  const perEpoch = solver === 'sgd' ? loweringOf(a, count) : null;
  const auto = !a.given('batch_size') || a.value('batch_size')?.kind === 'string';
  const batch: Sourced<number> = auto
    ? byDefault(typeof count === 'number' ? Math.min(200, count) : 200, e.name)
    : a.sourcedNumber('batch_size');
  if (rows.x.shape === null) m.assume('The first biases start at zero: their interval depends on the number of columns', e.range);
  const { build, cells } = network(m, e, a, rows);
  const alpha = a.sourcedNumber('alpha', 1e-4);
  // The penalty is alpha / 2 of the squared weights, divided by the rows of the batch.
  const groups: GroupCells[] = [
    { cells: cells.filter((_, i) => i % 2 === 0), weightDecay: { ...alpha, value: alpha.value / Math.max(1, batch.value) } },
    { cells: cells.filter((_, i) => i % 2 === 1) },
  ];
  return {
    build,
    kind: known ? (solver === 'sgd' ? 'sgd' : 'adam') : 'unsupported',
    learningRate: known ? a.sourcedNumber('learning_rate_init', 1e-3) : null,
    settings: known ? settingsOf(a, e, solver) : null,
    groups,
    batchSize: batch,
    epochs: 200,
    schedule: null,
    perEpoch,
    rateName: 'learning_rate_init',
  };
}

import type { Size } from '../../graph/size';
import type { SourceRange, Sourced } from '../../records/source';
import { Arguments, numbersOf, plainCall, sizeOf, type Call, type Handler } from '../interpret/call';
import { recordFitting, type Built } from '../interpret/fitting';
import type { Machine } from '../interpret/machine';
import { axisSize } from '../interpret/tensors';
import { byDefault } from '../values/origin';
import type { Array as DataArray, Scaler } from '../values/dataValues';
import type { Estimator } from '../values/estimators';
import type { OptimizerValue } from '../values/training';
import type { CellInitializer, ParameterCell, TraceNode } from '../values/trace';
import { none, numberValue, unknown, unreadable, type Value } from '../values/value';
import type { FunctionTable, MethodTable } from './functionTable';
import { newCell } from './layers';
import { scalerMethods } from './sklearn';
import { asTensor } from './tables';

const argumentsOf = (e: Estimator, call: Call, names: string): Arguments =>
  new Arguments({ ...call, range: e.range, name: e.name, positional: e.positional, keywords: e.keywords, unclear: null }, names);

const names =
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

/** Classes of a target column: counted when it comes from a table that is known, else a symbol. */
function classesOf(m: Machine, y: DataArray): Size {
  let index = y.step;
  for (let hops = 0; hops < 20; hops++) {
    const step = m.program.steps[index];
    if (step?.kind === 'bundled') return { iris: 3, wine: 3, digits: 10, breast_cancer: 2, diabetes: 0 }[step.arguments.table];
    if (!step || !['part', 'trainTestSplit', 'cast', 'toTensor'].includes(step.kind)) break;
    const position =
      step.kind === 'part' && m.program.steps[step.inputs[0] ?? -1]?.kind === 'trainTestSplit'
        ? Math.floor(step.arguments.index / 2)
        : 0;
    const whole = step.kind === 'part' ? m.program.steps[step.inputs[0] ?? -1] : null;
    index = whole?.kind === 'trainTestSplit' ? (whole.inputs[position] ?? -1) : (step.inputs[0] ?? -1);
  }
  return m.program.symbol(y.step, { kind: 'unique' });
}

interface Plan {
  readonly e: Estimator;
  readonly a: Arguments;
  readonly classifier: boolean;
  readonly hidden: readonly Size[];
  readonly x: DataArray;
  readonly y: DataArray;
}

function network(
  m: Machine,
  plan: Plan,
): { readonly build: (x: TraceNode, y: TraceNode) => Built | Value; readonly cells: ParameterCell[] } {
  const { e, a, classifier, hidden, x, y } = plan;
  const name = a.string('activation', 'relu') as keyof typeof activations;
  const classes = classifier ? classesOf(m, y) : null;
  const binary = classes === 2;
  const last: Size = classes === null || binary ? 1 : classes;
  const sizes: Size[] = [axisSize(m, x, 1), ...hidden, last];
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
    const column = m.trace.add('reshape', { shape: [-1, 1] }, [target], e.range);
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

function optimizerOf(plan: Plan, cells: readonly ParameterCell[], batch: Sourced<number>, call: Call): OptimizerValue {
  const { e, a } = plan;
  const solver = a.string('solver', 'adam');
  const zero = byDefault(0, e.name);
  const alpha = a.sourcedNumber('alpha', 1e-4);
  const weights = cells.filter((_, i) => i % 2 === 0);
  const biases = cells.filter((_, i) => i % 2 === 1);
  const problems = [...a.problems];
  if (solver === 'lbfgs') problems.push({ text: 'The solver lbfgs is not followed', range: a.range('solver') });
  if (solver === 'sgd' && a.string('learning_rate', 'constant') !== 'constant')
    problems.push({ text: 'This schedule of the learning rate is not followed', range: a.range('learning_rate') });
  const settings: OptimizerValue['settings'] =
    solver === 'sgd'
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
  return {
    kind: 'optimizer',
    framework: 'sklearn',
    name: solver === 'sgd' ? 'sgd' : solver === 'adam' ? 'adam' : 'unsupported',
    path: e.path,
    learningRate: a.sourcedNumber('learning_rate_init', 1e-3),
    settings,
    maximize: false,
    call: e.range,
    nameRange: e.name,
    parametersArgument: e.range,
    // The penalty is alpha / 2 of the squared weights, divided by the rows of the batch.
    groups: [{ cells: weights, weightDecay: { ...alpha, value: alpha.value / Math.max(1, batch.value) } }, { cells: biases }],
    problems,
    enclosing: call.machine.callStack[call.machine.callStack.length - 1]?.name ?? null,
    variable: 'model',
  };
}

function fit(e: Estimator, call: Call): Value {
  const m = call.machine;
  const [given, target] = [
    call.positional[0]?.value ?? call.keywords.get('X')?.value ?? unknown,
    call.positional[1]?.value ?? call.keywords.get('y')?.value ?? unknown,
  ];
  const a = argumentsOf(e, call, names);
  const sizes = hiddenSizes(a);
  if (!sizes) a.reject('hidden_layer_sizes', 'The sizes of the hidden layers could not be read');
  const scaled = e.before.reduce<Value>(
    (x, scaler) =>
      scaler.kind === 'scaler'
        ? (scalerMethods['fit_transform']?.(scaler, plainCall(call, [x])) ?? unknown)
        : unreadable('A step of this pipeline is not read', e.range),
    given,
  );
  if (m.replay) return e;
  if (scaled.kind !== 'array' || target.kind !== 'array') {
    const bad = scaled.kind === 'array' ? target : scaled;
    const reason =
      bad.kind === 'unknown' && bad.reason ? bad.reason : { text: 'The data of this call could not be read', range: call.range };
    const placeholder = { step: 0 } as DataArray;
    const optimizer = optimizerOf(
      { e, a, classifier: false, hidden: [], x: placeholder, y: placeholder },
      [],
      byDefault(200, e.name),
      call,
    );
    m.record(e.range, { kind: 'optimizer', optimizer });
    m.record(call.range, { kind: 'backward', loss: null, reason });
    m.record(call.range, { kind: 'step', optimizer });
    return e;
  }
  const [x, y] = [asTensor(scaled, call), asTensor(target, call)];
  const plan: Plan = { e, a, classifier: e.path.endsWith('Classifier'), hidden: sizes ?? [], x, y };
  const auto = !a.given('batch_size') || a.value('batch_size')?.kind === 'string';
  const rows = x.shape?.[0];
  const batch = auto ? byDefault(typeof rows === 'number' ? Math.min(200, rows) : 200, e.name) : a.sourcedNumber('batch_size');
  const made = network(m, plan);
  if (x.shape === null) m.assume('The first biases start at zero: their interval depends on the number of columns', e.range);
  m.assume('scikit-learn’s own stop when the loss no longer falls is not followed', e.range);
  const seed = a.argument('random_state');
  if (seed?.value.kind === 'number') m.record(e.range, { kind: 'seed', seed: a.sourcedNumber('random_state') });
  recordFitting(m, {
    call,
    model: e,
    epochs: a.value('max_iter') ?? { ...numberValue(200, true), origin: { place: e.name, chain: [] } },
    batchSize: batch,
    shuffle: a.sourcedBoolean('shuffle', true),
    train: { x: [x], y: [y] },
    validation: null,
    build: ([input], [labels]) => (input && labels ? made.build(input, labels) : unknown),
    optimizer: () => optimizerOf(plan, made.cells, batch, call),
  });
  return e;
}

function hiddenSizes(a: Arguments): Size[] | null {
  const value = a.value('hidden_layer_sizes');
  if (!value || value.kind === 'none') return [100];
  const single = sizeOf(value);
  if (single !== null) return [single];
  return numbersOf(value);
}

/** Methods of estimators. */
export const estimatorMethods: MethodTable<Estimator> = {
  fit,
  predict: () => unknown,
  predict_proba: () => unknown,
  score: () => unknown,
};

const estimator =
  (path: string): Handler =>
  (call) => {
    const value: Estimator = {
      kind: 'estimator',
      path,
      range: call.range,
      name: call.name,
      keywords: call.keywords,
      positional: call.positional,
      before: [],
    };
    return value;
  };

function pipeline(steps: readonly Value[], call: Call): Value {
  const last = steps[steps.length - 1] ?? none;
  if (last.kind !== 'estimator') return unknown;
  const before = steps.slice(0, -1).map((s): Value => (s.kind === 'scaler' ? ({ ...s, fit: null } satisfies Scaler) : s));
  call.machine.tick();
  return { ...last, before };
}

/** Estimators of scikit-learn that are trained by gradient steps, and pipelines of them. */
export const estimatorTable: FunctionTable = {
  'sklearn.neural_network.MLPClassifier': estimator('sklearn.neural_network.MLPClassifier'),
  'sklearn.neural_network.MLPRegressor': estimator('sklearn.neural_network.MLPRegressor'),
  'sklearn.pipeline.make_pipeline': (call) =>
    pipeline(
      call.positional.map((a) => a.value),
      call,
    ),
  'sklearn.pipeline.Pipeline': (call) => {
    const list = call.positional[0]?.value ?? call.keywords.get('steps')?.value;
    return pipeline(
      list?.kind === 'list' ? list.items.map((item) => (item.kind === 'list' ? (item.items[1] ?? unknown) : unknown)) : [],
      call,
    );
  },
};

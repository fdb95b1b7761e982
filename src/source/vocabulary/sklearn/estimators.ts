import { Arguments, type Argument, type Call, type Handler } from '../../interpret/call';
import { arrayOr, fromOutside, rowsFromOutside } from '../../interpret/outsideRows';
import { recordFitting, recordUnread, type Rows } from '../../interpret/fitting';
import { dataStep, partOf } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import type { Estimator } from '../../values/estimators';
import type { OptimizerValue, ScheduleValue } from '../../values/training';
import type { LoopContext } from '../../values/value';
import { none, numberValue, stringValue, unknown, unreadable, type Value } from '../../values/value';
import type { Learner, LearnerRows } from './estimatorLearner';
import { linearNames, solvedLearner, stochasticLearner } from './estimatorLinear';
import { networkLearner, networkNames } from './estimatorNetwork';
import type { FunctionTable, MethodTable } from '../functionTable';
import { fitWrapped, isKerasWrapper } from '../keras/wrappers';
import { search } from './estimatorSearch';
import { classNumbers, transformed, transformerSequence, transformerTable } from './rows';
import { asTensor } from '../tables/tables';
import { madeOf } from '../tensors/torchTensors';

const shortName = (e: Estimator): string => e.path.split('.').pop() ?? '';

const isClassifier = (e: Estimator): boolean => shortName(e).endsWith('Classifier') || shortName(e) === 'LogisticRegression';

function argumentsOf(e: Estimator, call: Call): Arguments {
  const names = shortName(e).startsWith('MLP') ? networkNames : (linearNames[shortName(e)] ?? '');
  return new Arguments(
    { ...call, range: e.range, name: e.name, positional: e.positional, keywords: e.keywords, unclear: null },
    names,
  );
}

function learnerOf(e: Estimator, a: Arguments, rows: LearnerRows): Learner {
  const m = a.call.machine;
  const name = shortName(e);
  if (name.startsWith('MLP')) return networkLearner(m, e, a, rows);
  return name.startsWith('SGD') ? stochasticLearner(m, e, a, rows) : solvedLearner(m, e, a, rows);
}

function optimizerOf(e: Estimator, a: Arguments, learner: Learner | null): OptimizerValue {
  const m = a.call.machine;
  return {
    kind: 'optimizer',
    framework: 'sklearn',
    // scikit-learn writes Adam's epsilon where Keras does.
    form: 'keras',
    name: learner?.kind ?? 'unsupported',
    path: e.path,
    learningRate: learner?.learningRate ?? null,
    settings: learner?.settings ?? null,
    maximize: false,
    call: e.range,
    nameRange: e.name,
    parametersArgument: e.range,
    groups: learner?.groups ?? [],
    problems: [...a.problems],
    enclosing: m.callStack[m.callStack.length - 1]?.name ?? null,
    variable: 'model',
    ...(learner?.rateName === undefined ? {} : { rateName: learner.rateName }),
  };
}

/** The rows that `early_stopping=True` keeps from training to watch the score on. */
function heldOut(rows: LearnerRows, a: Arguments, call: Call): { readonly train: Rows; readonly validation: Rows | null } {
  const whole: Rows = { x: [rows.x], y: [rows.y] };
  if (!a.boolean('early_stopping', false)) return { train: whole, validation: null };
  const m = call.machine;
  const seed = a.value('random_state')?.kind === 'number' ? a.number('random_state') : null;
  const args = {
    testSize: a.number('validation_fraction', 0.1),
    trainSize: null,
    seed,
    shuffle: true,
    stratify: rows.classifier,
  };
  const inputs = rows.classifier ? [rows.x, rows.y, rows.y] : [rows.x, rows.y];
  const split = dataStep(m, 'trainTestSplit', args, inputs, call.range);
  const part = (array: DataArray, index: number): DataArray =>
    partOf(m, split, index, call.range, {
      flavour: array.flavour,
      integer: array.integer,
      shape: array.shape ? [null, ...array.shape.slice(1)] : null,
      range: array.range,
      fault: array.fault,
    });
  return {
    train: { x: [part(rows.x, 0)], y: [part(rows.y, 2)] },
    validation: { x: [part(rows.x, 1)], y: [part(rows.y, 3)] },
  };
}

/** Rows that stand in the script as lists. */
const asRows = (value: Value, call: Call): Value => (value.kind === 'list' ? madeOf(value, null, 'numpy', call) : value);

/** What is not read is rows all the same: nothing else can be given here. */
const orUnread = (value: Value, e: Estimator, call: Call): Value =>
  value.kind === 'unknown' && !e.search
    ? rowsFromOutside(
        call.machine,
        fromOutside(value.reason ?? { text: 'The data of this call could not be read', range: call.range }),
      )
    : value;

/** Trains the estimator on the rows that a call is given. */
function fitOn(e: Estimator, call: Call, given: Value, y: Value): Value {
  const m = call.machine;
  if (m.replay) return e;
  const a = argumentsOf(e, call);
  const rowsGiven = asRows(arrayOr(m, given, call.range), call);
  const labels = asRows(arrayOr(m, y, call.range), call);
  const made = e.before.reduce<Value>((x, step) => transformed(step, x, { ...call, range: e.range }, labels), rowsGiven);
  const [scaled, target] = [orUnread(made, e, call), orUnread(labels, e, call)];
  if (scaled.kind !== 'array' || target.kind !== 'array') {
    const bad = e.search ? unreadable(e.search, call.range) : scaled.kind === 'array' ? target : scaled;
    recordUnread(m, call, optimizerOf(e, a, null), bad, 'The data of this call could not be read');
    return e;
  }
  if (isKerasWrapper(e)) {
    const fitted = fitWrapped(e, call, scaled, target);
    return fitted.kind === 'unknown' ? fitted : e;
  }
  const classifier = isClassifier(e);
  const rows = { x: asTensor(scaled, call), y: classifier ? classNumbers(target, call) : asTensor(target, call), classifier };
  const learner = learnerOf(e, a, rows);
  if (e.search) {
    recordUnread(m, call, optimizerOf(e, a, learner), unreadable(e.search, call.range), '');
    return e;
  }
  const { train, validation } = heldOut(rows, a, call);
  if (learner.learningRate) m.assume('scikit-learn’s own stop when the loss no longer falls is not followed', e.range);
  if (a.argument('random_state')?.value.kind === 'number')
    m.record(e.range, { kind: 'seed', seed: a.sourcedNumber('random_state') });
  recordFitting(m, {
    call,
    model: e,
    epochs: a.value('max_iter') ?? { ...numberValue(learner.epochs, true), origin: { place: e.name, chain: [] } },
    batchSize: learner.batchSize,
    shuffle: a.sourcedBoolean('shuffle', true),
    train,
    validation,
    perStep: (optimizer) => {
      if (!learner.schedule) return;
      const rule = { kind: 'decay', curve: learner.schedule } as const;
      const schedule: ScheduleValue = { kind: 'schedule', optimizer, rule, range: e.range, problems: [] };
      m.schedules.push(schedule);
      m.record(e.range, { kind: 'scheduleStep', schedule, metric: null });
    },
    build: ([x], [y]) => (x && y ? learner.build(x, y) : unknown),
    optimizer: () => optimizerOf(e, a, learner),
    perEpoch: (optimizer) => {
      if (learner.perEpoch) {
        const schedule: ScheduleValue = { kind: 'schedule', optimizer, rule: learner.perEpoch, range: e.range, problems: [] };
        m.schedules.push(schedule);
        m.record(e.range, { kind: 'scheduleStep', schedule, metric: null });
      }
      if (validation) m.record(e.range, { kind: 'earlyStop', patience: a.number('n_iter_no_change', 10) });
    },
  });
  return e;
}

const argument = (call: Call, position: number, name: string): Value =>
  call.positional[position]?.value ?? call.keywords.get(name)?.value ?? unknown;

/** The rows that a batch of the script is taken from, and the loop over batches; a value that says why they are not known. */
function rowsOfBatch(value: Value, call: Call): { readonly rows: DataArray; readonly loop: LoopContext | null } | Value {
  if (value.kind === 'array') return { rows: value, loop: null };
  const source = value.kind === 'tensor' && value.node.kind === 'source' ? value.node.source : null;
  if (value.kind !== 'tensor' || !source?.batch || source.batch.sampling !== 'epochs')
    return value.kind === 'unknown' && value.reason ? value : unreadable('The rows of this call could not be read', call.range);
  const { node } = value;
  const rows: DataArray = {
    kind: 'array',
    step: source.step,
    flavour: 'numpy',
    shape: node.shape ? [null, ...node.shape.slice(1)] : null,
    integer: node.integer,
    columns: null,
    range: source.range,
    loop: null,
    mask: false,
    row: false,
    fault: node.fault,
  };
  return { rows, loop: source.batch.loop };
}

/** `partial_fit` in a loop: one pass over the rows that it is given, so that the loop around it counts the epochs. */
function partialFit(e: Estimator, call: Call): Value {
  const m = call.machine;
  if (m.replay) return e;
  const [x, y] = [rowsOfBatch(argument(call, 0, 'X'), call), rowsOfBatch(argument(call, 1, 'y'), call)];
  const bad = [x, y].find((rows) => 'kind' in rows);
  const chunks = 'loop' in x && x.loop !== null;
  if (bad || !('rows' in x) || !('rows' in y) || (chunks && !shortName(e).startsWith('SGD'))) {
    const text = 'Batches of this estimator’s `partial_fit` are not followed';
    const reason = bad && 'kind' in bad ? bad : unreadable(text, call.range);
    recordUnread(m, call, optimizerOf(e, argumentsOf(e, call), null), reason, '');
    return e;
  }
  const at = x.loop ? m.loops.indexOf(x.loop) - 1 : m.loops.length - 1;
  const count = m.loops[at]?.count ?? numberValue(1, true);
  const keywords = new Map([...e.keywords, ['max_iter', { value: count, range: call.range }] as const]);
  fitOn({ ...e, keywords }, call, x.rows, y.rows);
  return e;
}

/** Methods of estimators. */
export const estimatorMethods: MethodTable<Estimator> = {
  fit: (e, call) => fitOn(e, call, argument(call, 0, 'X'), argument(call, 1, 'y')),
  partial_fit: partialFit,
  predict: () => unknown,
  predict_proba: () => unknown,
  decision_function: () => unknown,
  score: () => unknown,
  get_params: () => unknown,
};

const estimator =
  (path: string): Handler =>
  (call) => {
    if (call.unclear) return { kind: 'unknown', reason: call.unclear };
    const { range, name, keywords, positional } = call;
    return { kind: 'estimator', path, range, name, keywords, positional, before: [] };
  };

/** SGDClassifier with the perceptron's loss, a constant rate of 1 and no penalty. */
const perceptron: Handler = (call) => {
  const fixed = (value: Value): Argument => ({ value, range: call.name });
  const keywords = new Map<string, Argument>([
    ['eta0', fixed({ ...numberValue(1, false), origin: { place: call.name, chain: [] } })],
    ['penalty', fixed(none)],
    ...call.keywords,
    ['loss', fixed(stringValue('perceptron'))],
    ['learning_rate', fixed(stringValue('constant'))],
  ]);
  return estimator('sklearn.linear_model.SGDClassifier')({ ...call, positional: [], keywords });
};

function pipeline(steps: readonly Value[], call: Call): Value {
  const last = steps[steps.length - 1] ?? none;
  call.machine.tick();
  if (last.kind === 'unknown') return last;
  if (last.kind !== 'estimator') return transformerSequence(steps);
  return { ...last, before: [...steps.slice(0, -1), ...last.before] };
}

const crossValidation: Handler = (call) => {
  const inner = argument(call, 0, 'estimator');
  if (inner.kind !== 'estimator') return unknown;
  call.machine.assume('Of the cross-validation one model is trained, on all rows', call.range);
  fitOn(inner, call, argument(call, 1, 'X'), argument(call, 2, 'y'));
  return unknown;
};

const paths = [
  'sklearn.neural_network.MLPClassifier',
  'sklearn.neural_network.MLPRegressor',
  ...Object.keys(linearNames).map((name) => `sklearn.linear_model.${name}`),
];

/** Estimators of scikit-learn with weights and a loss, and what is put around them. */
export const estimatorTable: FunctionTable = {
  ...Object.fromEntries(paths.map((path): [string, Handler] => [path, estimator(path)])),
  'sklearn.linear_model.Perceptron': perceptron,
  ...transformerTable,
  'sklearn.pipeline.make_pipeline': (call) =>
    pipeline(
      call.positional.map((a) => a.value),
      call,
    ),
  'sklearn.pipeline.Pipeline': (call) => {
    const list = argument(call, 0, 'steps');
    return pipeline(
      list.kind === 'list' ? list.items.map((item) => (item.kind === 'list' ? (item.items[1] ?? unknown) : unknown)) : [],
      call,
    );
  },
  'sklearn.model_selection.GridSearchCV': search,
  'sklearn.model_selection.RandomizedSearchCV': search,
  'sklearn.model_selection.cross_val_score': crossValidation,
  'sklearn.model_selection.cross_validate': crossValidation,
};

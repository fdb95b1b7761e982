import type { Clipping } from '../../../records/experiment';
import type { OptimizerKind, OptimizerSettings } from '../../../records/optimizer';
import type { SourceRange, Sourced } from '../../../records/source';
import { Arguments, plainCall, type Call, type Handler } from '../../interpret/call';
import type { KerasModel } from '../../values/estimators';
import { byDefault } from '../../values/origin';
import type { OptimizerValue } from '../../values/training';
import type { ParameterCell } from '../../values/trace';
import { none, numberValue, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { defaultEpsilon, defaultRate, isEarly } from './version';
import { followCurve, kerasSchedule, kerasScheduleTable } from './schedules';

interface KerasOptimizer {
  readonly kind: OptimizerKind | ((a: Arguments) => OptimizerKind);
  readonly names: string;
  readonly rate: number;
  readonly settings: (a: Arguments) => OptimizerValue['settings'];
  /** Whether its `weight_decay` is followed: Keras shrinks the parameters apart from the gradient in every optimizer. */
  readonly decays?: true;
}

const zero = (a: Arguments): Sourced<number> => byDefault(0, a.call.name);
const moments = (a: Arguments): OptimizerSettings['adamax'] => ({
  beta1: a.sourcedNumber('beta_1', 0.9),
  beta2: a.sourcedNumber('beta_2', 0.999),
  epsilon: a.sourcedNumber('epsilon', defaultEpsilon(a.call.machine)),
  weightDecay: a.sourcedNumber('weight_decay', 0),
});
const adamSettings = (a: Arguments): OptimizerSettings['adam'] => ({
  ...moments(a),
  amsgrad: a.sourcedBoolean('amsgrad', false),
});

/** Optimizers of Keras 3 with its defaults. */
const optimizers: Readonly<Record<string, KerasOptimizer>> = {
  sgd: {
    kind: 'sgd',
    names: 'learning_rate momentum nesterov',
    rate: 0.01,
    settings: (a) => ({
      momentum: a.sourcedNumber('momentum', 0),
      dampening: zero(a),
      weightDecay: zero(a),
      nesterov: a.sourcedBoolean('nesterov', false),
    }),
  },
  // With a decay it is decoupled, which makes AdamW of it.
  adam: {
    kind: (a) => (a.given('weight_decay') ? 'adamw' : 'adam'),
    names: 'learning_rate beta_1 beta_2 epsilon amsgrad weight_decay',
    rate: 1e-3,
    settings: adamSettings,
    decays: true,
  },
  adamw: {
    kind: 'adamw',
    names: 'learning_rate weight_decay beta_1 beta_2 epsilon amsgrad',
    rate: 1e-3,
    settings: (a) =>
      ({ ...adamSettings(a), weightDecay: a.sourcedNumber('weight_decay', 0.004) }) satisfies OptimizerSettings['adamw'],
    decays: true,
  },
  rmsprop: {
    kind: 'rmsprop',
    names: 'learning_rate rho momentum epsilon centered',
    rate: 1e-3,
    settings: (a) => ({
      alpha: a.sourcedNumber('rho', 0.9),
      epsilon: a.sourcedNumber('epsilon', defaultEpsilon(a.call.machine)),
      weightDecay: zero(a),
      momentum: a.sourcedNumber('momentum', 0),
      centered: a.sourcedBoolean('centered', false),
    }),
  },
  adagrad: {
    kind: 'adagrad',
    names: 'learning_rate initial_accumulator_value epsilon',
    rate: 1e-3,
    settings: (a) => ({
      learningRateDecay: zero(a),
      weightDecay: zero(a),
      initialAccumulator: a.sourcedNumber('initial_accumulator_value', isEarly(a.call.machine) ? 0 : 0.1),
      epsilon: a.sourcedNumber('epsilon', defaultEpsilon(a.call.machine)),
    }),
  },
  adadelta: {
    kind: 'adadelta',
    names: 'learning_rate rho epsilon',
    rate: 1e-3,
    settings: (a) => ({
      rho: a.sourcedNumber('rho', 0.95),
      epsilon: a.sourcedNumber('epsilon', defaultEpsilon(a.call.machine)),
      weightDecay: zero(a),
    }),
  },
  adamax: { kind: 'adamax', names: 'learning_rate beta_1 beta_2 epsilon', rate: 1e-3, settings: moments },
  nadam: {
    kind: 'nadam',
    names: 'learning_rate beta_1 beta_2 epsilon weight_decay',
    rate: 1e-3,
    settings: (a) =>
      ({
        ...moments(a),
        momentumDecay: byDefault(1, a.call.name),
        decoupledDecay: byDefault(true, a.call.name),
      }) satisfies OptimizerSettings['nadam'],
    decays: true,
  },
};

/** An optimizer object: it waits for the model. */
const optimizerObject =
  (name: string): Handler =>
  (call) => ({
    kind: 'namespace',
    entries: new Map<string, Value>([
      ['__kerasOptimizer', { kind: 'string', value: name, origin: { place: call.name, chain: [] } }],
      ['__call', { kind: 'bound', receiver: none, name: '' }],
    ]),
    missing: '`%` of an optimizer is not read',
    call,
  });

/** The optimizer that a compiled model was given, over `cells`. */
export function kerasOptimizer(model: KerasModel, cells: readonly ParameterCell[], call: Call): OptimizerValue {
  const compiled = model.compiled;
  const given = compiled?.optimizer ?? null;
  const range: SourceRange = compiled?.range ?? call.range;
  const value = given?.value ?? null;
  const objectCall = value?.kind === 'namespace' ? value.call : undefined;
  const written =
    value?.kind === 'string' ? value.value : value?.kind === 'namespace' ? nameIn(value) : value === null ? 'rmsprop' : null;
  const entry = written === null ? undefined : optimizers[written.toLowerCase()];
  const place =
    value?.kind === 'string' ? (value.origin?.place ?? given?.range ?? range) : (objectCall?.name ?? compiled?.name ?? range);
  const a = new Arguments(objectCall ?? { ...plainCall(call, []), name: place }, entry?.names ?? 'learning_rate');
  const schedule = kerasSchedule(a.value('learning_rate') ?? a.value('lr'), call);
  const usualRate = (): number | undefined =>
    entry && defaultRate(call.machine, (written ?? '').toLowerCase(), entry.rate, place);
  const givenRate = (): Sourced<number> =>
    a.given('lr') ? a.sourcedNumber('lr') : a.sourcedNumber('learning_rate', a.given('learning_rate') ? undefined : usualRate());
  const rate = entry ? (schedule?.rate ?? givenRate()) : null;
  // Old Keras lowers the rate with each batch: η / (1 + decay · t).
  const decay = a.given('decay') ? a.number('decay') : 0;
  const settings = entry?.settings(a) ?? null;
  const text = `The optimizer ${written ?? 'of this model'} is not followed yet`;
  if (a.given('use_ema') && a.boolean('use_ema', false)) a.reject('use_ema', '`use_ema` is not followed');
  if (entry && !entry.decays && a.given('weight_decay'))
    a.reject('weight_decay', 'The weight decay of this optimizer is not followed');
  if (entry) a.rejectOthers(elsewhere);
  const position = changedPositions[(written ?? '').toLowerCase()];
  const changed = position === undefined ? undefined : a.call.positional[position];
  if (changed && changed.value.kind !== 'boolean')
    a.problems.push({ text: 'What this position means depends on the version of Keras', range: changed.range });
  const kind = typeof entry?.kind === 'function' ? entry.kind(a) : entry?.kind;
  const optimizer: OptimizerValue = {
    kind: 'optimizer',
    framework: 'keras',
    form: 'keras',
    name: kind ?? 'unsupported',
    path: `keras.optimizers.${written ?? ''}`,
    learningRate: rate && !Number.isNaN(rate.value) ? rate : null,
    settings,
    maximize: false,
    call: range,
    nameRange: place,
    parametersArgument: range,
    rateName: objectCall?.keywords.has('lr') ? 'lr' : 'learning_rate',
    ...(objectCall ? { rateCall: objectCall.range } : {}),
    groups: [{ cells }],
    problems: entry ? a.problems : [{ text, range: place }],
    enclosing: call.machine.callStack[call.machine.callStack.length - 1]?.name ?? null,
    variable: 'model',
  };
  schedule?.follow(optimizer, call);
  if (decay !== 0)
    followCurve(optimizer, { kind: 'inverseTime', length: 1, gamma: decay, staircase: false }, a.range('decay'), call);
  return optimizer;
}

/** Positions from which on arguments have changed their meaning between versions. */
const changedPositions: Readonly<Record<string, number>> = { sgd: 2, rmsprop: 2, adagrad: 1, adam: 4, nadam: 4 };

/** Arguments of optimizers that are read apart, or that change nothing here. */
const elsewhere =
  'lr decay schedule_decay name clipnorm clipvalue global_clipnorm use_ema ema_momentum ema_overwrite_frequency jit_compile weight_decay use_locking is_legacy_optimizer';

const clippings = { clipnorm: 'normEach', global_clipnorm: 'norm', clipvalue: 'value' } as const;

/** How the optimizer of a compiled model clips: each gradient by its own norm, all by one norm, or each entry. */
export function kerasClipping(model: KerasModel): Clipping | null {
  const value = model.compiled?.optimizer?.value;
  if (value?.kind !== 'namespace' || !value.call) return null;
  const a = new Arguments(value.call, '');
  for (const [name, kind] of Object.entries(clippings)) {
    const limit = a.given(name) ? a.sourcedNumber(name) : null;
    if (limit && !Number.isNaN(limit.value)) return { kind, limit, normType: 2, range: a.range(name) };
  }
  return null;
}

function nameIn(value: Value & { readonly kind: 'namespace' }): string | null {
  const name = value.entries.get('__kerasOptimizer');
  return name?.kind === 'string' ? name.value : null;
}

/** Optimizers of TensorFlow 1 with the names of their arguments there, and what each is called in Keras. */
const early: Readonly<Record<string, { readonly name: string; readonly names: string }>> = {
  GradientDescentOptimizer: { name: 'SGD', names: 'learning_rate' },
  MomentumOptimizer: { name: 'SGD', names: 'learning_rate momentum use_locking name use_nesterov' },
  AdamOptimizer: { name: 'Adam', names: 'learning_rate beta1 beta2 epsilon' },
};

const renamed: Readonly<Record<string, string>> = { beta1: 'beta_1', beta2: 'beta_2', use_nesterov: 'nesterov' };

/** An optimizer of TensorFlow 1 under Keras's name, its arguments by keyword. */
const earlyOptimizer =
  ({ name, names }: { readonly name: string; readonly names: string }): Handler =>
  (call) => {
    const keywords = new Map<string, Call['positional'][number]>();
    names.split(' ').forEach((own, i) => {
      const given = call.keywords.get(own) ?? call.positional[i];
      if (given) keywords.set(renamed[own] ?? own, given);
    });
    // TensorFlow 1 divides by √v + 1e-8.
    if (name === 'Adam' && !keywords.has('epsilon'))
      keywords.set('epsilon', { value: numberValue(1e-8, false), range: call.name });
    return optimizerObject(name)({ ...call, positional: [], keywords });
  };

const optimizerNames = ['SGD', 'Adam', 'AdamW', 'RMSprop', 'Adagrad', 'Adadelta', 'Adamax', 'Nadam', 'Ftrl', 'Lion'];

/** The optimizer that a string or a class of Keras names, with the arguments of a call; null for other values. */
export function namedOptimizer(value: Value, call: Call): Value | null {
  const written = value.kind === 'string' ? value.value : value.kind === 'external' ? value.path.split('.').pop() : undefined;
  const name = optimizerNames.find((one) => one.toLowerCase() === written?.toLowerCase());
  return name === undefined ? null : optimizerObject(name)(call);
}

/** Constructors of keras.optimizers; the legacy ones too. */
export const kerasOptimizerTable: FunctionTable = {
  ...kerasScheduleTable,
  ...Object.fromEntries(
    optimizerNames.flatMap((name): [string, Handler][] => [
      [`keras.optimizers.${name}`, optimizerObject(name)],
      [`keras.optimizers.${name.toLowerCase()}`, optimizerObject(name)],
      [`keras.optimizers.legacy.${name}`, optimizerObject(name)],
      [`keras.optimizers.experimental.${name}`, optimizerObject(name)],
      [`tensorflow.optimizers.${name}`, optimizerObject(name)],
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(early).flatMap(([path, entry]): [string, Handler][] => [
      [`tensorflow.train.${path}`, earlyOptimizer(entry)],
      [`tensorflow.compat.v1.train.${path}`, earlyOptimizer(entry)],
    ]),
  ),
};

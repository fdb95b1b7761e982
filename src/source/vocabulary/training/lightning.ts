import type { Clipping } from '../../../records/experiment';
import { combineSizes } from '../../../graph/size';
import { Arguments, plainCall, sizeOf, type Call, type Handler } from '../../interpret/call';
import { callFunction } from '../../interpret/calls';
import { findMember, libraryBases } from '../../interpret/classes';
import type { Machine } from '../../interpret/machine';
import type { Loader } from '../../values/dataValues';
import type { TrainerValue } from '../../values/estimators';
import { sourced } from '../../values/origin';
import type { OptimizerValue, ScheduleValue } from '../../values/training';
import type { TraceNode } from '../../values/trace';
import {
  none,
  numberValue,
  stringValue,
  unknown,
  unreadable,
  type InstanceValue,
  type LoopContext,
  type Value,
} from '../../values/value';
import type { FunctionTable, MethodTable } from '../functionTable';
import { lengthOfLoader, rowsOfLoader } from '../rows/loaders';
import { moduleMethods } from '../layers/moduleMethods';
import { allParameters } from '../layers/modules';

/** Arguments of the trainer that change the training and are not followed. */
const unfollowed = ['max_steps', 'limit_train_batches', 'overfit_batches', 'fast_dev_run', 'max_time'];

/** Calls a method of the script's class; null when the class has none of that name. */
function callOwn(instance: InstanceValue, name: string, call: Call, values: readonly Value[]): Value | null {
  const method = findMember(instance.type, name);
  if (method?.kind !== 'function') return null;
  const wanted = method.parameters.filter((p) => p.star === '').length - 1;
  return callFunction({ ...method, self: instance }, plainCall(call, values.slice(0, wanted)));
}

interface Configured {
  readonly optimizer: OptimizerValue | null;
  readonly schedule: ScheduleValue | null;
  readonly interval: 'epoch' | 'step';
  readonly problem: string | null;
}

/** What `configure_optimizers` gives in its many forms: one optimizer, with or without a schedule. */
function configured(value: Value): Configured {
  const nothing: Configured = { optimizer: null, schedule: null, interval: 'epoch', problem: null };
  if (value.kind === 'optimizer') return { ...nothing, optimizer: value };
  if (value.kind === 'dict') {
    const inner = configured(value.entries.get('optimizer') ?? none);
    return { ...inner, ...scheduleIn(value.entries.get('lr_scheduler') ?? none) };
  }
  if (value.kind !== 'list') return nothing;
  const [first, second] = value.items;
  if (first?.kind === 'list') {
    const schedules = second?.kind === 'list' ? second.items : [];
    const several = first.items.length > 1 || schedules.length > 1;
    return { ...configured(first), ...scheduleIn(schedules[0] ?? none), ...(several ? { problem: many } : {}) };
  }
  if (value.items.length > 1) return { ...configured(first ?? none), problem: many };
  return configured(first ?? none);
}

const many = 'Several optimizers of one Lightning module are not read';

function scheduleIn(value: Value): Pick<Configured, 'schedule' | 'interval'> {
  if (value.kind === 'schedule') return { schedule: value, interval: 'epoch' };
  const inner = value.kind === 'dict' ? value.entries.get('scheduler') : null;
  const interval = value.kind === 'dict' ? value.entries.get('interval') : null;
  return {
    schedule: inner?.kind === 'schedule' ? inner : null,
    interval: interval?.kind === 'string' && interval.value === 'step' ? 'step' : 'epoch',
  };
}

interface Loaders {
  readonly train: Value;
  readonly validation: Value | null;
}

const isDataModule = (value: Value | null): value is InstanceValue =>
  value?.kind === 'instance' && libraryBases(value.type).some((path) => path.endsWith('LightningDataModule'));

/** The loaders that `fit` is given, or those of a data module, or the model's own. */
function loadersOf(model: InstanceValue, a: Arguments, call: Call): Loaders {
  const given = a.value('train_dataloaders') ?? a.value('train_dataloader') ?? a.value('train_loader');
  const module = a.value('datamodule') ?? (isDataModule(given) ? given : null);
  if (isDataModule(module)) {
    callOwn(module, 'prepare_data', call, []);
    callOwn(module, 'setup', call, [stringValue('fit')]);
  }
  const own = isDataModule(module) ? module : model;
  const train = given && !isDataModule(given) ? given : callOwn(own, 'train_dataloader', call, []);
  const validation =
    a.value('val_dataloaders') ?? (given && !isDataModule(given) ? null : callOwn(own, 'val_dataloader', call, []));
  const first = validation?.kind === 'list' ? (validation.items[0] ?? null) : validation;
  return { train: train ?? unknown, validation: first };
}

function clippingOf(a: Arguments): Clipping | null {
  if (!a.given('gradient_clip_val')) return null;
  const limit = a.sourcedNumber('gradient_clip_val');
  if (Number.isNaN(limit.value) || limit.value === 0) return null;
  const kind = a.string('gradient_clip_algorithm', 'norm') === 'value' ? 'value' : 'norm';
  return { kind, limit, normType: 2, range: a.range('gradient_clip_val') };
}

/** The loss that a training step returns. */
function lossOf(value: Value): Value {
  if (value.kind === 'dict') return value.entries.get('loss') ?? unknown;
  return value;
}

/** Goes through one pass of a loader in a loop of its own. */
function inBatches(m: Machine, loader: Loader, call: Call, body: (batch: Value) => void): void {
  const loop: LoopContext = m.openLoop(call.range, null);
  loop.batches = true;
  body(rowsOfLoader(m, loader, loop));
  m.closeLoop(loop);
}

function recordStep(m: Machine, model: InstanceValue, made: Configured, loss: Value, a: Arguments, call: Call): void {
  const { optimizer } = made;
  if (!optimizer) return;
  const every = a.given('accumulate_grad_batches') ? a.number('accumulate_grad_batches', 1) : 1;
  const bad = made.problem ?? a.problems[0]?.text ?? null;
  const node: TraceNode | null = loss.kind === 'tensor' && bad === null ? loss.node : null;
  // Lightning divides the loss by the batches that it sums up.
  const mean =
    node && every > 1
      ? m.trace.add('divide', {}, [node, m.trace.constant(every, node.range)], node.range, { call: node.call })
      : node;
  const why =
    loss.kind === 'unknown' && loss.reason ? loss.reason : { text: 'The loss of this step could not be read', range: call.range };
  m.record(call.range, {
    kind: 'backward',
    loss: mean,
    reason: bad === null ? (node ? null : why) : { text: bad, range: a.problems[0]?.range ?? call.range },
  });
  const { currentLoop } = m;
  // The last batch of an epoch is followed by a step in any case.
  if (every > 1 && currentLoop) m.conditions.push({ loop: currentLoop, every, at: every - 1, last: true });
  const clipping = clippingOf(a);
  const cells = allParameters(model).map((p) => p.cell);
  if (clipping) m.record(clipping.range, { kind: 'clip', clipping, cells });
  m.record(call.range, { kind: 'step', optimizer });
  m.record(call.range, { kind: 'zeroGrad', optimizer, module: null, cells: [] });
  if (every > 1 && currentLoop) m.conditions.pop();
  if (made.schedule && made.interval === 'step')
    m.record(call.range, { kind: 'scheduleStep', schedule: made.schedule, metric: null });
}

function validate(m: Machine, model: InstanceValue, loader: Loader, call: Call): void {
  moduleMethods['eval']?.(model, call);
  m.noGradDepth++;
  inBatches(m, loader, call, (batch) => callOwn(model, 'validation_step', call, [batch, unknown]));
  m.noGradDepth--;
  moduleMethods['train']?.(model, plainCall(call, []));
}

function earlyStopping(m: Machine, a: Arguments): void {
  const callbacks = a.value('callbacks');
  const items = callbacks?.kind === 'list' ? callbacks.items : callbacks ? [callbacks] : [];
  for (const item of items) {
    const patience = item.kind === 'namespace' ? item.entries.get('__patience') : null;
    if (patience?.kind !== 'number' || item.kind !== 'namespace') continue;
    const range = item.call?.range ?? a.call.range;
    m.record(range, { kind: 'earlyStop', patience: patience.value });
    m.assume('Early stopping of the script is noted and does not end the run', range);
  }
}

function fit(trainer: TrainerValue, call: Call): Value {
  const m = call.machine;
  if (m.replay) return none;
  const fitting = new Arguments(call, 'model train_dataloaders val_dataloaders datamodule');
  const a = new Arguments(trainer.call, '');
  const model = fitting.value('model');
  if (model?.kind !== 'instance') return unknown;
  for (const name of unfollowed)
    if (a.given(name) && !(a.value(name)?.kind === 'boolean' && !a.boolean(name, false)) && a.number(name, 0) !== -1)
      a.reject(name, `\`${name}\` is not followed`);
  const manual = model.fields.get('automatic_optimization');
  if (manual?.kind === 'boolean' && !manual.value)
    a.reject('max_epochs', 'Optimization by hand in a Lightning module is not read');
  const { train, validation } = loadersOf(model, fitting, call);
  model.fields.set('trainer', trainerSeen(m, train, a));
  const made = configured(callOwn(model, 'configure_optimizers', call, []) ?? unknown);
  const given = a.value('max_epochs');
  // Without a number Lightning trains for 1,000 epochs.
  const count =
    given && given.kind !== 'none' ? given : { ...numberValue(1000, true), origin: { place: trainer.call.name, chain: [] } };
  const epoch = m.openLoop(call.range, count.kind === 'number' ? count : null);
  if (train.kind === 'loader')
    inBatches(m, train, call, (batch) => {
      const result = callOwn(model, 'training_step', call, [batch, unknown]);
      const loss = result ? lossOf(result) : unreadable('This module has no training step', model.range);
      recordStep(m, model, made, loss, a, call);
    });
  else {
    const text = 'The rows of this training could not be read';
    recordStep(m, model, made, train.kind === 'unknown' && train.reason ? train : unreadable(text, call.range), a, call);
  }
  if (validation?.kind === 'loader') validate(m, model, validation, call);
  if (made.schedule && made.interval === 'epoch')
    m.record(call.range, { kind: 'scheduleStep', schedule: made.schedule, metric: null });
  earlyStopping(m, a);
  m.closeLoop(epoch);
  return none;
}

/** What the module sees of its trainer: `self.trainer.estimated_stepping_batches`. */
function trainerSeen(m: Machine, train: Value, a: Arguments): Value {
  const entries = new Map<string, Value>();
  const epochs = a.value('max_epochs');
  if (epochs) entries.set('max_epochs', epochs);
  const batches = train.kind === 'loader' ? sizeOf(lengthOfLoader(m, train)) : null;
  if (batches !== null && typeof batches === 'number') entries.set('num_training_batches', numberValue(batches, true));
  const count = sizeOf(epochs);
  if (batches !== null && count !== null && !a.given('accumulate_grad_batches')) {
    const steps = combineSizes('*', batches, count);
    entries.set(
      'estimated_stepping_batches',
      typeof steps === 'number' ? numberValue(steps, true) : { kind: 'size', size: steps },
    );
  }
  return { kind: 'namespace', entries, missing: '`%` of the trainer is not known' };
}

/** Methods of a Lightning trainer. */
export const trainerMethods: MethodTable<TrainerValue> = {
  fit,
  test: () => unknown,
  validate: () => unknown,
  predict: () => unknown,
  save_checkpoint: () => none,
  tune: () => none,
};

/** `self.save_hyperparameters()`: the arguments of the `__init__` around it become `self.hparams`. */
export function saveHyperparameters(instance: InstanceValue, call: Call): Value {
  const names = call.positional.flatMap(({ value }) => (value.kind === 'string' ? [value.value] : []));
  const ignored = call.keywords.get('ignore')?.value;
  const left = ignored?.kind === 'list' ? ignored.items : ignored ? [ignored] : [];
  const without = new Set(left.flatMap((value) => (value.kind === 'string' ? [value.value] : [])));
  const entries = new Map(
    [...call.scope.variables].filter(
      ([name, value]) => value !== instance && !without.has(name) && (names.length === 0 || names.includes(name)),
    ),
  );
  instance.fields.set('hparams', { kind: 'namespace', entries, missing: '`%` is not among the hyperparameters that were saved' });
  return none;
}

/** Methods that a module or data module of Lightning has beside the script's own. */
export const lightningMethods: MethodTable<InstanceValue> = {
  __init__: () => none,
  save_hyperparameters: saveHyperparameters,
  log: () => none,
  log_dict: () => none,
  print: () => none,
};

/** True for instances of Lightning's modules and data modules. */
export const isLightning = (value: InstanceValue): boolean =>
  libraryBases(value.type).some((path) => /(^|\.)Lightning(Data)?Module$/.test(path));

const trainer: Handler = (call) =>
  call.unclear ? { kind: 'unknown', reason: call.unclear } : ({ kind: 'trainer', call } satisfies TrainerValue);

const stop: Handler = (call) => ({
  kind: 'namespace',
  entries: new Map<string, Value>([['__patience', call.keywords.get('patience')?.value ?? numberValue(3, true)]]),
  missing: '`%` of a callback is not read',
  call,
});

const seed: Handler = (call) => {
  const argument = call.positional[0] ?? call.keywords.get('seed');
  if (argument?.value.kind === 'number') {
    const { value } = argument;
    Object.assign(call.machine.seeds, { torch: value.value, numpy: value.value, python: value.value });
    call.machine.record(call.range, { kind: 'seed', seed: sourced(value.value, value.origin, argument.range) });
  }
  return argument?.value ?? none;
};

/** Lightning under its three names. */
export const lightningTable: FunctionTable = Object.fromEntries(
  ['pytorch_lightning', 'lightning', 'lightning.pytorch'].flatMap((root): [string, Handler][] => [
    [`${root}.Trainer`, trainer],
    [`${root}.trainer.Trainer`, trainer],
    [`${root}.seed_everything`, seed],
    [`${root}.callbacks.EarlyStopping`, stop],
    [`${root}.callbacks.early_stopping.EarlyStopping`, stop],
  ]),
);

import type { ScheduleRule } from '../../../records/optimizer';
import { Arguments, type Call, type Handler } from '../../interpret/call';
import { callValue } from '../../interpret/calls';
import type { OptimizerValue, ScheduleValue } from '../../values/training';
import { numberValue, stringValue, unknown, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';

/** What a callback does in an epoch: it leaves events and schedules. */
export type Callback = (optimizer: OptimizerValue, call: Call) => void;

/** Epochs that a function of the rate is asked for. */
const longest = 1_000;

const object =
  (name: string): Handler =>
  (call) => ({
    kind: 'namespace',
    entries: new Map<string, Value>([['__kerasCallback', stringValue(name)]]),
    missing: '`%` of a callback is not read',
    call,
  });

/** Callbacks that change nothing in the training. */
const harmless = new Set([
  'ModelCheckpoint',
  'TensorBoard',
  'CSVLogger',
  'History',
  'ProgbarLogger',
  'BackupAndRestore',
  'TerminateOnNaN',
  'RemoteMonitor',
  'LambdaCallback',
  'SwapEMAWeights',
]);

const earlyStopping =
  (callback: Call): Callback =>
  (_optimizer, call) => {
    const a = new Arguments(callback, 'monitor min_delta patience');
    const patience = a.number('patience', 0);
    call.machine.record(callback.range, { kind: 'earlyStop', patience: Number.isNaN(patience) ? 0 : patience });
    call.machine.assume('Early stopping of the script is noted and does not end the run', callback.range);
  };

function addSchedule(optimizer: OptimizerValue, rule: ScheduleRule | null, callback: Call, text: string, call: Call): void {
  const { range } = callback;
  const problems = rule ? [] : [{ text, range }];
  const schedule: ScheduleValue = { kind: 'schedule', optimizer, rule, range, problems };
  call.machine.schedules.push(schedule);
  call.machine.record(range, { kind: 'scheduleStep', schedule, metric: null });
}

/** Keras reduces at the `patience`-th epoch without progress, PyTorch's rule at the one after; its threshold is absolute. */
const reduceOnPlateau =
  (callback: Call): Callback =>
  (optimizer, call) => {
    const a = new Arguments(callback, 'monitor factor patience verbose mode min_delta cooldown min_lr');
    const monitor = a.string('monitor', 'val_loss');
    const rule: ScheduleRule = {
      kind: 'reduceOnPlateau',
      factor: a.number('factor', 0.1),
      patience: Math.max(0, a.number('patience', 10) - 1),
      threshold: a.number('min_delta', 1e-4),
      thresholdMode: 'abs',
      // Keras counts again in the last epoch of its cooldown.
      cooldown: Math.max(0, a.number('cooldown', 0) - 1),
      smallestChange: 0,
      minimum: a.number('min_lr', 0),
      of: monitor.startsWith('val_') ? 'validation' : 'training',
      measure: monitor.endsWith('loss') ? 'loss' : 'accuracy',
    };
    const mode = a.string('mode', 'auto');
    const known =
      /^(val_)?(loss|acc|accuracy)$/.test(monitor) &&
      mode !== (monitor.endsWith('loss') ? 'max' : 'min') &&
      a.problems.length === 0;
    addSchedule(optimizer, known ? rule : null, callback, 'This lowering of the rate is not followed', call);
  };

/** A function of the epoch and of the rate before it, as a table of factors. */
const scheduled =
  (callback: Call): Callback =>
  (optimizer, call) => {
    const callee = new Arguments(callback, 'schedule verbose').value('schedule') ?? unknown;
    const base = optimizer.learningRate?.value ?? Number.NaN;
    const epochs = call.keywords.get('epochs')?.value;
    const count = epochs?.kind === 'number' ? Math.min(epochs.value, longest) : longest;
    const factors: number[] = [];
    // A rate that the function does not ask for may be zero in the optimizer: the factors are then on its first value.
    let rate = base;
    let unit = base;
    for (let epoch = 0; epoch < count && Number.isFinite(rate); epoch++) {
      const values: Value[] = [numberValue(epoch, true), numberValue(rate, false)];
      const wanted = callee.kind === 'function' ? callee.parameters.length - (callee.self ? 1 : 0) : 0;
      const positional = values.slice(0, wanted).map((value) => ({ value, range: callback.range }));
      const made = callValue(call.machine, callee, { ...callback, positional, keywords: new Map(), unclear: null });
      rate = made.kind === 'number' ? made.value : Number.NaN;
      if (unit === 0) unit = rate;
      factors.push(rate / unit);
    }
    if (base === 0 && Number.isFinite(unit) && optimizer.learningRate)
      optimizer.learningRate = { ...optimizer.learningRate, value: unit, place: callback.range };
    const rule: ScheduleRule | null = factors.length > 0 && factors.every(Number.isFinite) ? { kind: 'table', factors } : null;
    addSchedule(optimizer, rule, callback, 'This function of the learning rate could not be read', call);
  };

const followed: Readonly<Record<string, (callback: Call) => Callback>> = {
  EarlyStopping: earlyStopping,
  ReduceLROnPlateau: reduceOnPlateau,
  LearningRateScheduler: scheduled,
};

/** The callbacks of a `fit`; those of the script's own making are named as an assumption. */
export function kerasCallbacks(a: Arguments): Callback[] {
  const value = a.value('callbacks');
  const items = value?.kind === 'list' ? value.items : value && value.kind !== 'none' ? [value] : [];
  return items.flatMap((item) => {
    const name = item.kind === 'namespace' ? item.entries.get('__kerasCallback') : null;
    if (item.kind !== 'namespace' || name?.kind !== 'string' || !item.call) {
      a.call.machine.assume('What a callback of the script’s own does is not followed', a.range('callbacks'));
      return [];
    }
    const make = followed[name.value];
    return make ? [make(item.call)] : [];
  });
}

/** Constructors of keras.callbacks. */
export const kerasCallbackTable: FunctionTable = Object.fromEntries(
  [...harmless, ...Object.keys(followed)].map((name): [string, Handler] => [`keras.callbacks.${name}`, object(name)]),
);

import type { Sourced } from '../../../records/source';
import { callValue } from '../../interpret/calls';
import { Arguments, plainCall, type Call, type Handler } from '../../interpret/call';
import type { Machine } from '../../interpret/machine';
import { byDefault } from '../../values/origin';
import type { Layer } from '../../values/trace';
import { none, numberValue, unreadable, type Value } from '../../values/value';
import type { FunctionTable, MethodTable } from '../functionTable';
import { asModule, type ModuleLike } from '../layers/modules';

/** A copy of a model whose weights are an average of the model's. */
interface WeightAverage {
  readonly module: ModuleLike;
  /** Weight of the old average; null for the mean of all. Undefined where it could not be read. */
  readonly decay: Sourced<number> | null | undefined;
}

const averages = new WeakMap<Layer, WeightAverage>();

/** The average that `value` is; null when it is none. */
export const weightAverageOf = (value: Value): WeightAverage | null =>
  value.kind === 'layer' ? (averages.get(value) ?? null) : null;

/** How a script says the rule of an average: torch's functions for it are known by these names. */
const rules = new WeakMap<Value, Sourced<number> | null>();

function averageOf(path: string, module: ModuleLike, decay: WeightAverage['decay'], call: Call): Value {
  const layer: Layer = {
    kind: 'layer',
    path,
    step: null,
    parameters: {},
    range: call.range,
    places: {},
    training: true,
    attributes: new Map(),
    apply: (self, applied) => {
      const was = module.training;
      module.training = self.training;
      const result = callValue(applied.machine, module, applied);
      module.training = was;
      applied.machine.record(applied.range, { kind: 'averagedForward', module });
      return result;
    },
  };
  averages.set(layer, { module, decay });
  return layer;
}

/** torch.optim.swa_utils.AveragedModel. */
const averagedModel: Handler = (call) => {
  const a = new Arguments(call, 'model device avg_fn multi_avg_fn use_buffers');
  const module = asModule(a.value('model') ?? none);
  if (!module) return unreadable('The model of this average could not be read', call.range);
  const rule = a.given('multi_avg_fn') ? a.value('multi_avg_fn') : a.given('avg_fn') ? a.value('avg_fn') : null;
  const decay = rule === null ? null : rules.has(rule) ? (rules.get(rule) ?? null) : decayOf(rule, call);
  return averageOf('torch.optim.swa_utils.AveragedModel', module, decay, call);
};

/** timm's ModelEma and ModelEmaV2, which average after every update from the start. */
const timmAverage =
  (path: string): Handler =>
  (call) => {
    const a = new Arguments(call, 'model decay');
    const module = asModule(a.value('model') ?? none);
    if (!module) return unreadable('The model of this average could not be read', call.range);
    const decay = a.sourcedNumber('decay', 0.9999);
    return averageOf(path, module, Number.isNaN(decay.value) ? undefined : decay, call);
  };

/** d of a function (average, weights, count) that gives d · average + (1 - d) · weights for every count. */
function decayOf(rule: Value, call: Call): Sourced<number> | undefined {
  const at = (average: number, weights: number, count: number): number => {
    const made = callValue(
      call.machine,
      rule,
      plainCall(
        call,
        [average, weights, count].map((n) => numberValue(n, false)),
      ),
    );
    return made.kind === 'number' ? made.value : NaN;
  };
  const [old, fresh, later] = [at(1, 0, 1), at(0, 1, 1), at(1, 0, 50)];
  const holds = Math.abs(old + fresh - 1) < 1e-9 && Math.abs(old - later) < 1e-12;
  return holds ? { ...byDefault(old, call.range), isDefault: false } : undefined;
}

const exponentialRule: Handler = (call) => {
  const a = new Arguments(call, 'decay');
  const decay = a.sourcedNumber('decay', 0.999);
  const rule: Value = { kind: 'inert', path: 'averaging' };
  if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
  rules.set(rule, decay);
  return rule;
};

const meanRule: Handler = () => {
  const rule: Value = { kind: 'inert', path: 'averaging' };
  rules.set(rule, null);
  return rule;
};

function taken(value: Layer, call: Call): Value {
  const average = averages.get(value);
  if (!average) return none;
  const { machine: m } = call;
  const unfollowed = (text: string): Value => {
    m.assume(`${text}: what the average of the weights would reach is not evaluated`, call.range);
    return none;
  };
  if (average.decay === undefined) return unfollowed('The rule of this average could not be read');
  if (isConditional(m)) return unfollowed('When this average begins could not be read');
  m.record(call.range, { kind: 'average', module: average.module, decay: average.decay });
  return none;
}

/** True under a condition other than one on every so many passes. */
const isConditional = (m: Machine): boolean => m.conditions.some((one) => one === null || one.unclear);

/** Methods of averages, beside those of every module. */
export const averageMethods: MethodTable<Layer> = { update_parameters: taken, update: taken };

const updateStatistics: Handler = (call) => {
  call.machine.assume(
    'The running statistics are those of the training, not taken again for the average of the weights',
    call.range,
  );
  return none;
};

/** Averages of weights. */
export const averageTable: FunctionTable = {
  'torch.optim.swa_utils.AveragedModel': averagedModel,
  'torch.optim.swa_utils.update_bn': updateStatistics,
  'torch.optim.swa_utils.get_ema_multi_avg_fn': exponentialRule,
  'torch.optim.swa_utils.get_ema_avg_fn': exponentialRule,
  'torch.optim.swa_utils.get_swa_multi_avg_fn': meanRule,
  'torch.optim.swa_utils.get_swa_avg_fn': meanRule,
  'timm.utils.ModelEma': timmAverage('timm.utils.ModelEma'),
  'timm.utils.ModelEmaV2': timmAverage('timm.utils.ModelEmaV2'),
};

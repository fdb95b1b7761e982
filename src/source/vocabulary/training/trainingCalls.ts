import { Arguments, type Call, type Handler } from '../../interpret/call';
import { callValue } from '../../interpret/calls';
import { sourced } from '../../values/origin';
import { none, type Value } from '../../values/value';
import type { OptimizerValue, ScheduleValue } from '../../values/training';
import type { FunctionTable, MethodTable, AttributeTable } from '../functionTable';
import { parametersIn } from '../layers/moduleMethods';
import { addGroup } from './optimizers';

/** Methods of optimizers. */
export const optimizerMethods: MethodTable<OptimizerValue> = {
  zero_grad: (optimizer, call) => {
    for (const one of optimizer.rivals ?? [optimizer])
      call.machine.record(call.range, { kind: 'zeroGrad', optimizer: one, module: null, cells: [] });
    return none;
  },
  step: (optimizer, call) => {
    const closure = call.positional[0]?.value ?? call.keywords.get('closure')?.value;
    const result =
      closure?.kind === 'function' ? callValue(call.machine, closure, { ...call, positional: [], keywords: new Map() }) : none;
    for (const one of optimizer.rivals ?? [optimizer]) call.machine.record(call.range, { kind: 'step', optimizer: one });
    return result;
  },
  add_param_group: addGroup,
  state_dict: () => ({ kind: 'inert', path: 'state_dict' }),
  load_state_dict: () => none,
};

export const optimizerAttributes: AttributeTable<OptimizerValue> = {
  param_groups: (optimizer) => ({ kind: 'groups', optimizer }),
};

/** Methods of schedules. */
export const scheduleMethods: MethodTable<ScheduleValue> = {
  step: (schedule, call) => {
    const metric = call.positional[0]?.value ?? call.keywords.get('metrics')?.value ?? null;
    call.machine.record(call.range, { kind: 'scheduleStep', schedule, metric });
    return none;
  },
  state_dict: () => ({ kind: 'inert', path: 'state_dict' }),
};

const clip =
  (kind: 'norm' | 'value'): Handler =>
  (call) => {
    const a = new Arguments(call, kind === 'norm' ? 'parameters max_norm norm_type' : 'parameters clip_value');
    const limit = a.sourcedNumber(kind === 'norm' ? 'max_norm' : 'clip_value');
    const type = a.value('norm_type');
    const normType = type?.kind === 'string' && type.value === 'inf' ? Infinity : a.number('norm_type', 2);
    const cells = parametersIn(a.value('parameters') ?? none, call);
    if (!Number.isNaN(limit.value))
      call.machine.record(call.range, { kind: 'clip', clipping: { kind, limit, normType, range: call.range }, cells });
    return { kind: 'unknown', reason: null };
  };

/** `loss.backward()`: only a loss that is a tensor of the graph can be followed. */
export function backward(loss: Value, call: Call): Value {
  const node = loss.kind === 'tensor' ? loss.node : null;
  const reason =
    loss.kind === 'unknown'
      ? (loss.reason ?? { text: 'This loss could not be read', range: call.range })
      : node
        ? null
        : { text: 'This loss does not come from a model', range: call.range };
  call.machine.record(call.range, { kind: 'backward', loss: node, reason });
  return none;
}

const seed: Handler = (call) => {
  const argument = call.positional[0] ?? call.keywords.get('seed');
  if (argument?.value.kind === 'number') {
    const { value } = argument;
    call.machine.seeds.torch = value.value;
    call.machine.record(call.range, { kind: 'seed', seed: sourced(value.value, value.origin, argument.range) });
  }
  return none;
};

/** Calls of the training loop that are functions. */
export const trainingTable: FunctionTable = {
  'torch.nn.utils.clip_grad_norm_': clip('norm'),
  'torch.nn.utils.clip_grad_norm': clip('norm'),
  'torch.nn.utils.clip_grad_value_': clip('value'),
  'torch.manual_seed': seed,
  'torch.random.manual_seed': seed,
};

import type { Call } from '../../interpret/call';
import { callValue } from '../../interpret/calls';
import { listValue, unknown, unreadable, type InertValue, type Value } from '../../values/value';
import type { FunctionTable, MethodTable } from '../functionTable';
import { backward } from './trainingCalls';

const first = (call: Call): Value => call.positional[0]?.value ?? unknown;

/** Methods of Hugging Face's Accelerator: on one machine without a graphics card it changes nothing. */
export const acceleratorMethods: MethodTable<InertValue> = {
  prepare: (_, call) => {
    call.machine.assume('`accelerate` is taken to run one process on the processor', call.range);
    const values = call.positional.map((a) => a.value);
    return values.length === 1 ? (values[0] ?? unknown) : listValue(values, 'tuple');
  },
  prepare_model: (_, call) => first(call),
  prepare_optimizer: (_, call) => first(call),
  prepare_data_loader: (_, call) => first(call),
  unwrap_model: (_, call) => first(call),
  gather: (_, call) => first(call),
  gather_for_metrics: (_, call) => first(call),
  backward: (_, call) => backward(first(call), call),
  clip_grad_norm_: (_, call) => callValue(call.machine, { kind: 'external', path: 'torch.nn.utils.clip_grad_norm_' }, call),
  clip_grad_value_: (_, call) => callValue(call.machine, { kind: 'external', path: 'torch.nn.utils.clip_grad_value_' }, call),
};

/** `Accelerator(...)`; one that sums gradients decides itself when the optimizer steps. */
export const acceleratorTable: FunctionTable = {
  'accelerate.Accelerator': (call) => {
    const sums = call.keywords.get('gradient_accumulation_steps')?.value;
    if (sums && !(sums.kind === 'number' && sums.value === 1))
      return unreadable('Gradients that `accelerate` sums over batches are not read', call.range);
    return { kind: 'inert', path: 'accelerate.Accelerator' };
  },
  'accelerate.utils.set_seed': (call) => callValue(call.machine, { kind: 'external', path: 'torch.manual_seed' }, call),
};

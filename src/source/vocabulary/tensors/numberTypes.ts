import type { Call } from '../../interpret/call';
import { dataStep, graphOperation } from '../../interpret/tensors';
import { parameterOf, type Value } from '../../values/value';
import { dataOf } from './tensorOperation';

/** The tensor in another number type; nothing when it has it already. */
export function castTo(x: Value, to: 'float' | 'integer', call: Call): Value {
  const array = dataOf(x);
  if (array) {
    const step = dataStep(call.machine, 'cast', { to }, [array], call.range, { integer: to === 'integer' });
    return step;
  }
  if (x.kind !== 'tensor') return x;
  if (parameterOf(x) && to === 'float') return x;
  if (x.node.integer === (to === 'integer') && x.node.kind !== 'opaque') return x;
  return graphOperation(call.machine, 'cast', { to }, [x], call.range);
}

/** What a dtype names: `torch.float32`, `np.int64`, `"float32"`, `float`. */
export function numberType(value: Value | null): 'float' | 'integer' | null {
  const name = value?.kind === 'external' ? value.path : value?.kind === 'string' ? value.value : '';
  const last = name.split('.').pop() ?? '';
  if (/^(float|double|half|bfloat)/.test(last)) return 'float';
  return /^(u?int|long|short)/.test(last) ? 'integer' : null;
}

import type { DataSteps } from '../../records/dataSteps';
import { numbersOf, type Arguments } from '../interpret/call';
import { fromFront } from '../interpret/shapes';
import { dataStep, graphOperation, opaqueOperation } from '../interpret/tensors';
import type { Array as DataArray } from '../values/dataValues';
import { unknown, unreadable, type Value } from '../values/value';
import { dataOf, type TensorOperation } from './tensorOperation';

/** A reduction over `dim`, or over everything. */
export function reduction(name: 'sum' | 'mean' | 'max' | 'min' | 'std' | 'var' | 'median'): TensorOperation {
  return {
    names: name === 'std' || name === 'var' ? 'dim unbiased keepdim' : 'dim keepdim',
    run: (x, a) => {
      const axisValue = a.value('dim') ?? a.value('axis');
      const keep = a.boolean('keepdim', false) || a.boolean('keepdims', false);
      const array = dataOf(x);
      if (array) return reduceData(array, name, axisValue, keep, a);
      const axes = axisValue && axisValue.kind !== 'none' ? numbersOf(axisValue) : null;
      if ((name === 'sum' || name === 'mean') && (axes || !axisValue || axisValue.kind === 'none'))
        return graphOperation(a.call.machine, name, { axes, keep }, [x], a.call.range);
      const made = opaqueOperation(a.call.machine, name, [x], a.call.range);
      const several = (name === 'max' || name === 'min' || name === 'median') && axisValue !== null;
      return several ? { kind: 'list', form: 'tuple', items: [made, made], range: null } : made;
    },
  };
}

function reduceData(
  array: DataArray,
  name: DataSteps['reduce']['function'],
  axisValue: Value | null,
  keep: boolean,
  a: Arguments,
): Value {
  const m = a.call.machine;
  if (axisValue && axisValue.kind !== 'none' && axisValue.kind !== 'number')
    return unreadable('The axes of this reduction are not read', a.call.range);
  const table = array.flavour === 'frame';
  const axis = axisValue?.kind === 'number' ? axisValue.value : table ? 0 : null;
  const s = array.shape;
  const at = axis === null || !s ? null : fromFront(axis, s.length);
  const shape = axis === null ? [] : s ? (keep ? s.map((v, i) => (i === at ? 1 : v)) : s.filter((_, i) => i !== at)) : null;
  const ddof = a.value('ddof') ?? a.value('correction');
  const unbiased = a.value('unbiased');
  const usual = array.flavour === 'numpy' ? 0 : 1;
  const correction = ddof?.kind === 'number' ? ddof.value : unbiased?.kind === 'boolean' ? Number(unbiased.value) : usual;
  const made = dataStep(m, 'reduce', { function: name, axis, keep, correction }, [array], a.call.range, {
    shape,
    flavour: table ? 'series' : array.flavour,
    integer: name === 'max' || name === 'min' || name === 'sum' ? array.integer : false,
  });
  if (name === 'max' && axis === null && array.integer !== false && !array.mask)
    return { ...made, size: m.program.symbol(array.step, { kind: 'maximum' }) };
  const pair = array.flavour === 'torch' && axis !== null && (name === 'max' || name === 'min' || name === 'median');
  return pair ? { kind: 'list', form: 'tuple', items: [made, unknown], range: null } : made;
}

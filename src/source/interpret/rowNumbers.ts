import type { SourceRange } from '../../records/source';
import type { Array as DataArray } from '../values/dataValues';
import type { ListValue, Value } from '../values/value';
import { sizeOf } from './call';
import type { Machine } from './machine';
import { dataStep } from './tensors';

/** Positions in a random order that a shuffled list of 0 … n-1 stands for. */
const orders = new WeakMap<ListValue, DataArray>();

const isCount = (list: ListValue): boolean =>
  list.items.length > 0 && !list.open && list.items.every((item, i) => item.kind === 'number' && item.value === i);

/** The random order of a list of 0 … n-1 that the script has shuffled; null for other lists. */
export function orderOfList(m: Machine, list: ListValue, range: SourceRange): DataArray | null {
  if (!list.shuffled || !isCount(list)) return null;
  const known = orders.get(list);
  if (known) return known;
  const size = list.items.length;
  const made = dataStep(m, 'randomPermutation', { size, seed: m.drawSeed('python') }, [], list.range ?? range, {
    shape: [size],
    integer: true,
  });
  orders.set(list, made);
  return made;
}

/** Row numbers as an array: a list of whole numbers, a shuffled count, a range, an array; null when they are not known. */
export function rowNumbers(m: Machine, value: Value, range: SourceRange): DataArray | null {
  if (value.kind === 'array') return value;
  if (value.kind === 'range' && value.step.kind === 'number') {
    const [end, start] = [sizeOf(value.stop), value.start];
    if (end === null || start.kind !== 'number') return null;
    return dataStep(m, 'arange', { start: start.value, end, step: value.step.value }, [], range, {
      shape: [null],
      integer: true,
    });
  }
  if (value.kind !== 'list') return null;
  const order = orderOfList(m, value, range);
  if (order || value.shuffled || value.open) return order;
  const numbers = value.items.flatMap((item) => (item.kind === 'number' && item.integer ? [item.value] : []));
  if (numbers.length !== value.items.length || numbers.length === 0) return null;
  const shape = [numbers.length];
  return dataStep(m, 'literal', { shape, values: numbers, integer: true }, [], range, { shape, integer: true });
}

import { callFunction } from '../../interpret/calls';
import { findMember } from '../../interpret/classes';
import type { Size } from '../../../graph/size';
import { plainCall, sizeOf, type Call } from '../../interpret/call';
import { dataStep } from '../../interpret/tensors';
import { rowLoop } from '../../interpret/windows';
import type { Array as DataArray, Dataset } from '../../values/dataValues';
import { type InstanceValue, type Value } from '../../values/value';

/** The rows behind a value that a loader is given: a library's dataset, the script's own, arrays; null for others. */
export function datasetOf(value: Value, call: Call): Dataset | null {
  if (value.kind === 'dataset') return value;
  if (value.kind === 'array')
    return { kind: 'dataset', components: [value], range: value.range, bare: true, attributes: new Map() };
  if (value.kind === 'iterator' && value.wrap === 'zip') {
    const parts = [value.of, ...value.others];
    return parts.every((p) => p.kind === 'array')
      ? { kind: 'dataset', components: parts, range: call.range, bare: false, attributes: new Map() }
      : null;
  }
  return value.kind === 'instance' ? ownDataset(value, call) : null;
}

/** Why a Dataset of the script could not be read: what one of its fields says of itself. */
export function unreadDataset(value: Value | null, fallback: Value): Value {
  if (value?.kind === 'unknown' && value.reason) return value;
  if (value?.kind !== 'instance') return fallback;
  const fields = [...value.fields.values()];
  const faulty = fields.find((field) => field.kind === 'array' && field.fault !== null);
  if (faulty?.kind === 'array') return { kind: 'unknown', reason: faulty.fault };
  return fields.find((field) => field.kind === 'unknown' && field.reason !== null) ?? fallback;
}

/** The rows up to the length that the data set says it has, where that is less than the rows of its array. */
function firstOf(rows: DataArray, length: Size | null, call: Call): DataArray {
  const whole = rows.shape?.[0] ?? null;
  const isLess = typeof length === 'number' ? typeof whole === 'number' && length < whole : length !== null && 'op' in length;
  if (!isLess || JSON.stringify(length) === JSON.stringify(whole)) return rows;
  const shape = [length, ...(rows.shape?.slice(1) ?? [])];
  return dataStep(call.machine, 'slice', { axis: 0, start: null, end: length, step: 1 }, [rows], call.range, {
    shape: rows.shape && shape,
    range: rows.range,
  });
}

/**
 * A Dataset class of the script: its `__getitem__` is run for a row that stands for every row.
 * Null when a component is not simply a row of an array.
 */
function ownDataset(instance: InstanceValue, call: Call): Dataset | null {
  const getItem = findMember(instance.type, '__getitem__');
  if (getItem?.kind !== 'function') return null;
  const length = findMember(instance.type, '__len__');
  const count = length?.kind === 'function' ? callFunction({ ...length, self: instance }, plainCall(call, [])) : null;
  const loop = rowLoop(count, call.range);
  const index: Value = { kind: 'progress', loop, scale: 1, offset: 0, modulus: null, scaleValue: null };
  const row = callFunction({ ...getItem, self: instance }, plainCall(call, [index]));
  const items = row.kind === 'list' ? row.items : row.kind === 'dict' ? [...row.entries.values()] : [row];
  const components: DataArray[] = [];
  for (const item of items) {
    if (item.kind !== 'array' || !item.row) return null;
    components.push(firstOf({ ...item, row: false }, sizeOf(count), call));
  }
  const keys = row.kind === 'dict' ? [...row.entries.keys()] : null;
  const bare = row.kind === 'array';
  return { kind: 'dataset', components, range: call.range, bare, attributes: new Map(), ...(keys ? { keys } : {}) };
}

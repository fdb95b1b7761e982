import type { DataSteps } from '../../records/dataSteps';
import type { SourceRange } from '../../records/source';
import type { Array as DataArray } from '../values/dataValues';
import { tensorValue, type TensorValue, type Value } from '../values/value';
import { constantOf, withAssigned, type Constant } from './constants';
import type { Machine } from './machine';
import { graphOperation, lifted, opaqueOperation } from './tensors';

/** True for `...` in an index. */
const isEllipsis = (value: Value): boolean => value.kind === 'external' && value.path === 'builtins.Ellipsis';

/** An index into a tensor of the graph: slices, numbers, new axes, `...`, and whole numbers in tensors or lists. */
export function tensorItem(m: Machine, object: TensorValue, index: Value, range: SourceRange): Value {
  const given = index.kind === 'list' && index.form === 'tuple' ? index.items : [index];
  const items = withoutEllipsis(given, object.node.shape?.length ?? null);
  const picked = items === null ? null : pickedInRows(m, object, items, range);
  if (picked) return picked;
  if (items === null) return opaqueOperation(m, 'this index', [object], range);
  let result: Value = object;
  let axis = 0;
  let chosen = false;
  for (const item of items) {
    if (item.kind === 'none') {
      result = graphOperation(m, 'unsqueeze', { axis }, [result], range);
      axis++;
    } else if (item.kind === 'slice') {
      const sliced = slicedAxis(m, result, axis, item, range);
      if (!sliced) return opaqueOperation(m, 'this slice', [object], range);
      result = sliced;
      axis++;
    } else if (item.kind === 'number') {
      const end = item.value === -1 ? null : item.value + 1;
      const part: Value =
        (axis === 0 ? stackedPart(result, item.value) : null) ??
        graphOperation(m, 'slice', { axis, start: item.value, end, step: 1 }, [result], range);
      result = graphOperation(m, 'squeeze', { axis }, [part], range);
    } else {
      const places = placesOf(m, item, range);
      if (!places || chosen) return opaqueOperation(m, 'this index', [object], range);
      chosen = true;
      const rank = places.node.shape?.length ?? 1;
      result = graphOperation(m, 'take', { axis }, [result, places], range);
      axis += rank;
    }
  }
  return result;
}

/** `x[torch.arange(n), places]`: one entry of each row; null for other indices. */
function pickedInRows(m: Machine, x: TensorValue, items: readonly Value[], range: SourceRange): Value | null {
  const [rows, columns] = items;
  if (!rows || !columns || items.length !== 2 || !isCounting(m, rows)) return null;
  const places = placesOf(m, columns, range);
  if (places?.node.shape?.length !== 1) return null;
  const index = graphOperation(m, 'unsqueeze', { axis: 1 }, [places], range);
  return graphOperation(m, 'squeeze', { axis: 1 }, [graphOperation(m, 'gather', { axis: 1 }, [x, index], range)], range);
}

/** 0 … n-1. */
function isCounting(m: Machine, value: Value): boolean {
  if (value.kind === 'range')
    return value.start.kind === 'number' && value.start.value === 0 && value.step.kind === 'number' && value.step.value === 1;
  const step = value.kind === 'array' ? m.program.steps[value.step] : undefined;
  return step?.kind === 'arange' && step.arguments.start === 0 && step.arguments.step === 1;
}

/** Tensor `at` of those that were put one after the other along the first axis, each of length 1 there. */
function stackedPart(value: Value, at: number): Value | null {
  if (value.kind !== 'tensor') return null;
  const { kind, arguments: args, inputs } = value.node;
  const isJoined = kind === 'concatenate' && 'axis' in args && args.axis === 0;
  const part = isJoined && inputs.every(({ shape }) => shape?.[0] === 1) ? inputs.at(at) : undefined;
  return part ? tensorValue(part) : null;
}

/** The items with `...` written out; null when the number of axes is needed and not known. */
function withoutEllipsis(items: readonly Value[], rank: number | null): readonly Value[] | null {
  const at = items.findIndex(isEllipsis);
  if (at < 0) return items;
  const others = items.filter((item) => item.kind !== 'none' && !isEllipsis(item)).length;
  if (rank === null) return null;
  const none: Value = { kind: 'none' };
  const whole: Value = { kind: 'slice', start: none, stop: none, step: none };
  return [...items.slice(0, at), ...new Array<Value>(Math.max(0, rank - others)).fill(whole), ...items.slice(at + 1)];
}

function slicedAxis(
  m: Machine,
  x: Value,
  axis: number,
  { start, stop, step }: Value & { readonly kind: 'slice' },
  range: SourceRange,
): Value | null {
  const bound = (v: Value): number | null | undefined => (v.kind === 'none' ? null : v.kind === 'number' ? v.value : undefined);
  const [from, to, by] = [bound(start), bound(stop), bound(step)];
  if (from === undefined || to === undefined || by === undefined || (by !== null && by < 1)) return null;
  if (from === null && to === null && (by ?? 1) === 1) return x;
  return graphOperation(m, 'slice', { axis, start: from ?? 0, end: to, step: by ?? 1 }, [x], range);
}

/** Whole numbers that choose entries; null for masks, whose number of entries only the run knows. */
function placesOf(m: Machine, item: Value, range: SourceRange): TensorValue | null {
  if (item.kind === 'list' && item.form !== 'tuple') {
    const numbers = item.items.map((v) => (v.kind === 'number' && v.integer && v.value >= 0 ? v.value : null));
    if (!numbers.every((n) => n !== null)) return null;
    return tensorValue(m.trace.add('values', { shape: [numbers.length], values: numbers, type: 'integer' }, [], range));
  }
  if (item.kind !== 'tensor' && item.kind !== 'array') return null;
  const node = lifted(m, item, range);
  return node?.integer === true && node.shape !== null && node.kind !== 'compare' ? tensorValue(node) : null;
}

/** `table[index] = value` on a tensor whose numbers the script decides; false when that is not so. */
export function assignNumbers(m: Machine, table: DataArray, index: Value, value: Value): boolean {
  const before = constantOf(m, table);
  const given = numbersIn(m, value);
  const after = before && given ? withAssigned(before, index, given) : null;
  if (after === null) return false;
  const literal: DataSteps['literal'] = { shape: after.shape, values: after.values, integer: table.integer === true };
  table.step = m.program.add('literal', literal, [], table.range);
  return true;
}

function numbersIn(m: Machine, value: Value): Constant | null {
  if (value.kind === 'array') return constantOf(m, value);
  const number = value.kind === 'number' ? value.value : value.kind === 'boolean' ? Number(value.value) : null;
  return number === null ? null : { shape: [], values: [number], integer: true };
}

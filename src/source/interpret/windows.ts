import { combineSizes, type Size } from '../../graph/size';
import type { SourceRange } from '../../records/source';
import type { Array as DataArray } from '../values/dataValues';
import { unreadable, type ListValue, type LoopContext, type ProgressValue, type Value } from '../values/value';
import { sizeOf } from './call';
import type { Machine } from './machine';
import { dataStep, jointInteger } from './tensors';

/** Sizes that are known, or null: `left operator right`. */
const combined = (op: '+' | '-' | '*', left: Size | null, right: Size | null): Size | null =>
  left === null || right === null ? null : combineSizes(op, left, right);

/**
 * `data[i:i + length]` and `data[i + k]` in a pass of a loop over i: one row of all the windows that the loop takes, as an array
 * of which one row is seen at a time. Null when the index is of another kind.
 */
export function windowOf(m: Machine, array: DataArray, index: Value, range: SourceRange): Value | null {
  const start = index.kind === 'slice' ? index.start : index;
  const stop = index.kind === 'slice' ? index.stop : null;
  if (start.kind !== 'progress' || start.modulus !== null || !Number.isInteger(start.offset) || start.loop.batches) return null;
  if (stop !== null && !(stop.kind === 'progress' && stop.loop === start.loop && stop.scale === start.scale)) return null;
  if (index.kind === 'slice' && (index.step.kind !== 'none' || stop === null)) return null;
  const isSlice = stop?.kind === 'progress';
  const length = isSlice ? stop.offset - start.offset : 1;
  if (length <= 0 || start.scale <= 0 || start.offset < 0) return null;
  if (isWrittenElsewhere(m, array, start.offset, length))
    return unreadable('What other passes of this loop write is not read', range);
  const count = sizeOf(start.loop.count);
  if (count === null) return unreadable('How many rows this loop makes could not be read', range);
  return rowOfLoop(m, array, { start, length, count, isSlice }, range);
}

/** Whether a pass looks at entries that the loop around writes, but not at those that this pass has written. */
function isWrittenElsewhere(m: Machine, array: DataArray, offset: number, length: number): boolean {
  const step = m.program.steps[array.step];
  if (step?.kind !== 'setEntries' || array.step < (m.currentLoop?.firstStep ?? Infinity)) return false;
  const [rows] = step.arguments.index;
  return rows?.kind !== 'range' || rows.start !== offset || length !== 1;
}

interface Taken {
  readonly start: ProgressValue;
  readonly length: number;
  readonly count: Size;
  readonly isSlice: boolean;
}

function rowOfLoop(m: Machine, array: DataArray, { start, length, count, isSlice }: Taken, range: SourceRange): DataArray {
  const isTable = array.flavour === 'frame' || array.flavour === 'series';
  const numbers = isTable ? dataStep(m, 'toTensor', {}, [array], range, { flavour: 'numpy' }) : array;
  // A table has one axis behind its rows, also where its columns are not known.
  const inner = array.shape?.slice(1) ?? (isWholeTable(m, array) ? [null] : null);
  const args = { length, first: start.offset, stride: start.scale, count };
  const made = dataStep(m, 'windows', args, [numbers], range, { shape: inner && [count, length, ...inner] });
  const one = { row: true, loop: start.loop.id > 0 ? start.loop.id : null };
  if (isSlice) return { ...made, ...one };
  return { ...dataStep(m, 'index', { axis: 1, at: 0 }, [made], range, { shape: inner && [count, ...inner] }), ...one };
}

const isWholeTable = (m: Machine, array: DataArray): boolean => {
  const step = m.program.steps[array.step];
  return (
    array.flavour === 'frame' || (step?.kind === 'toTensor' && m.program.results.get(step.inputs[0] ?? -1)?.flavour === 'frame')
  );
};

/** Notes that `item` is put into the list in every pass of the loop that makes it. */
export function appendedInLoop(m: Machine, list: ListValue, item: Value): void {
  const loop = m.currentLoop;
  if (item.kind !== 'array' || !item.row || item.loop === null || item.loop !== loop?.id || m.conditions.length > 0) return;
  if (list.items.length > 1 && list.each !== loop.id) return;
  list.each = loop.id;
  loop.made = [...(loop.made ?? []), { holder: list, before: item.step, step: item.step }];
}

/** In place of a loop: the rows of a batch that a collate function puts together. */
export const batchOfRows = -2;

/** All rows of a list that loops filled with rows in each pass; null for other lists. */
export function rowsOfList(m: Machine, list: ListValue): DataArray | null {
  const rows = list.items.flatMap((item) => (item.kind === 'array' && item.row ? [item] : []));
  const [first] = rows;
  if (rows.length !== list.items.length) return null;
  if (first?.loop === batchOfRows && rows.length === 1) return { ...first, row: false, loop: null };
  if (rows.some((row) => row.loop !== list.each)) return null;
  const own = first ? inTurn(m, rows) : null;
  if (first && !own) return null;
  const parts = [...(list.before ?? []), ...(own ? [own] : [])];
  const [one] = parts;
  if (!one || parts.length === 1) return one ?? null;
  const counts = parts.map((part) => part.shape?.[0] ?? null);
  const [, ...inner] = one.shape ?? [];
  if (parts.some((part) => part.shape === null || part.shape.slice(1).join() !== inner.join())) return null;
  const count = counts.reduce((sum, next) => combined('+', sum, next));
  return dataStep(m, 'concatenate', { axis: 0 }, parts, one.range, {
    shape: [count, ...inner],
    integer: jointInteger(parts),
    flavour: 'numpy',
  });
}

/** The rows that each pass appends one after the other, pass by pass; null where they are not of one shape. */
function inTurn(m: Machine, rows: readonly DataArray[]): DataArray | null {
  const [first] = rows;
  if (!first || rows.length === 1) return first ? { ...first, row: false, loop: null } : null;
  const [passes = null, ...inner] = first.shape ?? [];
  if (passes === null || inner.includes(null)) return null;
  if (rows.some((row) => row.shape?.slice(1).join() !== inner.join())) return null;
  const beside = stackedInRows(m, rows, 0, first.range);
  if (!beside) return null;
  const shape = [combined('*', passes, rows.length), ...inner];
  const args = { shape: [-1, ...(inner as Size[])] };
  return dataStep(m, 'reshape', args, [{ ...beside, row: false, loop: null }], first.range, { shape, row: false, loop: null });
}

/** Parts of one row put beside each other along a new axis of the row; null when none of them is of one row. */
export function stackedInRows(m: Machine, parts: readonly DataArray[], axis: number, range: SourceRange): DataArray | null {
  const [first] = parts;
  if (!first || !parts.some((part) => part.row)) return null;
  if (!parts.every((part) => part.row && part.loop === first.loop) || axis < 0) {
    const fault = { text: 'This change of single rows is not read', range };
    return { ...first, fault };
  }
  const { shape } = first;
  const at = axis + 1;
  const whole = parts.map((part) => ({ ...part, row: false }));
  const made = dataStep(m, 'stack', { axis: at }, whole, range, {
    flavour: 'numpy',
    shape: shape && [...shape.slice(0, at), parts.length, ...shape.slice(at)],
    integer: jointInteger(parts),
  });
  return { ...made, row: true, loop: first.loop };
}

/** Every window of `length` rows, `stride` apart, along the first axis: [windows, length, ...]. */
export function allWindows(m: Machine, array: DataArray, length: number, stride: number, range: SourceRange): DataArray {
  const rows = array.shape?.[0] ?? m.program.symbol(array.step, { kind: 'size', axis: 0 });
  const room = combined('-', rows, length - stride);
  const count = room === null ? 0 : stride === 1 ? room : combineSizes('//', room, stride);
  const inner = array.shape?.slice(1) ?? null;
  return dataStep(m, 'windows', { length, first: 0, stride, count }, [array], range, {
    shape: inner && [count, length, ...inner],
  });
}

/** The loop that stands for the calls of `__getitem__`. */
export const rowLoop = (count: Value | null, range: SourceRange): LoopContext => ({
  id: -1,
  range,
  count,
  head: range,
  firstStep: 0,
  batches: false,
});

import { recordOf, recordsOf } from './fileRecords';
import { countUnread } from './growth';
import { combineSizes } from '../../graph/size';
import type { SourceRange } from '../../records/source';
import type { DataStep } from '../../records/dataSteps';
import { rowsOfLoader } from '../vocabulary/rows/loaders';
import type { LoopContext, Value } from '../values/value';
import { listValue, numberValue, stringValue, unknown, unreadable } from '../values/value';
import { columnsOf } from '../vocabulary/tables/tableColumns';
import { countedNumbers, distinctValues } from './knownNumbers';
import type { Machine } from './machine';
import { batchFromOutside, isOutside, noRows, orImported, partOfOutside, type OutsideValue } from './outsideRows';
import { pieceOf } from './pieces';
import { subscriptOf } from './subscripts';
import { rowsOfList } from './windows';

/** How a value is gone through: item by item, or once on symbols. */
export type Iteration =
  | {
      readonly kind: 'items';
      readonly items: readonly Value[];
      /** The passes of a `range`. */ readonly isRange: boolean;
      readonly count: Value | null;
    }
  | {
      readonly kind: 'once';
      readonly item: (loop: LoopContext) => Value;
      readonly count: Value | null;
      readonly batches: boolean;
    };

/** More passes than this are never made one by one. */
const longest = 4_096;

/** How `value` is gone through; never fails. */
export function iterationOf(m: Machine, value: Value, range: SourceRange | null): Iteration {
  const records = recordsOf(value);
  if (records) return { kind: 'once', item: (loop) => recordOf(m, records, loop), count: null, batches: false };
  switch (value.kind) {
    case 'list': {
      if (value.grows) return ofUnknownLength(range);
      const rows = rowsOfList(m, value);
      if (rows) return arrayIteration(m, { ...rows, ofLists: true }, range);
      if (value.open && value.each === undefined) return ofUnknownLength(range);
      return { kind: 'items', items: value.items, isRange: false, count: null };
    }
    case 'dict':
      if (value.open) return ofUnknownLength(range);
      return { kind: 'items', items: [...value.entries.keys()].map(keyValue), isRange: false, count: null };
    case 'string':
      return { kind: 'items', items: [...value.value].slice(0, longest).map((c) => stringValue(c)), isRange: false, count: null };
    case 'container':
      return {
        kind: 'items',
        items: value.items.map((i) => (value.form === 'dict' ? stringValue(i.name) : i.value)),
        isRange: false,
        count: null,
      };
    case 'range':
      return rangeIteration(value);
    case 'groups':
      return {
        kind: 'items',
        items: value.optimizer.groups.map((_, index) => ({ kind: 'group', optimizer: value.optimizer, index })),
        isRange: false,
        count: null,
      };
    case 'loader':
      return { kind: 'once', item: (loop) => rowsOfLoader(m, value, loop), count: null, batches: true };
    case 'pieces':
      return { kind: 'once', item: (loop) => pieceOf(m, value, loop), count: null, batches: true };
    case 'array': {
      const names = value.flavour === 'frame' && range !== null ? columnsOf(value, m, range) : null;
      return names?.kind === 'list' ? iterationOf(m, names, range) : arrayIteration(m, value, range);
    }
    case 'batches':
      return { kind: 'once', item: () => value.item, count: null, batches: true };
    case 'iterator':
      return wrapped(m, value, range);
    case 'shape':
      return {
        kind: 'items',
        items: value.sizes.map((s) =>
          s === null ? unknown : typeof s === 'number' ? numberValue(s, true) : { kind: 'size', size: s },
        ),
        isRange: false,
        count: null,
      };
    case 'tensor': {
      const first = value.node.shape?.[0];
      if (range === null || typeof first !== 'number' || first > longest) break;
      const items = Array.from({ length: first }, (_, i) => subscriptOf(m, value, numberValue(i, true), range));
      return { kind: 'items', items, isRange: false, count: null };
    }
    case 'external':
      return range === null ? iterationOf(m, unknown, null) : iterationOf(m, orImported(value, range), range);
    case 'unknown':
      if (isOutside(value)) return outsideIteration(m, value);
      // Inside a loop over epochs it stands for batches that could not be read.
      return { kind: 'once', item: () => value, count: null, batches: m.loops.length > 0 };
  }
  return { kind: 'once', item: () => unknown, count: null, batches: false };
}

/** Batches where the loop trains, else any values. */
function outsideIteration(m: Machine, value: OutsideValue): Iteration {
  const batches = m.entersTraining || value.outside.batching !== null;
  const item = (loop: LoopContext): Value => (batches ? batchFromOutside(m, value, loop) : partOfOutside(value));
  return { kind: 'once', item, count: null, batches: m.loops.length > 0 };
}

/** Entries that a loop added: one pass stands for all of them. */
function ofUnknownLength(range: SourceRange | null): Iteration {
  const item = range === null ? unknown : countUnread(range);
  return { kind: 'once', item: () => item, count: null, batches: false };
}

/** Rows one by one, or the numbers of a short list that the script writes out (`np.linspace(0.01, 0.1, 5)`). */
function arrayIteration(m: Machine, array: Value & { readonly kind: 'array' }, range: SourceRange | null): Iteration {
  const counted = countedNumbers(m, array);
  if (counted) return { kind: 'items', items: counted, isRange: false, count: null };
  if (array.ragged) return { kind: 'once', item: () => ({ ...array, row: true }), count: null, batches: false };
  const numbers = numbersOfStep(m.program.steps[array.step]);
  if (numbers) {
    const items = numbers.map((n) => numberValue(n, array.integer === true, { place: array.range, chain: [] }));
    return { kind: 'items', items, isRange: false, count: null };
  }
  const steps = countOf(m, array);
  if (steps) return rangeIteration(steps);
  if (array.flavour === 'frame' || array.row || array.loop !== null) {
    const row = unreadable('Training on one row at a time is not read', range ?? array.range);
    return { kind: 'once', item: () => row, count: null, batches: false };
  }
  const size = array.shape?.[0] ?? m.program.symbol(array.step, { kind: 'size', axis: 0 });
  const count: Value = typeof size === 'number' ? numberValue(size, true) : { kind: 'size', size };
  return { kind: 'once', item: (loop) => ({ ...array, row: true, loop: loop.id }), count, batches: false };
}

/** `torch.arange(0, n, size)` as the range that it is; null for other arrays. */
export function countOf(m: Machine, array: Value & { readonly kind: 'array' }): (Value & { readonly kind: 'range' }) | null {
  const step = m.program.steps[array.step];
  if (step?.kind !== 'arange' || !Number.isInteger(step.arguments.start) || !Number.isInteger(step.arguments.step)) return null;
  const { start, end, step: by } = step.arguments;
  const number = (value: number): Value => numberValue(value, true, { place: array.range, chain: [] });
  const stop: Value = typeof end === 'number' ? number(end) : { kind: 'size', size: end };
  return { kind: 'range', start: number(start), stop, step: number(by) };
}

function numbersOfStep(step: DataStep | undefined): readonly number[] | null {
  if (step?.kind === 'literal' && step.arguments.shape.length === 1 && step.arguments.values.length <= 64)
    return step.arguments.values;
  if (step?.kind !== 'linspace') return null;
  const { start, end, count } = step.arguments;
  if (typeof count !== 'number' || count < 2 || count > 64) return null;
  return Array.from({ length: count }, (_, i) => start + ((end - start) * i) / (count - 1));
}

export const keyValue = (key: string | number | boolean): Value =>
  typeof key === 'string'
    ? stringValue(key)
    : typeof key === 'number'
      ? numberValue(key)
      : { kind: 'boolean', value: key, origin: null };

function rangeIteration(range: Value & { readonly kind: 'range' }): Iteration {
  const { start, stop, step } = range;
  const count = rangeCount(start, stop, step);
  const first = start.kind === 'number' ? start : null;
  const by = step.kind === 'number' ? step : null;
  if (count?.kind === 'number' && first && by && count.value <= longest) {
    const items = Array.from({ length: Math.max(0, count.value) }, (_, i) => numberValue(first.value + i * by.value, true));
    return { kind: 'items', items, isRange: true, count };
  }
  return { kind: 'once', item: (loop) => progressOf(range, loop), count, batches: false };
}

/** The loop variable of `range(...)` in a loop that is run once. */
export function progressOf(range: Value & { readonly kind: 'range' }, loop: LoopContext): Value {
  const { start, step } = range;
  if (start.kind !== 'number' || step.kind !== 'number') return unknown;
  return { kind: 'progress', loop, scale: step.value, offset: start.value, modulus: null, scaleValue: step };
}

/** Number of passes, with the place that says it. */
function rangeCount(start: Value, stop: Value, step: Value): Value | null {
  if (stop.kind === 'size' && start.kind === 'number' && step.kind === 'number' && step.value > 0) {
    if (start.value === 0 && step.value === 1) return stop;
    const room = combineSizes('-', stop.size, start.value - step.value + 1);
    return { kind: 'size', size: step.value === 1 ? room : combineSizes('//', room, step.value) };
  }
  if ((stop.kind === 'unknown' || stop.kind === 'none') && stop.reason) return stop;
  if (stop.kind !== 'number' || start.kind !== 'number' || step.kind !== 'number' || step.value === 0) return null;
  const count = Math.max(0, Math.ceil((stop.value - start.value) / step.value));
  if (count === stop.value) return stop;
  return stop.from?.find((n) => n.value === count) ?? { ...stop, value: count };
}

function wrapped(m: Machine, value: Value & { readonly kind: 'iterator' }, range: SourceRange | null): Iteration {
  const different = value.distinct && value.wrap === 'plain' ? distinctValues(m, value.of, value.distinct) : null;
  if (different) return { kind: 'items', items: different, isRange: false, count: null };
  const inner = iterationOf(m, value.of, range);
  if (value.wrap === 'plain') return inner;
  if (value.wrap === 'enumerate') {
    if (inner.kind === 'items')
      return {
        ...inner,
        isRange: false,
        items: inner.items.map((item, i) => listValue([numberValue(i + value.start, true), item], 'tuple')),
      };
    return {
      ...inner,
      item: (loop) =>
        listValue(
          [{ kind: 'progress', loop, scale: 1, offset: value.start, modulus: null, scaleValue: null }, inner.item(loop)],
          'tuple',
        ),
    };
  }
  // Rows that are gone through side by side are single ones.
  const one = (part: Value): Value => (isOutside(part) && part.outside.batching === null ? noRows(part) : part);
  const all = [value.of, ...value.others].map((part) => iterationOf(m, one(part), range));
  if (all.every((i) => i.kind === 'items')) {
    const length = Math.min(...all.map((i) => i.items.length));
    const items = Array.from({ length }, (_, k) =>
      listValue(
        all.map((i) => i.items[k] ?? unknown),
        'tuple',
      ),
    );
    return { kind: 'items', items, isRange: false, count: null };
  }
  return {
    kind: 'once',
    item: (loop) =>
      listValue(
        all.map((i) => (i.kind === 'once' ? i.item(loop) : unknown)),
        'tuple',
      ),
    count: all.find((i) => i.kind === 'once' && !i.batches)?.count ?? null,
    batches: all.some((i) => i.kind === 'once' && i.batches),
  };
}

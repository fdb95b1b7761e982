import { chosenColumns, labelledColumns, labelsWhere, markedColumns } from './columnLists';
import { charactersIn, charactersOf, encoded } from './characters';
import { fieldMapped, laterRecords } from './fileRecords';
import { missingEntry, noteGrowth } from './growth';
import type { ColumnKey, ColumnSelection } from '../../records/dataSources';
import type { Size } from '../../graph/size';
import type { SourceRange } from '../../records/source';
import type { Array as DataArray } from '../values/dataValues';
import { numberValue, stringValue, unknown, unreadable, type DictValue, type InstanceValue, type Value } from '../values/value';
import { Scope } from '../values/scope';
import { environmentItem } from '../vocabulary/python/commandLines';
import { countOf } from '../vocabulary/tables/counts';
import { batchRows } from '../vocabulary/rows/loaders';
import { columnsOf } from '../vocabulary/tables/tableColumns';
import { charactersOfEach, pieceOfTexts } from '../vocabulary/tables/textParts';
import { columnOfGroups } from '../vocabulary/tables/tableGroups';
import { namespaceItem } from '../vocabulary/python/plainMethods';
import { numbersOf, sizeOf, stringsOf } from './call';
import { assignLocated, assignToData } from './entries';
import { besideEachOther } from './beside';
import { callFunction } from './calls';
import { findMember } from './classes';
import { makeCall } from './expressions';
import { batchOf, drawnRows, isNewOrder } from './handBatches';
import { symbolically } from '../vocabulary/keras/functional';
import type { Machine } from './machine';
import { ratesOf } from './rates';
import { orderOfList, rowNumbers } from './rowNumbers';
import { constantTensor } from './forwardTensors';
import { assignToTensor } from '../vocabulary/layers/givenWeights';
import { fromFront, hasRows } from './shapes';
import { containerItem, listItem, slicedSize, sliceNumbers, stringSlice } from './slices';
import { batchFromOutside, entryFromOutside, isOutside, partOfOutside, type OutsideValue } from './outsideRows';
import { numberedRows } from './numberedRows';
import { entryOfRows } from './shuffledRows';
import { rowsOfList, windowOf } from './windows';
import { tensorItem } from './tensorIndex';
import { compareTensors, dataStep } from './tensors';

/** A row of a list of rows, or some of them as such a list. */
function partOfRows(m: Machine, rows: DataArray, index: Value, range: SourceRange): Value {
  const part = subscriptOf(m, { ...rows, ofLists: true }, index, range);
  return part.kind === 'array' && index.kind === 'slice' ? { ...part, ofLists: true } : part;
}

/** `object[index]`. */
export function subscriptOf(m: Machine, object: Value, index: Value, range: SourceRange): Value {
  switch (object.kind) {
    case 'list': {
      if (object.grows) return unreadable('What stands in this list while the loop adds to it is not known', range);
      const rows = rowsOfList(m, object);
      if (rows) return partOfRows(m, rows, index, range);
      if (index.kind === 'namespace') return markedColumns(object, index) ?? unknown;
      if (index.kind === 'array' && index.mask) return labelledColumns(m, object, index) ?? unknown;
      return index.kind === 'slice' && index.start.kind === 'progress'
        ? positions(m, object, index, range)
        : (shuffledPart(m, object, index, range) ??
            listItem(object, index) ??
            (object.beyond ? unreadable(object.beyond, range) : unknown));
    }
    case 'dict':
      if (index.kind === 'namespace' && !object.open)
        return fieldMapped(m, index, [...object.entries.keys()], [...object.entries.values()], range) ?? unknown;
      return 'value' in index
        ? (object.entries.get(index.value as string) ?? missingEntry(m, object, index.value as string, range))
        : unknown;
    case 'file': {
      const text = charactersOf(m, object, range);
      return text ? arrayItem(m, text, index, range) : unknown;
    }
    case 'namespace':
      if (object.entries.has('__record')) return linesFrom(object, index);
      if (index.kind === 'namespace') return chosenColumns(object, index, range);
      if (index.kind === 'array') return encoded(m, object, index, range) ?? unknown;
      if (object.entries.has('__text') || object.entries.has('__pieces')) return pieceOfTexts(object, index, m, range) ?? unknown;
      if (index.kind === 'string' && object.entries.has('__groups')) return columnOfGroups(object, index.value) ?? unknown;
      return index.kind === 'string' ? namespaceItem(object, index.value, { machine: m, range }) : unknown;
    case 'container':
      return containerItem(object, index);
    case 'string':
      return index.kind === 'number' ? stringValue(object.value.at(index.value) ?? '') : stringSlice(object.value, index);
    case 'shape': {
      const part = index.kind === 'slice' ? sliceNumbers(index) : null;
      if (part && part.step === 1) return { ...object, sizes: object.sizes.slice(part.start ?? 0, part.end ?? undefined) };
      if (index.kind !== 'number') return unknown;
      const size = object.sizes[fromFront(index.value, object.sizes.length)] ?? null;
      if (size !== null) return typeof size === 'number' ? numberValue(size, true) : { kind: 'size', size };
      if (object.of.kind === 'array')
        return { kind: 'size', size: m.program.symbol(object.of.step, { kind: 'size', axis: index.value }) };
      return index.value === 0 ? { kind: 'size', size: { symbol: 'rows' } } : unknown;
    }
    case 'array':
      if (object.counted && (index.kind === 'string' || index.kind === 'number'))
        return countOf(object, index.value, { machine: m, range });
      if (m.entrywise > 0 && object.flavour === 'series' && (index.kind === 'number' || index.kind === 'slice'))
        return charactersOfEach(object, index, { machine: m, range });
      return arrayItem(m, object, index, range);
    case 'indexer':
      return indexed(m, object.array, object.by, index, range);
    case 'tensor':
      return tensorItem(m, object, index, range);
    case 'kerasTensor':
      return symbolically([object, index], range, ([x, at]) => subscriptOf(m, x ?? unknown, at ?? unknown, range)) ?? unknown;
    case 'groups':
      return index.kind === 'number' ? { kind: 'group', optimizer: object.optimizer, index: index.value } : unknown;
    case 'group': {
      const rate = object.optimizer.groups[object.index]?.learningRate ?? object.optimizer.learningRate;
      const now = m.replay?.rates.get(object.optimizer)?.[object.index];
      if (now !== undefined && index.kind === 'string' && index.value === 'lr') return numberValue(now, false);
      return index.kind === 'string' && index.value === 'lr' && rate
        ? numberValue(rate.value, false, { place: rate.place, chain: rate.chain })
        : unknown;
    }
    case 'instance':
      return (index.kind === 'string' && itemOf(m, object, index, range)) || unknown;
    case 'dataset':
      return index.kind === 'number' || index.kind === 'progress'
        ? unreadable('Single rows of a dataset are not read', range)
        : unknown;
    case 'unknown':
      return isOutside(object) ? outsideItem(m, object, index, range) : object;
    case 'external':
      if (object.path === 'numpy.c_') return besideEachOther(m, index, range);
      return object.path === 'os.environ' && index.kind === 'string' ? environmentItem(index.value, range) : unknown;
    default:
      return unknown;
  }
}

/** `settings['rate']` of an object whose class says what that is; null for others. */
function itemOf(m: Machine, object: InstanceValue, index: Value, range: SourceRange): Value | null {
  const getItem = findMember(object.type, '__getitem__');
  if (getItem?.kind !== 'function') return null;
  const call = makeCall(m, new Scope(null, range.path), [], range, range);
  return callFunction({ ...getItem, self: object }, { ...call, positional: [{ value: index, range }] });
}

/** An entry of a batch from outside by its name or number, and other rows or columns of what comes from outside. */
function outsideItem(m: Machine, object: OutsideValue, index: Value, range: SourceRange): Value {
  const loop = index.kind === 'slice' && index.start.kind === 'progress' ? m.currentLoop : null;
  if (!object.outside.batch) return loop ? batchFromOutside(m, object, loop) : partOfOutside(object);
  if (index.kind === 'string' || index.kind === 'number') return entryFromOutside(m, object, String(index.value));
  return subscriptOf(m, entryFromOutside(m, object, ''), index, range);
}

/** `indices[:100]` of a list of row numbers that the script has shuffled. */
function shuffledPart(m: Machine, list: Value & { readonly kind: 'list' }, index: Value, range: SourceRange): Value | null {
  if (!list.shuffled || index.kind !== 'slice') return null;
  const order = orderOfList(m, list, range);
  return order ? arrayItem(m, order, index, range) : unreadable('The order of this list is not known', range);
}

/** A slice of a list of row numbers, 0 … n-1 in some order, in a loop over batches. */
function positions(m: Machine, list: Value & { readonly kind: 'list' }, index: Value, range: SourceRange): Value {
  const place = list.range ?? range;
  const counted = list.items.every((item, i) => item.kind === 'number' && item.value === i);
  if (!counted || list.items.length === 0) return unknown;
  const size = list.items.length;
  const result = { shape: [size], integer: true };
  const order = list.shuffled
    ? dataStep(m, 'randomPermutation', { size, seed: m.seeds.python }, [], place, result)
    : dataStep(m, 'arange', { start: 0, end: size, step: 1 }, [], place, result);
  return arrayItem(m, order, index, range);
}

/** Column names or positions in an index. */
function columnKeys(index: Value): ColumnKey[] | null {
  return stringsOf(index) ?? numbersOf(index);
}

/** `lines[1:]` of a file. */
const linesFrom = (lines: Value, index: Value): Value =>
  (index.kind === 'slice' && index.start.kind === 'number' && index.stop.kind === 'none' && index.step.kind === 'none'
    ? laterRecords(lines, index.start.value)
    : null) ?? unknown;

/** A number of a column, or a list of them. */
const isColumnNumber = (index: Value): boolean =>
  index.kind === 'number' ||
  (index.kind === 'list' && index.form === 'list' && !index.shuffled && !index.open && (numbersOf(index)?.length ?? 0) > 0);

function arrayItem(m: Machine, array: DataArray, index: Value, range: SourceRange): Value {
  // A table's columns may be called by numbers; its rows are chosen by `iloc`.
  if (array.flavour === 'frame' && !array.row && isColumnNumber(index)) return selectColumns(m, array, index, range);
  if (index.kind === 'string' || (index.kind === 'list' && index.form !== 'tuple' && stringsOf(index)))
    return selectColumns(m, array, index, range);
  if (index.kind === 'list' && index.form === 'tuple') return tupleIndex(m, array, index.items, range);
  if (index.kind === 'none') return tupleIndex(m, array, [index], range);
  const listed = index.kind === 'list' && (index.shuffled || index.items.length > 0) ? rowNumbers(m, index, range) : null;
  if (listed) return arrayItem(m, array, listed, range);
  const batch = batchOf(m, index, range, array);
  if (batch) return batchRows(m, array, batch);
  const table = index.kind === 'array' && (index.shape?.some(hasRows) ?? false) ? constantTensor(m, array) : null;
  if (table) return tensorItem(m, { kind: 'tensor', node: table }, index, range);
  if (index.kind === 'array' && index.row && isNumberedRow(array, index)) {
    const shape = array.shape && [index.shape?.[0] ?? null, ...array.shape.slice(1)];
    const taken = dataStep(m, 'takeRows', {}, [array, { ...index, row: false }], range, { shape });
    return { ...taken, row: true, loop: index.loop };
  }
  if (index.kind === 'array' && index.mask && index.flavour === 'frame' && array.flavour === 'frame') {
    const gap = dataStep(m, 'literal', { shape: [], values: [Number.NaN], integer: false }, [], range, { shape: [] });
    const { shape, columns } = array;
    return dataStep(m, 'where', {}, [index, array, gap], range, { flavour: 'frame', shape, columns, mask: false, integer: null });
  }
  if (index.kind === 'array') {
    if (index.loop !== null && m.loops.some((l) => l.id === index.loop)) return drawnRows(m, array, index, range);
    if (isNewOrder(m, index)) return { ...array, reordered: { range: index.range, step: index.step } };
    const shape = array.shape ? [null, ...array.shape.slice(1)] : null;
    const labels = array.labels && labelsWhere(m, array.labels, index);
    return dataStep(m, 'takeRows', {}, [array, index], range, { shape, columns: array.columns, ...(labels ? { labels } : {}) });
  }
  // The row that stands for every row while a dataset's `__getitem__` is read.
  if (index.kind === 'progress' && index.loop.id === -1 && index.offset === 0 && index.scale === 1 && index.modulus === null)
    return { ...array, row: true, flavour: array.flavour === 'frame' ? 'series' : array.flavour };
  return (array.row ? null : windowOf(m, array, index, range)) ?? axisIndex(m, array, 0, index, range);
}

/** `x[self.first[i]]`: where a row is looked up by a number that stands in the row of another array. */
const isNumberedRow = (array: DataArray, index: DataArray): boolean =>
  !array.row &&
  array.flavour !== 'frame' &&
  array.flavour !== 'series' &&
  index.integer === true &&
  !index.mask &&
  index.shape?.length === 1;

function selectColumns(m: Machine, array: DataArray, index: Value, range: SourceRange): Value {
  if (array.row) {
    // One row of a table: the entry in that column, or the entries in those columns.
    const made = selectColumns(m, { ...array, row: false, flavour: 'frame' }, index, range);
    return made.kind === 'array' ? { ...made, row: true, flavour: 'series' } : made;
  }
  const keys = columnKeys(index);
  if (!keys) return unreadable('The columns could not be read', range);
  const single = index.kind === 'string' || index.kind === 'number';
  const [name = 0] = keys;
  return dataStep(m, 'select', { columns: { kind: 'keys', keys }, single }, [array], range, {
    flavour: single ? 'series' : 'frame',
    columns: keys.every((key) => typeof key === 'string') ? keys : null,
    ...(single ? { columnOf: { table: array, name } } : {}),
    shape: single ? [array.shape?.[0] ?? null] : [array.shape?.[0] ?? null, keys.length],
    integer: null,
  });
}

/** `X[:, 2:5]`, `X[:, None]`, `X[i, :]`. */
/** `...` in an index stands for all axes that are not named. */
const isEllipsis = (value: Value): boolean => value.kind === 'external' && value.path === 'builtins.Ellipsis';

function tupleIndex(m: Machine, array: DataArray, items: readonly Value[], range: SourceRange): Value {
  let result: Value = array;
  let axis = 0;
  for (const [i, item] of items.entries()) {
    if (result.kind !== 'array') return result;
    if (isEllipsis(item)) {
      if (!result.shape) return unreadable('The number of axes is not known here', range);
      axis = result.shape.length - items.slice(i + 1).filter((later) => later.kind !== 'none').length;
      continue;
    }
    if (item.kind === 'none') {
      const s: DataArray['shape'] = result.shape;
      result = dataStep(m, 'unsqueeze', { axis }, [result], range, {
        shape: s ? [...s.slice(0, axis), 1, ...s.slice(axis)] : null,
        flavour: result.flavour === 'series' ? 'numpy' : result.flavour,
      });
      axis++;
      continue;
    }
    const isTaken =
      item.kind === 'array' || item.kind === 'progress' || (item.kind === 'slice' && item.start.kind === 'progress');
    if (axis === 0 && isTaken && !result.row) {
      result = arrayItem(m, result, item, range);
      if (item.kind !== 'progress') axis++;
      continue;
    }
    const before: DataArray = result;
    result = axisIndex(m, before, axis, item, range);
    if (item.kind !== 'number') axis++;
  }
  return result;
}

/** One index or slice of one axis; of a row where one is seen at a time. */
function axisIndex(m: Machine, whole: DataArray, place: number, index: Value, range: SourceRange): Value {
  const made = wholeAxisIndex(m, { ...whole, row: false }, whole.row ? place + 1 : place, index, range);
  return whole.row && made.kind === 'array' ? { ...made, row: true } : made;
}

function wholeAxisIndex(m: Machine, array: DataArray, axis: number, index: Value, range: SourceRange): Value {
  if (index.kind === 'slice') {
    const bound = (v: Value): Size | null | undefined => (v.kind === 'none' ? null : (sizeOf(v) ?? undefined));
    const [start, end] = [bound(index.start), bound(index.stop)];
    const step = index.step.kind === 'number' ? index.step.value : index.step.kind === 'none' ? 1 : undefined;
    if (start === undefined || end === undefined || step === undefined) return unreadable('The slice could not be read', range);
    if (start === null && end === null && step === 1) return array;
    const shape = array.shape?.map((s, i) => (i === axis ? slicedSize(s, start, end, step) : s)) ?? null;
    return dataStep(m, 'slice', { axis, start, end, step }, [array], range, {
      shape,
      columns: axis === 0 ? array.columns : null,
    });
  }
  if (index.kind === 'number') {
    const entry = array.ofLists && axis === 1 ? entryOfRows(m, array, index.value) : null;
    if (entry) return entry;
    const shape = array.shape?.filter((_, i) => i !== axis) ?? null;
    return dataStep(m, 'index', { axis, at: index.value }, [array], range, {
      shape,
      flavour: array.flavour === 'frame' ? 'series' : array.flavour,
    });
  }
  if (index.kind === 'progress') return unreadable('Training on one row at a time is not read', range);
  const keys = index.kind === 'list' ? columnKeys(index) : null;
  if (keys && axis === 1) {
    return dataStep(m, 'select', { columns: { kind: 'keys', keys }, single: false }, [array], range, {
      shape: array.shape ? [array.shape[0] ?? null, keys.length] : null,
    });
  }
  return index.kind === 'unknown' && index.reason ? index : unreadable('This index could not be read', range);
}

/** `df.iloc[rows, columns]` and `df.loc[rows, columns]`. */
function indexed(m: Machine, array: DataArray, by: 'position' | 'label', index: Value, range: SourceRange): Value {
  const [rows, columns] = index.kind === 'list' && index.form === 'tuple' ? index.items : [index];
  let result: Value = array;
  if (columns) {
    const selection = columnSelection(namesWhere(m, array, columns, range));
    if (!selection) return unreadable('The columns could not be read', range);
    const single = columns.kind === 'number' || columns.kind === 'string';
    const count = selection.kind === 'keys' ? selection.keys.length : null;
    result = dataStep(m, 'select', { columns: selection, single }, [array], range, {
      flavour: single ? 'series' : 'frame',
      shape: single ? [array.shape?.[0] ?? null] : [array.shape?.[0] ?? null, count],
      integer: null,
    });
  }
  if (!rows || (rows.kind === 'slice' && rows.start.kind === 'none' && rows.stop.kind === 'none')) return result;
  if (by === 'label' && rows.kind === 'slice')
    return (
      (result.kind === 'array' && (numberedRows(m, result, rows, range) ?? datesBetween(m, result, rows, range))) ||
      unreadable('Row labels are not read', range)
    );
  return result.kind === 'array' ? arrayItem(m, result, rows, range) : result;
}

/** `df.loc["2019":"2020-03"]` of rows that dates name: both ends with all of their days; null for other labels. */
function datesBetween(
  m: Machine,
  rows: DataArray,
  { start, stop, step }: Value & { readonly kind: 'slice' },
  range: SourceRange,
): Value | null {
  const first = start.kind === 'none' ? null : dayOf(start, 0);
  const behind = stop.kind === 'none' ? null : dayOf(stop, 1);
  if (!rows.index || step.kind !== 'none' || first === undefined || behind === undefined) return null;
  let result = rows;
  for (const [operator, day] of [['>=', first] as const, ['<', behind] as const]) {
    if (day === null || !result.index) continue;
    const mask = compareTensors(m, operator, result.index, stringValue(day), range);
    const taken = arrayItem(m, result, mask, range);
    if (taken.kind !== 'array') return taken;
    result = taken;
  }
  return result;
}

/** The first day of a year, a month or a day that a text names, or the first behind it; undefined for other values. */
function dayOf(value: Value, behind: 0 | 1): string | undefined {
  const found = value.kind === 'string' ? /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(value.value) : null;
  if (!found) return undefined;
  const [year, month, day] = found.slice(1).map((part) => (part === undefined ? null : Number(part)));
  const years = (year ?? 0) + (month === null ? behind : 0);
  const months = (month ?? 1) - 1 + (day === null && month !== null ? behind : 0);
  const time = Date.UTC(years, months, (day ?? 1) + (day === null ? 0 : behind));
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().slice(0, 10);
}

/** Names of columns in place of marks of them: `df.loc[:, df.columns != "y"]`. */
function namesWhere(m: Machine, table: DataArray, columns: Value, range: SourceRange): Value {
  const areMarks = columns.kind === 'list' && columns.items.length > 0 && columns.items.every((item) => item.kind === 'boolean');
  const isMask = columns.kind === 'array' && columns.mask && columns.labels !== undefined;
  if (!areMarks && !isMask) return columns;
  const names = columnsOf(table, m, range);
  return names.kind === 'list' ? subscriptOf(m, names, columns, range) : names;
}

function columnSelection(columns: Value): ColumnSelection | null {
  if (columns.kind === 'slice') {
    const part = sliceNumbers(columns);
    return part ? { kind: 'range', start: part.start, end: part.end, step: part.step } : null;
  }
  const keys = columnKeys(columns);
  return keys ? { kind: 'keys', keys } : null;
}

/** `model.classifier[6] = nn.Linear(...)`. */
function replaceModule(container: Value & { readonly kind: 'container' }, index: number, value: Value): void {
  const at = fromFront(index, container.items.length);
  const old = container.items[at];
  if (old) container.items[at] = { name: old.name, value };
}

/** `entries[key] = value`; a key that is not known adds an entry that is not known. */
function assignEntry(m: Machine, object: DictValue, key: Value, value: Value): void {
  if (!('value' in key)) object.open = true;
  else {
    if (!object.entries.has(key.value as string)) noteGrowth(m, object);
    m.journal.set(object.entries, key.value as string, value);
  }
}

/** `object[index] = value`. */
export function assignSubscript(m: Machine, object: Value, index: Value, value: Value, range: SourceRange): void {
  if (object.kind === 'dict') assignEntry(m, object, index, value);
  else if (charactersIn(object)) forgetCharacters(object);
  else if (object.kind === 'namespace' && index.kind === 'string') m.journal.set(object.entries, index.value, value);
  else if (object.kind === 'list' && index.kind === 'number') object.items[fromFront(index.value, object.items.length)] = value;
  else if (object.kind === 'container' && index.kind === 'number') replaceModule(object, index.value, value);
  else if (object.kind === 'container' && index.kind === 'string') object.items.push({ name: index.value, value });
  else if (object.kind === 'group' && index.kind === 'string' && index.value === 'lr') setRate(m, object, value, range);
  else if (object.kind === 'tensor') assignToTensor(m, object, index, value, range);
  else if (object.kind === 'array') assignToData(m, object, index, value, range);
  else if (object.kind === 'indexer') assignLocated(m, object.array, index, value, range);
}

/** A dictionary of characters that the script changes is no longer known. */
function forgetCharacters(object: Value): void {
  if (object.kind === 'namespace') for (const name of ['__encoding', '__decoding', '__offset']) object.entries.delete(name);
}

function setRate(m: Machine, group: Value & { readonly kind: 'group' }, value: Value, range: SourceRange): void {
  const { optimizer, index } = group;
  if (!m.replay) m.record(range, { kind: 'setRate', optimizer, group: index, value });
  else if (value.kind === 'number' && m.conditions.length === 0) {
    const before = m.replay.rates.get(optimizer) ?? ratesOf(optimizer);
    const rates = before.map((rate, i) => (i === index ? value.value : rate));
    m.replay.rates.set(optimizer, rates);
  } else m.replay.failed = true;
}

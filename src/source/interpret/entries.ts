import type { DataStep, EntryIndex } from '../../records/dataSteps';
import type { Reason, SourceRange } from '../../records/source';
import type { Array as DataArray } from '../values/dataValues';
import { type Value } from '../values/value';
import { numbersOf, sizeOf, stringsOf } from './call';
import { asChoice } from './elementwise';
import type { Machine } from './machine';
import { choiceOf } from './rowChoices';
import { labelsDiffer, sameLabels } from './rowLabels';
import { asOneRow } from './rowLoops';
import { placedValues } from './placedEntries';
import { noteWritten } from './sharedNumbers';
import { subscriptOf } from './subscripts';
import { asArray, dataStep } from './tensors';
import { assignNumbers } from './tensorIndex';

/** `table[index] = value` on data; a change that is not followed is a fault of the table from here on. */
export function assignToData(m: Machine, table: DataArray, index: Value, value: Value, range: SourceRange): void {
  m.tick();
  const changed =
    table.flavour === 'frame' ? assignColumns(m, table, index, value, range) : changeEntries(m, table, index, value, range);
  if (changed) return;
  const why = value.kind === 'unknown' && value.reason ? value.reason : null;
  const differ = value.kind === 'array' && !sameLabels(table, value);
  const reason = why ?? { text: differ ? labelsDiffer : 'This change of the data could not be read', range };
  if (value.kind === 'tensor') table.fault = reason;
  else spoil(m, table, reason);
}

/** A table that is changed in a way that is not read: rows of which nothing is known from here on. */
export function spoil(m: Machine, table: DataArray, reason: Reason): void {
  if (table.columnOf) spoil(m, table.columnOf.table, reason);
  if ((table.flavour !== 'frame' && table.flavour !== 'series') || table.row || m.entrywise > 0) {
    table.fault ??= reason;
    return;
  }
  const step = m.program.add('unread', { text: reason.text, shape: null }, [], reason.range);
  Object.assign(table, { step, shape: table.flavour === 'series' ? [null] : null, columns: null, integer: null });
  m.program.results.set(step, { ...table });
}

/** Not in a loop that changes it anew in each pass, and not on one of two ways only. */
const isChangedOnce = (m: Machine, table: DataArray): boolean =>
  m.conditions.length === 0 && m.rowWays.length === 0 && m.loops.every((loop) => table.step >= loop.firstStep);

/** `df["name"] = values`, `df[["a", "b"]] = values`: the table's variables see the new table. */
function assignColumns(m: Machine, table: DataArray, index: Value, value: Value, range: SourceRange): boolean {
  if (index.kind === 'number' && table.columns === null && Number.isInteger(index.value))
    return assignColumn(m, table, index.value, value, range);
  const names = stringsOf(index);
  if (!names || (index.kind === 'list' && index.form === 'tuple')) return false;
  if (index.kind === 'string') return assignColumn(m, table, index.value, value, range);
  if (value.kind !== 'array') return names.every((name) => assignColumn(m, table, name, value, range));
  const columns = names.map((_, at) => columnAt(m, value, at, range));
  return names.every((name, i) => assignColumn(m, table, name, columns[i] as DataArray, range));
}

/** Column `at` of a table or of an array of rows. */
const columnAt = (m: Machine, value: DataArray, at: number, range: SourceRange): DataArray =>
  value.flavour === 'frame'
    ? dataStep(m, 'select', { columns: { kind: 'range', start: at, end: at + 1, step: 1 }, single: true }, [value], range, {
        flavour: 'series',
        shape: null,
      })
    : dataStep(m, 'index', { axis: 1, at }, [value], range, { shape: [value.shape?.[0] ?? null] });

function assignColumn(m: Machine, table: DataArray, name: string | number, value: Value, range: SourceRange): boolean {
  const text = value.kind === 'string' ? value.value : undefined;
  const column = text === undefined ? asArray(m, value, range) : table;
  if (!column || (value.kind === 'array' && !sameLabels(table, value))) return false;
  if (value.kind === 'array' && value.retyped) m.categorised = true;
  const known = table.columns?.includes(String(name)) ?? false;
  const columns = table.columns && (known ? table.columns : [...table.columns, String(name)]);
  const fault = column.fault ?? table.fault;
  table.step =
    text === undefined
      ? dataStep(m, 'assign', { column: name }, [table, column], range).step
      : dataStep(m, 'assign', { column: name, text }, [table], range).step;
  table.shape = columns ? [table.shape?.[0] ?? null, columns.length] : null;
  table.columns = columns;
  table.fault = fault;
  return true;
}

/** `del df["name"]`, `del entries[key]`. */
export function deleteItem(m: Machine, object: Value, key: Value, range: SourceRange): void {
  if (object.kind === 'dict' && 'value' in key) object.entries.delete(key.value as string);
  else if (object.kind === 'list' && key.kind === 'number') object.items.splice(key.value, 1);
  else if (object.kind === 'array' && object.flavour === 'frame') {
    const columns = key.kind === 'string' ? object.columns?.filter((name) => name !== key.value) : undefined;
    if (key.kind === 'string' && isChangedOnce(m, object))
      object.step = dataStep(m, 'drop', { columns: [key.value] }, [object], range).step;
    else object.fault = { text: 'This change of the data could not be read', range };
    object.columns = columns ?? null;
    object.shape = columns ? [object.shape?.[0] ?? null, columns.length] : null;
  }
}

/** `df.loc[rows, "name"] = value`: the column with other values in these rows. */
export function assignLocated(m: Machine, table: DataArray, index: Value, value: Value, range: SourceRange): void {
  const [rows, columns] = index.kind === 'list' && index.form === 'tuple' ? index.items : [];
  const names: readonly (string | number)[] | null = columns
    ? (stringsOf(columns) ?? (table.columns === null ? numbersOf(columns) : null))
    : null;
  if (table.flavour === 'frame' && rows?.kind === 'slice' && rows.start.kind === 'none' && rows.stop.kind === 'none' && columns)
    return assignToData(m, table, columns, value, range);
  const isPlace = table.flavour === 'frame' && names && rows?.kind === 'array' && isChangedOnce(m, table);
  const placed = isPlace ? (rows.mask ? [{ mask: rows, value }] : placedValues(m, table, rows, value, range)) : null;
  const choices = placed?.map(({ mask, value: own }) => ({ mask, given: asChoice(m, own, mask, range) })) ?? [];
  if (names && choices.length > 0 && choices.every(({ given }) => given)) {
    for (const { mask, given, name } of choices.flatMap((choice) => names.map((one) => ({ ...choice, name: one })))) {
      if (!given) continue;
      const args = { columns: { kind: 'keys' as const, keys: [name] }, single: true, orMissing: true as const };
      const column = dataStep(m, 'select', args, [table], range, {
        flavour: 'series',
        shape: [table.shape?.[0] ?? null],
        integer: null,
      });
      const chosen = dataStep(m, 'where', {}, [mask, given, column], range, {
        integer: null,
        flavour: 'series',
        shape: column.shape,
        mask: false,
      });
      assignColumn(m, table, name, chosen, range);
    }
    return;
  }
  const reason = value.kind === 'unknown' ? value.reason : null;
  spoil(m, table, reason ?? { text: 'This change of the data could not be read', range });
}

/** `for i, numbers in enumerate(rows): zeros[i, numbers] = 1`: a table of which numbers a row has. */
function markNumbers(m: Machine, table: DataArray, index: Value, value: Value, range: SourceRange): boolean {
  const [row, numbers] = index.kind === 'list' ? index.items : [];
  const step = m.program.steps[table.step];
  const empty = step?.kind === 'filled' && step.arguments.value === 0;
  const classes = table.shape?.length === 2 ? table.shape[1] : null;
  if (row?.kind !== 'progress' || row.scale !== 1 || row.offset !== 0 || numbers?.kind !== 'array' || !numbers.ragged)
    return false;
  if (!empty || !classes || value.kind !== 'number' || value.value !== 1) return false;
  table.step = dataStep(m, 'multiHot', { classes }, [{ ...numbers, row: false }], range).step;
  return true;
}

/** `X[index] = value` on an array, a tensor or a column. */
function changeEntries(m: Machine, table: DataArray, index: Value, value: Value, range: SourceRange): boolean {
  if (!table.mask && (markNumbers(m, table, index, value, range) || assignNumbers(m, table, index, value))) return true;
  const row = rowsOfPasses(m, table, index, value);
  if (!row && !isChangedOnce(m, table)) return false;
  const given = row ? row.value : givenTo(m, value, range);
  if (!given || given.row) return false;
  const inputs = [ownNumbers(m, table, range), given];
  const parts = row ? row.index : indexOf(m, index, inputs, range);
  if (!parts) return false;
  const old = table.step;
  const { shape, integer, flavour, mask } = table;
  const made = dataStep(m, 'setEntries', { index: parts }, inputs, range, { shape, integer, flavour, mask });
  const loop = m.currentLoop;
  if (row && loop) loop.made = [...(loop.made ?? []), { holder: table, before: old, step: given.step }];
  table.step = made.step;
  table.fault = made.fault;
  if (table.columnOf) assignColumn(m, table.columnOf.table, table.columnOf.name, table, range);
  else noteWritten(m.program, old, range);
  return true;
}

/** Whole numbers that a maker of one number fills as fractions. */
const ownNumbers = (m: Machine, table: DataArray, range: SourceRange): DataArray =>
  !table.mask && table.integer === true && m.program.steps[table.step]?.kind === 'filled'
    ? dataStep(m, 'cast', { to: 'integer' }, [table], range)
    : table;

function givenTo(m: Machine, value: Value, range: SourceRange): DataArray | null {
  const numbers = value.kind === 'list' ? numbersOf(value) : null;
  if (!numbers) return asArray(m, value, range);
  const shape = [numbers.length];
  return dataStep(m, 'literal', { shape, values: numbers, integer: numbers.every(Number.isInteger) }, [], range, { shape });
}

/** `x.scatter_(1, places, value)` of one number for each row: the one-hot rows of old scripts. */
export function scatter(
  m: Machine,
  table: DataArray,
  axis: Value | null,
  places: Value | null,
  value: Value | null,
  range: SourceRange,
): boolean {
  const given = value ? asArray(m, value, range) : null;
  const single = places?.kind === 'array' && places.shape?.length === 2 && places.shape[1] === 1;
  if (axis?.kind !== 'number' || (axis.value !== 1 && axis.value !== -1) || !single || given?.shape?.length !== 0) return false;
  if (table.shape?.length !== 2 || places.row || !isChangedOnce(m, table)) return false;
  const rows = places.shape?.[0] ?? m.program.symbol(places.step, { kind: 'size', axis: 0 });
  const shape = [rows];
  const down = dataStep(m, 'arange', { start: 0, end: rows, step: 1 }, [], range, { shape, integer: true });
  const across = dataStep(m, 'reshape', { shape: [-1] }, [places], range, { shape, integer: true });
  const index: EntryIndex[] = [2, 3].map((input) => ({ kind: 'places', input }));
  const old = table.step;
  table.step = dataStep(m, 'setEntries', { index }, [table, given, down, across], range).step;
  noteWritten(m.program, old, range);
  return true;
}

/** What the index takes along each axis; arrays that name places are added to the inputs. Null when it is not known. */
function indexOf(m: Machine, index: Value, inputs: DataArray[], range: SourceRange): EntryIndex[] | null {
  const items = index.kind === 'list' && index.form === 'tuple' ? index.items : [index];
  const parts: EntryIndex[] = [];
  for (const item of items) {
    const part = partOfIndex(m, item, inputs, range);
    if (!part) return null;
    parts.push(part);
  }
  return parts;
}

function partOfIndex(m: Machine, item: Value, inputs: DataArray[], range: SourceRange): EntryIndex | null {
  if (item.kind === 'number') return { kind: 'at', at: item.value };
  if (item.kind === 'slice') {
    const bound = (v: Value): ReturnType<typeof sizeOf> | undefined => (v.kind === 'none' ? null : (sizeOf(v) ?? undefined));
    const [start, end] = [bound(item.start), bound(item.stop)];
    const step = item.step.kind === 'none' ? 1 : item.step.kind === 'number' ? item.step.value : null;
    if (start === undefined || end === undefined || step === null) return null;
    return start === null && end === null && step === 1 ? { kind: 'all' } : { kind: 'range', start, end, step };
  }
  if (item.kind === 'range') {
    const [start, end] = [sizeOf(item.start), sizeOf(item.stop)];
    if (start === null || end === null || item.step.kind !== 'number' || item.step.value < 1) return null;
    return { kind: 'range', start, end, step: item.step.value };
  }
  const places = item.kind === 'list' ? givenTo(m, item, range) : item.kind === 'array' ? item : null;
  if (!places || places.row || (item.kind === 'array' && !item.mask && item.integer !== true)) return null;
  inputs.push(places);
  return { kind: 'places', input: inputs.length - 1 };
}

/** `X[i] = row` and `X[i, 2] = number` in each pass of a loop over i: the rows of all passes at once. */
function rowsOfPasses(
  m: Machine,
  table: DataArray,
  index: Value,
  value: Value,
): { readonly index: EntryIndex[]; readonly value: DataArray } | null {
  const [first, ...rest] = index.kind === 'list' && index.form === 'tuple' ? index.items : [index];
  const loop = m.currentLoop;
  if (first?.kind !== 'progress' || first.loop !== loop || first.modulus !== null || first.scale !== 1 || first.continues)
    return null;
  if (m.conditions.length > 0 || loop.batches || m.loops.length > 1 || first.offset < 0) return null;
  if (seesOtherPasses(m, table, first.offset)) return null;
  const count = sizeOf(loop.count);
  if (typeof count !== 'number') return null;
  const inner = indexOf(m, { kind: 'list', form: 'tuple', items: rest, range: null }, [], table.range);
  const chosen = m.rowWays.length > 0 ? chosenEntry(m, table, index, value) : asOneRow(m, value, table.range);
  const given =
    chosen.kind === 'array' && chosen.row && chosen.loop === loop.id
      ? { ...chosen, row: false, loop: null }
      : chosen.kind === 'number' || (chosen.kind === 'array' && !chosen.row && chosen.step < loop.firstStep)
        ? asArray(m, chosen, table.range)
        : null;
  if (!inner || !given || inner.some((part) => part.kind === 'places')) return null;
  const rows: EntryIndex = { kind: 'range', start: first.offset, end: first.offset + count, step: 1 };
  const axes = (table.shape?.length ?? 0) - inner.filter(({ kind }) => kind === 'at').length;
  return {
    index: [rows, ...inner],
    value: chosen.kind === 'array' && chosen.row ? spreadOver(m, given, axes, table.range) : given,
  };
}

/** Whether the loop looks at entries of the table that other passes of it write: what stands there then is not what it was before the loop. */
function seesOtherPasses(m: Machine, table: DataArray, offset: number): boolean {
  const versions = new Set<number>();
  for (let at: number | undefined = table.step; at !== undefined && !versions.has(at);) {
    versions.add(at);
    const step: DataStep | undefined = m.program.steps[at];
    at = step?.kind === 'setEntries' || step?.kind === 'cast' ? step.inputs[0] : undefined;
  }
  return m.program.steps.slice(m.currentLoop?.firstStep).some((step) => {
    if (step.kind !== 'windows' || !versions.has(step.inputs[0] ?? -1)) return false;
    return step.arguments.first !== offset || step.arguments.length !== 1 || step.arguments.stride !== 1;
  });
}

/** What is written where all choices around take this way; elsewhere what stands there already. */
function chosenEntry(m: Machine, table: DataArray, index: Value, value: Value): Value {
  const { range } = table;
  const before = subscriptOf(m, table, index, range);
  const axes = before.kind === 'array' ? (before.shape?.length ?? 0) : 0;
  const own = asOneRow(m, value, range);
  const given = own.kind === 'array' && own.row ? spreadOver(m, own, axes, range) : own;
  return m.rowWays.reduceRight((made: Value, { mask }) => choiceOf(m, mask, range)(made, before), given);
}

/** What each row is given, with new axes behind the rows, so that it is spread over entries of `axes` axes as NumPy spreads it. */
function spreadOver(m: Machine, rows: DataArray, axes: number, range: SourceRange): DataArray {
  let made = rows;
  while (made.shape && made.shape.length > 0 && made.shape.length < axes) {
    const [count = null, ...inner] = made.shape;
    made = dataStep(m, 'unsqueeze', { axis: 1 }, [made], range, { shape: [count, 1, ...inner] });
  }
  return made;
}

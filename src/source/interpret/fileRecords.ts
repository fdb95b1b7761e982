import type { CsvOptions } from '../../records/dataSources';
import type { SourceRange } from '../../records/source';
import type { ColumnFacts } from '../../records/tableLook';
import type { Array as DataArray } from '../values/dataValues';
import {
  listValue,
  none,
  numberValue,
  unreadable,
  type FileValue,
  type ListValue,
  type LoopContext,
  type NamespaceValue,
  type Value,
} from '../values/value';
import type { Machine } from './machine';
import { dataStep } from './tensors';
import { stackedInRows } from './windows';

/** What a pass over a file gives: its lines, their fields, or the fields by the names in the first line. */
type Form = 'lines' | 'fields' | 'named';

/** How the lines of a file are gone through; `skip` of them are taken before. */
export interface Records {
  readonly file: FileValue;
  readonly form: Form;
  readonly separator: string | null;
  readonly skip: number;
}

const known = new WeakMap<NamespaceValue, Records>();
const lines = new WeakMap<NamespaceValue, { readonly records: Records; readonly loop: LoopContext }>();
const fields = new WeakMap<NamespaceValue, Field>();

/** One field of the line that stands for all: a column of the file, and how its cells are written. */
interface Field {
  readonly column: DataArray;
  readonly type: ColumnFacts['type'];
}

const marked = (missing: string): NamespaceValue => ({ kind: 'namespace', entries: new Map([['__record', none]]), missing });

/** The records as a value of the script. */
export function recordsValue(records: Records): NamespaceValue {
  const value = marked('`%` of the lines of a file is not read');
  known.set(value, records);
  return value;
}

/** The lines of a file or what `csv.reader` makes of them; null for other values. */
export function recordsOf(value: Value): Records | null {
  if (value.kind === 'namespace') return known.get(value) ?? null;
  if (value.kind !== 'file' || value.whole) return null;
  return { file: value, form: 'lines', separator: null, skip: value.skipped ?? 0 };
}

/** `next(reader)`: the first line is taken; null for other values. */
export function lineTaken(value: Value, range: SourceRange): Value | null {
  if (value.kind === 'file' && !value.whole) value.skipped = (value.skipped ?? 0) + 1;
  else {
    const records = value.kind === 'namespace' ? known.get(value) : undefined;
    if (!records || value.kind !== 'namespace') return null;
    known.set(value, { ...records, skip: records.skip + 1 });
  }
  return unreadable('A single line of a file is not read', range);
}

const why = 'The columns of this file are not known: it is not there or too large to look at while the script is read';

/** The file as a table without a header, with its columns as it writes them; a value says why it is not known. */
function tableOf(m: Machine, records: Records, range: SourceRange): { table: DataArray; facts: readonly ColumnFacts[] } | Value {
  const { file, separator, form, skip } = records;
  if (file.path.kind !== 'string') return unreadable('The path of this file could not be read', range);
  const options: CsvOptions = {
    path: file.path.value,
    delimiter: separator ?? '\\s+',
    whitespace: separator === null,
    header: form === 'named' ? 0 : null,
    names: null,
    missing: [],
    columns: null,
    skipRows: skip,
    rowLimit: null,
    indexColumn: null,
    decimal: '.',
    comment: null,
  };
  const table = dataStep(m, 'readCsv', options, [], range, { flavour: 'frame', shape: null, columns: null });
  const facts = m.project.tables?.columns(m.program, table.step, m.mainPath) ?? null;
  return facts ? { table, facts } : unreadable(why, range);
}

/** What one pass of a loop over the records gives. */
export function recordOf(m: Machine, records: Records, loop: LoopContext): Value {
  if (records.form === 'lines') {
    const line = marked('`%` of a line is not read');
    lines.set(line, { records, loop });
    return line;
  }
  return fieldsOf(m, records, loop);
}

function fieldsOf(m: Machine, records: Records, loop: LoopContext): Value {
  const read = tableOf(m, records, loop.head);
  if ('kind' in read) return read;
  const { table, facts } = read;
  const rows = m.program.symbol(table.step, { kind: 'size', axis: 0 });
  const made = facts.map(({ name, type }): Value => {
    const columns = { kind: 'keys', keys: [name] } as const;
    const column = dataStep(m, 'select', { columns, single: true }, [table], loop.head, {
      flavour: 'series',
      shape: [rows],
      integer: type === 'integer',
    });
    const field = marked('`%` of a field of a line is not read');
    fields.set(field, { column: { ...column, row: true, loop: loop.id }, type });
    return field;
  });
  if (records.form === 'fields') return listValue(made);
  return { kind: 'dict', entries: new Map(facts.map(({ name }, i) => [String(name), made[i] ?? none])) };
}

/** `line.strip()` and `line.split(',')`, and what leaves a field as it is; null for other calls. */
export function lineMethod(m: Machine, value: NamespaceValue, name: string, separator: Value | null): Value | null {
  const line = lines.get(value);
  const isStripped = separator === null && /^(strip|rstrip|lstrip)$/.test(name);
  if (fields.has(value)) return isStripped ? value : null;
  if (!line) return null;
  const isEnd = separator?.kind === 'string' && /^[\r\n]+$/.test(separator.value) && /^r?strip$/.test(name);
  if (isStripped || isEnd) return value;
  if (name !== 'split') return null;
  if (separator && separator.kind !== 'string' && separator.kind !== 'none') return null;
  const by = separator?.kind === 'string' ? separator.value : null;
  return by !== null && by.length !== 1 ? null : fieldsOf(m, { ...line.records, form: 'fields', separator: by }, line.loop);
}

/** `float(field)` and `int(field)`; null for other values. */
export function fieldNumber(m: Machine, value: Value, to: 'float' | 'integer', range: SourceRange): Value | null {
  const field = value.kind === 'namespace' ? fields.get(value) : undefined;
  if (!field) return null;
  const isNumber = field.type === 'integer' || (to === 'float' && field.type === 'float');
  if (!isNumber) return unreadable('This field of the file is no number of this type', range);
  return dataStep(m, 'cast', { to }, [field.column], range, { flavour: 'numpy', integer: to === 'integer' });
}

/** What a dictionary or the places in a list make of a field: `classes[field]`, `names.index(field)`; null for other values. */
export function fieldMapped(
  m: Machine,
  value: Value,
  keys: readonly unknown[],
  to: readonly Value[],
  range: SourceRange,
): Value | null {
  const field = value.kind === 'namespace' ? fields.get(value) : undefined;
  if (!field) return null;
  const from = keysAsWritten(keys, field.type);
  const widths = to.map((one) => (one.kind === 'list' ? one.items.length : 0));
  const numbers = to.map((one) =>
    (one.kind === 'list' ? one.items : [one]).flatMap((n) => (n.kind === 'number' ? [n.value] : [])),
  );
  const [width = 0] = widths;
  const count = Math.max(1, width);
  if (!from || widths.some((one) => one !== width) || numbers.some((row) => row.length !== count))
    return unreadable('What is made of this field of the file is not read', range);
  const parts = Array.from({ length: count }, (_, at) => {
    const values = numbers.map((row) => row[at] ?? Number.NaN);
    return dataStep(m, 'mapValues', { from, to: values }, [field.column], range, {
      flavour: 'series',
      integer: values.every(Number.isInteger),
    });
  });
  return width === 0 ? (parts[0] ?? null) : stackedInRows(m, parts, 0, range);
}

/** Keys as the cells of the column are kept: numbers where all of it is whole numbers. */
function keysAsWritten(keys: readonly unknown[], type: ColumnFacts['type']): (string | number)[] | null {
  const texts = keys.flatMap((key) => (typeof key === 'string' ? [key] : []));
  if (texts.length !== keys.length || texts.length === 0) return null;
  if (type === 'text') return texts;
  const isWhole = type === 'integer' && texts.every((text) => String(Number(text)) === text);
  return isWhole ? texts.map(Number) : null;
}

/** `field == "x"` for every line; null for other values. */
export function fieldEquals(m: Machine, value: Value, other: Value, range: SourceRange): DataArray | null {
  const field = value.kind === 'namespace' ? fields.get(value) : undefined;
  if (!field || other.kind !== 'string') return null;
  const [key] = keysAsWritten([other.value], field.type) ?? [];
  return key === undefined
    ? null
    : dataStep(m, 'equals', { value: key }, [field.column], range, { mask: true, integer: true, flavour: 'series' });
}

/** All lines as rows of numbers: `np.array(list(csv.reader(file)), dtype=float)`; null for other values. */
export function recordRows(m: Machine, value: Value, range: SourceRange): Value | null {
  const records = value.kind === 'namespace' ? known.get(value) : undefined;
  if (records?.form !== 'fields') return null;
  const read = tableOf(m, records, range);
  if ('kind' in read) return read;
  const shape = [m.program.symbol(read.table.step, { kind: 'size', axis: 0 }), read.facts.length];
  return { ...read.table, flavour: 'numpy', shape };
}

/** `rows[1:]`: the lines without the first ones; null for other values. */
export function laterRecords(value: Value, start: number): Value | null {
  const records = recordsOf(value);
  return records && Number.isInteger(start) && start >= 0 ? recordsValue({ ...records, skip: records.skip + start }) : null;
}

/** The place of each entry of a list. */
export const placesIn = (list: ListValue): readonly Value[] => list.items.map((_, at) => numberValue(at, true));

/** The texts of a list. */
export const textsIn = (list: ListValue): readonly unknown[] =>
  list.items.map((item) => (item.kind === 'string' ? item.value : null));

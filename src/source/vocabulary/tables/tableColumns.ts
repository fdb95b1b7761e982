import type { SourceRange } from '../../../records/source';
import type { ColumnFacts } from '../../../records/tableLook';
import { Arguments, stringsOf, type Call } from '../../interpret/call';
import type { Machine } from '../../interpret/machine';
import { dataStep } from '../../interpret/tensors';
import { matchesType, typeValue } from '../../values/columnTypes';
import type { Array as DataArray } from '../../values/dataValues';
import {
  booleanValue,
  listValue,
  none,
  numberValue,
  stringValue,
  unknown,
  unreadable,
  type ListValue,
  type NamespaceValue,
  type Value,
} from '../../values/value';
import type { FunctionTable, MethodTable } from '../functionTable';

const whyUnknown =
  'The columns of this table stand in its file alone, which is not there or too large to look at while the script is read; write their names out';

/** The columns of a table as its file has them; null when that is not known. */
export const factsOf = (m: Machine, table: DataArray): readonly ColumnFacts[] | null =>
  table.fault || table.row ? null : (m.project.tables?.columns(m.program, table.step, m.mainPath) ?? null);

const nameValue = (name: string | number): Value => (typeof name === 'string' ? stringValue(name) : numberValue(name, true));

/** `df.columns`: a list of names. */
export function columnsOf(table: DataArray, m: Machine, range: SourceRange): Value {
  const names = table.columns ?? factsOf(m, table)?.map(({ name }) => name);
  return names ? columnList(names) : unreadable(whyUnknown, range);
}

/** Names of columns as pandas' Index. */
export const columnList = (names: readonly (string | number)[]): ListValue => ({
  ...listValue(names.map(nameValue)),
  ofColumns: true,
});

/** The names in a value that lists some, or is one. */
const named = (value: Value | null): Value[] | null => (value?.kind === 'list' ? value.items : value ? [value] : null);

const keyOf = (value: Value): string => ('value' in value ? `${value.kind} ${String(value.value)}` : value.kind);

const without = (list: ListValue, others: readonly Value[]): Value[] => {
  const keys = new Set(others.map(keyOf));
  return list.items.filter((item) => !keys.has(keyOf(item)));
};

const sorted = (items: readonly Value[]): Value[] => {
  const texts = items.every((item) => item.kind === 'string');
  return texts ? [...items].sort((a, b) => (String(a.value) < String(b.value) ? -1 : 1)) : [...items];
};

/** What is made of the names of columns and of those that the call gives. */
const ofNames =
  (make: (list: ListValue, others: Value[]) => Value[]) =>
  (list: ListValue, call: Call): Value => {
    const others = named(call.positional[0]?.value ?? call.keywords.get('labels')?.value ?? null);
    const isKnown = others?.every((item) => item.kind === 'string' || item.kind === 'number');
    return others && isKnown && !list.open
      ? listValue(make(list, others))
      : unreadable('These columns could not be read', call.range);
  };

/** Methods of pandas' Index that lists of names do not have in Python. */
export const columnListMethods: MethodTable<ListValue> = {
  tolist: (list) => listValue([...list.items]),
  to_list: (list) => listValue([...list.items]),
  to_numpy: (list) => list,
  drop: ofNames(without),
  difference: ofNames((list, others) => (list.form === 'set' ? without(list, others) : sorted(without(list, others)))),
  intersection: ofNames((list, others) => list.items.filter((item) => others.some((other) => keyOf(other) === keyOf(item)))),
  union: ofNames((list, others) => sorted([...list.items, ...without(listValue(others), list.items)])),
  get_loc: (list, call) => {
    const wanted = call.positional[0]?.value;
    const at = list.items.findIndex((item) => wanted !== undefined && keyOf(item) === keyOf(wanted));
    return at < 0 ? unknown : numberValue(at, true);
  },
  isin: (list, call) => {
    const others = named(call.positional[0]?.value ?? null);
    const keys = new Set(others?.map(keyOf));
    return others ? listValue(list.items.map((item) => booleanValue(keys.has(keyOf(item))))) : unknown;
  },
};

/** Changes of names and questions about them, by `df.columns.str`. */
const textChanges: Readonly<Record<string, (text: string, a: readonly string[]) => Value | null>> = {
  lower: (text) => stringValue(text.toLowerCase()),
  upper: (text) => stringValue(text.toUpperCase()),
  strip: (text, a) => (a.length === 0 ? stringValue(text.trim()) : null),
  replace: (text, [from, to]) =>
    from !== undefined && to !== undefined && isPlain(from) ? stringValue(text.split(from).join(to)) : null,
  startswith: (text, [start]) => (start === undefined ? null : booleanValue(text.startsWith(start))),
  endswith: (text, [end]) => (end === undefined ? null : booleanValue(text.endsWith(end))),
  contains: (text, [part]) => (part !== undefined && isPlain(part) ? booleanValue(text.includes(part)) : null),
};

/** No sign of a regular expression, so that it means itself in every version. */
const isPlain = (pattern: string): boolean => pattern.length > 0 && !/[\^$.|?*+()[\]{}\\]/.test(pattern);

/** Attributes of pandas' Index. */
export function columnListAttribute(list: ListValue, name: string): Value | null {
  if (name === 'values') return list;
  if (name === 'size') return numberValue(list.items.length, true);
  if (name !== 'str' || list.items.length === 0 || !stringsOf(list)) return null;
  return { kind: 'namespace', entries: new Map<string, Value>([['__names', list]]), missing: '`str.%` is not read' };
}

/** Methods of `df.columns.str`. */
export const nameTextMethods: MethodTable<NamespaceValue> = Object.fromEntries(
  Object.entries(textChanges).map(([name, change]) => [
    name,
    (value: NamespaceValue, call: Call): Value => {
      const names = stringsOf(value.entries.get('__names') ?? none);
      const given = call.positional.map((argument) => (argument.value.kind === 'string' ? argument.value.value : null));
      const texts = given.flatMap((text) => text ?? []);
      const made = texts.length === given.length ? names?.map((text) => change(text, texts)) : null;
      const known = made?.flatMap((one) => one ?? []) ?? [];
      return names && known.length === names.length
        ? listValue(known)
        : unreadable('This change of names is not read', call.range);
    },
  ]),
);

/** `df["a"].dtype`. */
export function columnType(column: DataArray, m: Machine): Value {
  const facts = column.flavour === 'series' && !m.categorised ? factsOf(m, column) : null;
  return facts?.length === 1 && facts[0] ? typeValue(facts[0].type) : unknown;
}

/** `df.dtypes`. */
export function columnTypes(table: DataArray, m: Machine, range: SourceRange): Value {
  const facts = m.categorised ? null : factsOf(m, table);
  if (!facts) return unreadable('The types of these columns are not known', range);
  return byColumn(
    facts.map(({ name }) => name),
    facts.map(({ type }) => typeValue(type)),
  );
}

/** Values by column, as a pandas Series has them. */
export const byColumn = (names: readonly (string | number)[], values: readonly Value[]): NamespaceValue => ({
  kind: 'namespace',
  entries: new Map<string, Value>([
    ...names.map((name, i) => [String(name), values[i] ?? unknown] as const),
    ['__byColumn', listValue(names.map(nameValue))],
  ]),
  missing: '`%` of these types of columns is not read',
});

/** Which columns `include` and `exclude` of select_dtypes take. */
function isWanted({ type }: ColumnFacts, include: readonly Value[], exclude: readonly Value[]): boolean | null {
  const fits = (wanted: readonly Value[]): (boolean | null)[] => wanted.map((one) => matchesType(type, one));
  const [taken, left] = [fits(include), fits(exclude)];
  if (taken.includes(null) || left.includes(null)) return null;
  return (include.length === 0 || taken.includes(true)) && !left.includes(true);
}

/** `df.select_dtypes(...)` of a table whose columns are known; null for others. */
export function typedColumns(table: DataArray, m: Machine, include: Value | null, exclude: Value | null): string[] | null {
  const facts = m.categorised ? null : factsOf(m, table);
  if (!facts) return null;
  // Marks of categories are whole numbers in old versions of pandas and truth values in new ones.
  const isVersioned = m.program.steps.some(({ kind }) => kind === 'dummies');
  const [some, others] = [include, exclude].map((value) => (value && value.kind !== 'none' ? (named(value) ?? []) : []));
  if (isVersioned && [...(some ?? []), ...(others ?? [])].some((one) => matchesType('text', one) !== true)) return null;
  const verdicts = facts.map((one) => isWanted(one, some ?? [], others ?? []));
  if (verdicts.includes(null)) return null;
  return facts.filter((_, i) => verdicts[i]).map(({ name }) => String(name));
}

/** A table of some columns of another. */
export const selected = (table: DataArray, keys: readonly string[], call: Pick<Call, 'machine' | 'range'>): DataArray =>
  dataStep(call.machine, 'select', { columns: { kind: 'keys', keys }, single: false }, [table], call.range, {
    shape: table.shape ? [table.shape[0] ?? null, keys.length] : null,
    columns: keys,
    integer: null,
  });

const isOfType =
  (wanted: string) =>
  (call: Call): Value => {
    const value = call.positional[0]?.value;
    const type = value?.kind === 'array' ? columnType(value, call.machine) : value;
    const answer = type?.kind === 'external' ? matchesType(type, stringValue(wanted)) : null;
    return answer === null ? unknown : booleanValue(answer);
  };

/** Questions about the types of columns, and lists of columns by their type. */
export const columnTypeFunctions: FunctionTable = {
  'pandas.api.types.is_numeric_dtype': isOfType('number'),
  'pandas.api.types.is_object_dtype': isOfType('object'),
  'pandas.api.types.is_string_dtype': isOfType('object'),
  'pandas.api.types.is_bool_dtype': isOfType('bool'),
  'sklearn.compose.make_column_selector': (call) => {
    const a = new Arguments(call, 'pattern dtype_include dtype_exclude');
    if (a.given('pattern')) return unreadable('This choice of columns is not read', call.range);
    return {
      kind: 'namespace',
      entries: new Map<string, Value>([
        ['__columnsOf', none],
        ['include', a.value('dtype_include') ?? none],
        ['exclude', a.value('dtype_exclude') ?? none],
      ]),
      missing: '`%` of this choice of columns is not read',
    };
  },
};

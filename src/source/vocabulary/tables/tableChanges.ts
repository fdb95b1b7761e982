import type { ColumnKey } from '../../../records/dataSources';
import { Arguments, numbersOf, plainCall, stringsOf, type Call, type Handler } from '../../interpret/call';
import { callValue } from '../../interpret/calls';
import { appliedToColumns, appliedToEntries, asChoice } from '../../interpret/elementwise';
import { binaryOperation } from '../../interpret/operators';
import { assignSubscript } from '../../interpret/subscripts';
import { compareWith, dataStep, tensorUnary } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import {
  listValue,
  none,
  numberValue,
  stringValue,
  unknown,
  unreadable,
  type NamespaceValue,
  type Value,
} from '../../values/value';
import type { FunctionTable, MethodTable } from '../functionTable';
import { binningFunctions } from './binning';
import { mergingFunctions, mergingMethods } from './tableMerging';
import { selected, typedColumns } from './tableColumns';
import { entryTextMethods, textPartMethods } from './textParts';
import { notKnown } from '../../interpret/machine';

const keysOf = (value: Value | null): ColumnKey[] | null => (value ? (stringsOf(value) ?? numbersOf(value)) : null);

const isTrue = (value: Value | null | undefined): boolean => value?.kind === 'boolean' && value.value;

/** `inplace=True` changes the table itself, and the table that it is a column of. */
export function keptIn(table: DataArray, made: DataArray, call: Call): Value {
  if (!isTrue(call.keywords.get('inplace')?.value)) return made;
  Object.assign(table, {
    step: made.step,
    shape: made.shape,
    columns: made.columns,
    fault: made.fault,
    rowLabels: made.rowLabels,
  });
  const owner = table.columnOf;
  if (owner) owner.table.step = dataStep(call.machine, 'assign', { column: owner.name }, [owner.table, made], call.range).step;
  return none;
}

/** True where an entry is missing; false for `isFilled`. */
export const missingMarks = (array: DataArray, call: Pick<Call, 'machine' | 'range'>): DataArray =>
  dataStep(call.machine, 'isMissing', {}, [array], call.range, { mask: true, integer: true, columns: array.columns });

const present = (table: DataArray, call: Call): Value => tensorUnary(call.machine, '~', missingMarks(table, call), call.range);

/** `df.rename(columns={"a": "b"})`. */
function rename(table: DataArray, call: Call): Value {
  const a = new Arguments(call, 'mapper index columns');
  const mapping = a.value('columns') ?? (a.given('axis') ? a.value('mapper') : null);
  if (mapping?.kind !== 'dict' || mapping.open) return unreadable('These names of columns could not be read', call.range);
  const from = [...mapping.entries.keys()].map((key) => (typeof key === 'boolean' ? Number(key) : key));
  const to = [...mapping.entries.values()].flatMap((value) => (value.kind === 'string' ? [value.value] : []));
  if (to.length !== from.length) return unreadable('These names of columns could not be read', call.range);
  const columns = table.columns?.map((name) => to[from.indexOf(name)] ?? name) ?? null;
  return keptIn(table, dataStep(call.machine, 'renameColumns', { from, to }, [table], call.range, { columns }), call);
}

/** For each column whether it is sorted upwards; null when it could not be read. */
function directionsOf(a: Arguments, count: number): boolean | readonly boolean[] | null {
  const value = a.value('ascending');
  if (value?.kind !== 'list') return a.boolean('ascending', true);
  const each = value.items.flatMap((item) => (item.kind === 'boolean' ? [item.value] : []));
  return each.length === count && each.length === value.items.length ? each : null;
}

/** `df.sort_values("a")`. */
function sortValues(table: DataArray, call: Call): Value {
  const a = new Arguments(call, 'by axis ascending');
  const columns = table.flavour === 'series' ? [0] : keysOf(a.value('by'));
  const ascending = directionsOf(a, columns?.length ?? 0);
  if (
    !columns ||
    ascending === null ||
    a.given('na_position') ||
    a.given('key') ||
    a.problems.length > 0 ||
    table.flavour === 'series' ||
    (a.given('axis') && a.number('axis') !== 0)
  )
    return unreadable('How these rows are sorted could not be read', call.range);
  const result = { columns: table.columns };
  return keptIn(table, dataStep(call.machine, 'sortRows', { columns, ascending }, [table], call.range, result), call);
}

/** The dates of the rows that have no gap. */
function datesWithout(table: DataArray, index: DataArray, columns: readonly ColumnKey[] | null, call: Call): DataArray {
  const { machine: m, range } = call;
  const keys = { columns: { kind: 'keys', keys: columns ?? [] }, single: false } as const;
  const looked = columns ? dataStep(m, 'select', keys, [table], range, { shape: null }) : table;
  const gaps = missingMarks(looked, call);
  const any = { function: 'max', axis: 1, keep: false, correction: 0 } as const;
  const some = table.flavour === 'frame' ? dataStep(m, 'reduce', any, [gaps], range, { flavour: 'numpy', shape: null }) : gaps;
  return dataStep(m, 'takeRows', {}, [index, compareWith(m, '==', some, 0, range)], range, { shape: null });
}

/** `df.dropna()`, of all columns or of some. */
function dropna(table: DataArray, call: Call): Value {
  const a = new Arguments(call, 'axis how thresh subset');
  const columns = a.given('subset') ? keysOf(a.value('subset')) : null;
  const axis = a.value('axis');
  const ofRows = !axis || (axis.kind === 'number' && axis.value === 0) || (axis.kind === 'string' && axis.value === 'index');
  if (!ofRows || (a.given('subset') && !columns) || a.given('thresh') || a.string('how', 'any') !== 'any')
    return unreadable('Which rows are dropped could not be read', call.range);
  const args = columns ? { columns } : {};
  const made = dataStep(call.machine, 'dropMissing', args, [table], call.range, { shape: null, columns: table.columns });
  const index = table.index && { ...datesWithout(table, table.index, columns, call), rowLabels: made.rowLabels };
  const result = keptIn(table, index ? { ...made, index } : made, call);
  if (index && result.kind !== 'array') Object.assign(table, { index });
  return result;
}

/** `df.drop_duplicates()`. */
function dropDuplicates(table: DataArray, call: Call): Value {
  const a = new Arguments(call, 'subset');
  const columns = a.given('subset') ? keysOf(a.value('subset')) : null;
  if ((a.given('subset') && !columns) || (a.given('keep') && a.string('keep', 'first') !== 'first'))
    return unreadable('Which rows are dropped could not be read', call.range);
  const result = { shape: null, columns: table.columns };
  return keptIn(table, dataStep(call.machine, 'dropDuplicates', { columns }, [table], call.range, result), call);
}

const numericNames = /^(number|numeric|int|float|int64|float64)$/;

/** `df.select_dtypes(include=["number"])`, or the columns of text. */
function selectTypes(table: DataArray, call: Call): Value {
  const a = new Arguments(call, 'include exclude');
  const given = a.value('include') ?? a.value('exclude');
  const items = given?.kind === 'list' ? given.items : given ? [given] : [];
  const names = items.map((item) =>
    item.kind === 'string' ? item.value : item.kind === 'external' ? (item.path.split('.').pop() ?? '') : '',
  );
  const known = typedColumns(table, call.machine, a.value('include'), a.value('exclude'));
  if (known) return selected(table, known, call);
  const numeric = names.length > 0 && names.every((name) => numericNames.test(name));
  const words = !call.machine.categorised && names.length > 0 && names.every((name) => /^(object|O)$/.test(name));
  // Whole numbers alone, or fractions alone, are not told apart here.
  const all = names.some((name) => /^(number|numeric)$/.test(name)) || (/int/.test(names.join()) && /float/.test(names.join()));
  if (!(words || (numeric && all))) return unreadable('Which types of columns are chosen could not be read', call.range);
  return dataStep(call.machine, 'selectTypes', { numeric: numeric === a.given('include') }, [table], call.range, { shape: null });
}

/** Python's own `str`. */
export const isStr = (path: string): boolean => /^(builtins\.)?str$/.test(path);

/** Numbers as the texts that Python writes; text stays, but for its gaps. */
export const asText = (table: DataArray, call: Pick<Call, 'machine' | 'range'>): DataArray =>
  dataStep(call.machine, 'toText', {}, [table], call.range, { columns: table.columns, mask: false, integer: null });

/** `column.isin([...])`. */
function isIn(column: DataArray, call: Call): Value {
  const values = keysOf(call.positional[0]?.value ?? unknown);
  if (!values || (column.flavour !== 'series' && column.flavour !== 'frame'))
    return unreadable('These values could not be read', call.range);
  return dataStep(call.machine, 'isIn', { values }, [column], call.range, {
    mask: true,
    integer: true,
    columns: column.columns,
  });
}

/** `column.apply(f)`, and `df.apply(f, axis=1)` where f takes a row. */
function apply(table: DataArray, call: Call): Value {
  const a = new Arguments(call, table.flavour === 'frame' ? 'func axis' : 'func');
  const axis = a.value('axis');
  const byRow = (axis?.kind === 'number' && axis.value === 1) || (axis?.kind === 'string' && axis.value === 'columns');
  const function_ = a.value('func') ?? unknown;
  if (function_.kind === 'external' && isStr(function_.path) && table.flavour !== 'frame') return asText(table, call);
  if (table.flavour === 'frame' && !byRow) return appliedToColumns(function_, table, call);
  return appliedToEntries(function_, table, call, table.flavour === 'frame');
}

/** `column.quantile(0.25)`, `column.quantile([0.25, 0.75])` and `df.quantile(0.25)` of every column. */
function quantile(column: DataArray, call: Call): Value {
  const a = new Arguments(call, 'q');
  a.rejectOthers('numeric_only axis');
  const given = a.value('q');
  const several = given?.kind === 'list' ? numbersOf(given) : null;
  const axis = a.value('axis');
  if (a.problems[0] || (given?.kind === 'list' && !several) || (axis && !(axis.kind === 'number' && axis.value === 0)))
    return unreadable('This quantile could not be read', call.range);
  if (column.flavour === 'frame' && (several || a.boolean('numeric_only', false)))
    return unreadable('This quantile could not be read', call.range);
  if (several) return listValue(several.map((q) => quantileOf(column, q, call)));
  return quantileOf(column, a.number('q', 0.5), call);
}

/** A quantile of all entries of a column or an array, or of each column of a table. */
export function quantileOf(values: DataArray, q: number, call: Call): Value {
  if (!(q >= 0 && q <= 1)) return unreadable('This quantile could not be read', call.range);
  const byColumn = values.flavour === 'frame';
  const labels = byColumn && values.columns ? { labels: values.columns } : {};
  const args = byColumn ? { q, byColumn: true as const } : { q };
  return dataStep(call.machine, 'quantile', args, [values], call.range, {
    shape: byColumn ? [values.shape?.[1] ?? null] : [],
    integer: false,
    columns: null,
    ...(byColumn ? { flavour: 'series' as const } : {}),
    ...labels,
  });
}

/** Changes of text. */
const textChangeMethods: MethodTable<NamespaceValue> = Object.fromEntries(
  (['lower', 'upper', 'title', 'capitalize', 'strip', 'replace'] as const).map((change) => [
    change,
    (value: NamespaceValue, call: Call): Value => {
      const column = value.entries.get('__text');
      const a = new Arguments(call, change === 'replace' ? 'pat repl' : '');
      const [from, to] = [a.string('pat', ''), a.string('repl', '')];
      const isLiteral = call.keywords.get('regex')?.value.kind === 'boolean' && !isTrue(call.keywords.get('regex')?.value);
      const plain = change !== 'replace' || (from.length > 0 && (isLiteral || !/[\^$.|?*+()[\]{}]/.test(from)));
      if (column?.kind !== 'array' || !plain || a.problems.length > 0 || (change === 'strip' && call.positional.length > 0))
        return unreadable('This change of text is not read', call.range);
      const args = change === 'replace' ? { change, from, to } : { change };
      return dataStep(call.machine, 'changeText', args, [column], call.range, { columns: column.columns });
    },
  ]),
);

/** Methods of `column.str`. */
export const textMethods: MethodTable<NamespaceValue> = { ...textPartMethods, ...textChangeMethods };

/** Python's own `strip` and the like, where a column stands for each of its entries. */
const entryChangeMethods: MethodTable<DataArray> = Object.fromEntries(
  (['lower', 'upper', 'title', 'capitalize', 'strip'] as const).map((change) => [
    change,
    (column: DataArray, call: Call): Value =>
      call.machine.entrywise > 0 && call.positional.length === 0
        ? dataStep(call.machine, 'changeText', { change }, [column], call.range, { columns: column.columns })
        : { kind: 'unknown', reason: notKnown(`.${change}()`, call.range) },
  ]),
);

/** `column.str`. */
export const textOf = (column: DataArray): Value => ({
  kind: 'namespace',
  entries: new Map<string, Value>([['__text', column]]),
  missing: '`str.%` is not read',
});

/** `column.where(condition, other)` and `column.mask(condition, other)`. */
function chosen(column: DataArray, call: Call, masked: boolean): Value {
  const a = new Arguments(call, 'cond other');
  a.rejectOthers('inplace');
  const condition = a.value('cond');
  const other = asChoice(call.machine, a.value('other') ?? numberValue(Number.NaN, false), condition ?? unknown, call.range);
  if (condition?.kind !== 'array' || !condition.mask || !other || a.problems.length > 0)
    return unreadable('This choice of entries is not read', call.range);
  const inputs = masked ? [condition, other, column] : [condition, column, other];
  const result = { mask: false, integer: null, flavour: column.flavour, shape: column.shape, columns: column.columns };
  return keptIn(column, dataStep(call.machine, 'where', {}, inputs, call.range, result), call);
}

/** `column.clip(lower, upper)`, by numbers or by statistics. */
export function clip(table: DataArray, call: Call): Value {
  const a = new Arguments(call, 'lower upper');
  a.rejectOthers('min max inplace');
  const given = (['lower', 'upper'] as const).map((name) => a.value(a.given(name) ? name : name === 'lower' ? 'min' : 'max'));
  let made = table;
  for (const [at, bound] of given.entries()) {
    if (bound?.kind !== 'array') continue;
    if (bound.shape?.length !== 0) return unreadable('These bounds could not be read', call.range);
    const beyond = { function: at === 0 ? '<' : '>' } as const;
    const isBeyond = dataStep(call.machine, 'compare', beyond, [made, bound], call.range, { mask: true, integer: true });
    const result = { mask: false, integer: null, flavour: table.flavour, shape: table.shape, columns: table.columns };
    made = dataStep(call.machine, 'where', {}, [isBeyond, bound, made], call.range, result);
  }
  const number = (name: string, other: string, value: Value | null | undefined): number | null =>
    value?.kind === 'array' ? null : a.optionalNumber(a.given(name) ? name : other);
  const args = { low: number('lower', 'min', given[0]), high: number('upper', 'max', given[1]) };
  if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
  const isOpen = args.low === null && args.high === null;
  return keptIn(
    table,
    isOpen ? made : dataStep(call.machine, 'clip', args, [made], call.range, { columns: table.columns }),
    call,
  );
}

/** Rows of a table where a mask holds, and marks of what is missing. */
export const tableChangeMethods: MethodTable<DataArray> = {
  ...mergingMethods,
  ...entryTextMethods,
  ...entryChangeMethods,
  isnull: missingMarks,
  isna: missingMarks,
  notnull: present,
  notna: present,
  isin: isIn,
  rename,
  sort_values: sortValues,
  dropna,
  drop_duplicates: dropDuplicates,
  select_dtypes: selectTypes,
  apply,
  mask: (column, call) => chosen(column, call, true),
  where: (column, call) => chosen(column, call, false),
  quantile,
  clip,
  filter: (table, call) => {
    const a = new Arguments(call, 'items');
    const names = stringsOf(a.value('items') ?? none);
    a.rejectOthers();
    return table.flavour === 'frame' && names && a.problems.length === 0
      ? selected(table, names, call)
      : unreadable('Which columns are kept could not be read', call.range);
  },
  copy: (table) => ({ ...table }),
  assign: (table, call) => {
    const made: DataArray = { ...table };
    for (const [name, { value }] of call.keywords) {
      const given = value.kind === 'function' ? callValue(call.machine, value, plainCall(call, [{ ...made }])) : value;
      assignSubscript(call.machine, made, stringValue(name), given, call.range);
    }
    return table.flavour === 'frame' && call.positional.length === 0
      ? made
      : unreadable('This change of the table is not read', call.range);
  },
  ffill: (table, call) => carried(table, 'forward', call),
  bfill: (table, call) => carried(table, 'backward', call),
  between: (column, call) => {
    const a = new Arguments(call, 'left right');
    const [left, right] = [a.value('left'), a.value('right')];
    if (left?.kind === 'array' && right?.kind === 'array' && call.keywords.size === 0) {
      const at = (function_: '>=' | '<=', bound: DataArray): DataArray =>
        dataStep(call.machine, 'compare', { function: function_ }, [column, bound], call.range, { mask: true, integer: true });
      return left.shape?.length === 0 && right.shape?.length === 0
        ? binaryOperation(call.machine, '&', at('>=', left), at('<=', right), call.range)
        : unreadable('These bounds could not be read', call.range);
    }
    const [low, high] = [a.number('left'), a.number('right')];
    if (a.problems[0] || a.given('inclusive')) return unreadable('These bounds could not be read', call.range);
    const bounded = dataStep(call.machine, 'clip', { low, high }, [column], call.range);
    return dataStep(call.machine, 'compare', { function: '==' }, [bounded, column], call.range, { mask: true, integer: true });
  },
};

/** Missing entries as in the row before or behind. */
export const carried = (table: DataArray, statistic: 'forward' | 'backward', call: Call): Value =>
  keptIn(
    table,
    dataStep(call.machine, 'fillMissing', { value: null, statistic }, [table], call.range, { columns: table.columns }),
    call,
  );

/** Files that are not read, with what helps. */
const unreadFile =
  (what: string, instead: string): Handler =>
  (call) =>
    unreadable(`${what} is not read here; ${instead}`, call.range);

const asTable = 'save the table as csv or parquet to have it read';
const asArrays = 'save the arrays as npy or npz to have them read';

/** Files of other formats. */
const otherFiles: FunctionTable = {
  'pandas.read_excel': unreadFile('An Excel file', asTable),
  'pandas.read_sql': unreadFile('A database', asTable),
  'pandas.read_sql_query': unreadFile('A database', asTable),
  'pandas.read_json': unreadFile('A table in JSON', asTable),
  'pandas.read_hdf': unreadFile('An HDF5 file', asTable),
  'pandas.read_pickle': unreadFile('A pickled table', asTable),
  'pandas.read_feather': unreadFile('A Feather file', asTable),
  'scipy.io.loadmat': unreadFile('A file of MATLAB', asArrays),
  'h5py.File': unreadFile('An HDF5 file', asArrays),
};

/** Functions of pandas that say the same as a method. */
export const tableChangeFunctions: FunctionTable = {
  ...otherFiles,
  'pandas.isnull': (call) => ofFirst(call, missingMarks),
  'pandas.isna': (call) => ofFirst(call, missingMarks),
  'pandas.notnull': (call) => ofFirst(call, present),
  'pandas.notna': (call) => ofFirst(call, present),
  ...binningFunctions,
  ...mergingFunctions,
  'pandas.Categorical': categorical,
};

/** `pd.Categorical(values, categories=[...])`. */
function categorical(call: Call): Value {
  const a = new Arguments(call, 'values categories');
  const [values, given] = [a.value('values'), a.given('categories') ? keysOf(a.value('categories')) : null];
  a.rejectOthers('ordered');
  if (values?.kind !== 'array' || (a.given('categories') && !given) || a.problems.length > 0)
    return unreadable('These categories could not be read', call.range);
  const result = { columns: values.columns, integer: null };
  return { ...dataStep(call.machine, 'toCategories', { categories: given }, [values], call.range, result), retyped: true };
}

const ofFirst = (call: Call, method: (array: DataArray, call: Call) => Value): Value => {
  const first = call.positional[0]?.value;
  return first?.kind === 'array' ? method(first, call) : unknown;
};

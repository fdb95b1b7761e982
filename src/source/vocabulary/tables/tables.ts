import type { ColumnKey } from '../../../records/dataSources';
import { Arguments, numbersOf, plainCall, stringsOf, type Call } from '../../interpret/call';
import { assignSubscript } from '../../interpret/subscripts';
import { labelsDiffer, sameLabels } from '../../interpret/rowLabels';
import { axisSize, compareWith, dataStep } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { listValue, none, stringValue, unknown, unreadable, type DictValue, type Value } from '../../values/value';
import type { AttributeTable, FunctionTable, MethodTable } from '../functionTable';
import { countFunctions, countMethods } from './counts';
import { describedTable } from './described';
import { numberType } from '../tensors/numberTypes';
import { columnNamed, dateFunctions, datesOf, indexOf, seriesMethods } from './tableSeries';
import { tableFileFunctions } from './tableFiles';
import { columnsOf, columnType, columnTypes } from './tableColumns';
import { filledBy, grouping } from './tableGroups';
import { keysBeside } from './tableMerging';
import { mapped, replaced } from './tableReplacing';
import { query } from './rowChoice';
import { asText, carried, keptIn, tableChangeFunctions, tableChangeMethods, textOf } from './tableChanges';

const isTrue = (value: Value | null): boolean => value?.kind === 'boolean' && value.value;

const keysOf = (value: Value | null): ColumnKey[] | null => (value ? (stringsOf(value) ?? numbersOf(value)) : null);

/** Column names given as text, a list, or `df.columns[...]`. */
function drop(table: DataArray, call: Call): Value {
  const a = new Arguments(call, 'labels axis index columns');
  const axis = a.value('axis');
  const byColumn =
    a.given('columns') || (axis?.kind === 'number' && axis.value === 1) || (axis?.kind === 'string' && axis.value === 'columns');
  const labels = a.given('columns') ? a.value('columns') : a.value('labels');
  const others = labels?.kind === 'namespace' ? labels.entries.get('__rowsOf') : null;
  if (others?.kind === 'array' && !byColumn)
    return keptIn(
      table,
      dataStep(call.machine, 'withoutRows', {}, [table, others], call.range, { shape: null, columns: table.columns }),
      call,
    );
  const keys = keysOf(labels);
  if (!byColumn || !keys) return unreadable('What is dropped here could not be read', call.range);
  const shape =
    table.shape?.[1] !== undefined && typeof table.shape[1] === 'number'
      ? [table.shape[0] ?? null, table.shape[1] - keys.length]
      : null;
  const made = dataStep(call.machine, 'drop', { columns: keys }, [table], call.range, {
    shape,
    columns: table.columns?.filter((c) => !keys.includes(c)) ?? null,
  });
  return keptIn(table, made, call);
}

/** True when two steps select the same columns of the same table. */
function sameColumns(m: Call['machine'], a: number, b: number): boolean {
  const [first, second] = [m.program.steps[a], m.program.steps[b]];
  if (a === b) return true;
  return (
    first?.kind === 'select' &&
    second?.kind === 'select' &&
    first.inputs[0] === second.inputs[0] &&
    JSON.stringify(first.arguments) === JSON.stringify(second.arguments)
  );
}

/** `df.fillna({"a": 0, "b": "none"})`. */
function filledByColumn(table: DataArray, values: DictValue, call: Call): Value {
  const made: DataArray = { ...table };
  for (const [name, value] of values.entries) {
    if (typeof name !== 'string' || values.open)
      return unreadable('What missing values are filled with could not be read', call.range);
    const one = { ...plainCall(call, [value]), name: call.name };
    const filled = fillMissing(columnNamed(made, name, call), one);
    if (filled.kind !== 'array') return filled;
    assignSubscript(call.machine, made, stringValue(name), filled, call.range);
  }
  return keptIn(table, made, call);
}

/** The entry that says of which column a value is the most frequent one. */
const mostFrequent = '__mostFrequentOf';

function fillMissing(table: DataArray, call: Call): Value {
  const a = new Arguments(call, 'value method');
  const value = a.value('value');
  const method = a.given('method') ? a.string('method', '') : null;
  if (method !== null) {
    if (/^(ffill|pad)$/.test(method)) return carried(table, 'forward', call);
    return /^(bfill|backfill)$/.test(method)
      ? carried(table, 'backward', call)
      : unreadable('What missing values are filled with could not be read', call.range);
  }
  if (value?.kind === 'number' || value?.kind === 'string')
    return keptIn(
      table,
      dataStep(call.machine, 'fillMissing', { value: value.value, statistic: null }, [table], call.range),
      call,
    );
  if (value?.kind === 'dict' && table.flavour === 'frame') return filledByColumn(table, value, call);
  const frequent = value?.kind === 'namespace' ? value.entries.get(mostFrequent) : null;
  if (frequent?.kind === 'array' && sameColumns(call.machine, frequent.step, table.step))
    return keptIn(table, dataStep(call.machine, 'fillMissing', { value: null, statistic: 'mode' }, [table], call.range), call);
  const step = value?.kind === 'array' ? call.machine.program.steps[value.step] : null;
  const statistic =
    step?.kind === 'reduce' && sameColumns(call.machine, step.inputs[0] ?? -1, table.step) ? step.arguments.function : null;
  if (statistic === 'mean' || statistic === 'median')
    return keptIn(table, dataStep(call.machine, 'fillMissing', { value: null, statistic }, [table], call.range), call);
  const isColumn = value?.kind === 'array' && value.shape?.length !== 0 && (value.flavour === 'series' || step?.kind === 'where');
  if (isColumn && table.flavour === 'series') return keptIn(table, filledBy(table, value, call), call);
  return unreadable('What missing values are filled with could not be read', call.range);
}

const toTensor = (table: DataArray, call: Pick<Call, 'machine' | 'range'>, to: 'float' | 'integer' | null = null): DataArray => {
  const made =
    table.flavour === 'frame' || table.flavour === 'series'
      ? dataStep(call.machine, 'toTensor', {}, [table], call.range, { flavour: 'numpy' })
      : table;
  return to ? dataStep(call.machine, 'cast', { to }, [made], call.range, { integer: to === 'integer', flavour: 'numpy' }) : made;
};

/** A table as a tensor for functions that take either. */
export const asTensor = toTensor;

const astype = (table: DataArray, call: Call): Value => {
  const value = call.positional[0]?.value ?? call.keywords.get('dtype')?.value ?? null;
  const to = numberType(value);
  if (to) return dataStep(call.machine, 'cast', { to }, [table], call.range, { integer: to === 'integer' });
  if (value?.kind === 'string' && value.value === 'category') {
    if (table.flavour === 'frame') call.machine.categorised = true;
    const made = dataStep(call.machine, 'toCategories', { categories: null }, [table], call.range, { columns: table.columns });
    return { ...made, retyped: true };
  }
  const name = value?.kind === 'string' ? value.value : value?.kind === 'external' ? (value.path.split('.').pop() ?? '') : '';
  if (name === 'str') return asText(table, call);
  return name === 'bool'
    ? compareWith(call.machine, '!=', table, 0, call.range)
    : unreadable('This type is not read', call.range);
};

const isInPlace = (call: Call): boolean => isTrue(call.keywords.get('inplace')?.value ?? null);

const whyIndex = 'A row index as a column is not read';

/** Methods of tables and columns. */
export const tableMethods: MethodTable<DataArray> = {
  drop,
  pop: (table, call) => {
    const name = call.positional[0]?.value;
    if (name?.kind !== 'string') return unreadable('The column could not be read', call.range);
    const column = dataStep(
      call.machine,
      'select',
      { columns: { kind: 'keys', keys: [name.value] }, single: true },
      [table],
      call.range,
      { flavour: 'series', shape: null, columns: [name.value] },
    );
    table.step = dataStep(call.machine, 'drop', { columns: [name.value] }, [table], call.range).step;
    return column;
  },
  ...tableChangeMethods,
  ...countMethods,
  ...seriesMethods,
  ...grouping,
  fillna: fillMissing,
  mode: (column) =>
    listValue([
      {
        kind: 'namespace',
        entries: new Map<string, Value>([[mostFrequent, column]]),
        missing: '`%` of a most frequent value is not read',
      },
    ]),
  map: mapped,
  query,
  replace: replaced,
  astype,
  to_numpy: (table, call) =>
    toTensor(table, call, numberType(call.positional[0]?.value ?? call.keywords.get('dtype')?.value ?? null)),
  as_matrix: (table, call) => toTensor(table, call),
  sample: (table, call) => {
    const a = new Arguments(call, 'n frac');
    const seed = a.optionalNumber('random_state');
    const count = a.given('n') ? a.size('n') : null;
    a.rejectOthers('random_state replace ignore_index axis');
    if (a.boolean('replace', false) || (a.given('axis') && a.number('axis') !== 0) || a.problems.length > 0)
      return unreadable('This sample is not read', call.range);
    return dataStep(
      call.machine,
      'shuffleRows',
      { seed, fraction: a.number('frac', 1), ...(count === null ? {} : { count }) },
      [table],
      call.range,
      {
        columns: table.columns,
        shape: null,
      },
    );
  },
  reset_index: (table, call) => {
    if (table.grouped)
      return (call.keywords.size + call.positional.length === 0 && keysBeside(table, call)) || unreadable(whyIndex, call.range);
    const drops = isTrue(call.keywords.get('drop')?.value ?? null);
    if (!drops) return unreadable(whyIndex, call.range);
    return keptIn(table, Object.assign(isInPlace(call) ? table : { ...table }, { rowLabels: undefined, index: undefined }), call);
  },
  nunique: (table, call) => ({ kind: 'size', size: call.machine.program.symbol(table.step, { kind: 'unique' }) }),
  unique: (table) => ({ kind: 'iterator', of: table, wrap: 'plain', others: [], start: 0, distinct: 'appearance' }),
  head: (table, call) => {
    const count = call.positional[0]?.value;
    return dataStep(
      call.machine,
      'slice',
      { axis: 0, start: null, end: count?.kind === 'number' ? count.value : 5, step: 1 },
      [table],
      call.range,
      { shape: null, columns: table.columns },
    );
  },
  factorize: (column, call) =>
    listValue(
      [
        dataStep(call.machine, 'encodeLabels', { order: 'appearance' }, [column], call.range, {
          integer: true,
          flavour: 'numpy',
        }),
        unknown,
      ],
      'tuple',
    ),
  tolist: (table) => table,
  info: () => none,
  describe: (table, call) => describedTable(table, call),
  to: (table) => table,
};

/** Attributes of tables, arrays and tensors of data that are not methods. */
export const tableAttributes: AttributeTable<DataArray> = {
  values: (table, machine, range) => toTensor(table, { machine, range }),
  iloc: (table) => ({ kind: 'indexer', array: table, by: 'position' }),
  loc: (table) => ({ kind: 'indexer', array: table, by: 'label' }),
  columns: columnsOf,
  dtypes: columnTypes,
  T: (table, machine, range) =>
    dataStep(machine, 'transpose', { order: null }, [table], range, { shape: table.shape ? [...table.shape].reverse() : null }),
  size: (table, machine) => {
    const size = axisSize(machine, table, 0);
    return table.shape?.length === 1 || table.flavour === 'series'
      ? typeof size === 'number'
        ? { kind: 'number', value: size, integer: true, origin: null }
        : { kind: 'size', size }
      : { kind: 'bound', receiver: table, name: 'size' };
  },
  dtype: columnType,
  device: () => ({ kind: 'inert', path: 'torch.device' }),
  requires_grad: () => ({ kind: 'boolean', value: false, origin: null }),
  ndim: (table) => (table.shape ? { kind: 'number', value: table.shape.length, integer: true, origin: null } : unknown),
  categories: (table) => ({ kind: 'iterator', of: table, wrap: 'plain', others: [], start: 0, distinct: 'sorted' }),
  dt: (column, machine, range) => datesOf(column, { machine, range }),
  index: (table, machine, range) => indexOf(table, { machine, range }),
  codes: (table, machine, range) => dataStep(machine, 'encodeLabels', { order: 'categories' }, [table], range, { integer: true }),
  cat: (table) => table,
  str: (table) => textOf(table),
  data: (table) => table,
};

/** A column by attribute: `df.species`. */
export const columnAttribute = (table: DataArray, name: string, call: Pick<Call, 'machine' | 'range'>): Value =>
  dataStep(call.machine, 'select', { columns: { kind: 'keys', keys: [name] }, single: true }, [table], call.range, {
    flavour: 'series',
    shape: table.shape ? [table.shape[0] ?? null] : null,
    columns: [name],
    integer: null,
  });

/** `pd.get_dummies(df, columns=[...])`. */
function dummies(call: Call): Value {
  const a = new Arguments(call, 'data prefix prefix_sep dummy_na columns sparse drop_first');
  const table = a.value('data');
  const names = a.given('columns') ? keysOf(a.value('columns')) : null;
  const prefix = a.value('prefix');
  const prefixes = prefix?.kind === 'dict' ? stringsOf(listValue([...prefix.entries.values()])) : stringsOf(prefix ?? none);
  const args = {
    columns: names,
    dropFirst: a.boolean('drop_first', false),
    ...(a.boolean('dummy_na', false) ? { missing: true as const } : {}),
    ...(prefixes ? { prefixes } : {}),
    ...(a.given('prefix_sep') ? { separator: a.string('prefix_sep', '_') } : {}),
  };
  if (table?.kind !== 'array' || (a.given('columns') && !names) || (a.given('prefix') && !prefixes) || a.problems.length > 0)
    return a.problems[0] ? { kind: 'unknown', reason: a.problems[0] } : unreadable('This encoding could not be read', call.range);
  const result = { flavour: 'frame', shape: null, columns: null } as const;
  return dataStep(call.machine, 'dummies', args, [table], call.range, result);
}

/** pandas. */
export const pandasTable: FunctionTable = {
  ...tableChangeFunctions,
  ...countFunctions,
  ...dateFunctions,
  ...tableFileFunctions,
  'pandas.get_dummies': dummies,
  'pandas.factorize': (call) => {
    const column = call.positional[0]?.value;
    if (column?.kind !== 'array') return unknown;
    return listValue(
      [
        dataStep(call.machine, 'encodeLabels', { order: 'appearance' }, [column], call.range, {
          integer: true,
          flavour: 'numpy',
        }),
        unknown,
      ],
      'tuple',
    );
  },
  'pandas.to_numeric': (call) => {
    const a = new Arguments(call, 'arg errors downcast');
    const value = a.value('arg') ?? unknown;
    const errors = a.string('errors', 'raise');
    if (value.kind !== 'array' || value.flavour === 'numpy') return value;
    if (errors === 'ignore') return unreadable('Whether this column becomes numbers is not known', call.range);
    return dataStep(call.machine, 'toNumbers', { coerce: errors === 'coerce' }, [value], call.range, { columns: value.columns });
  },
  'pandas.DataFrame': (call) => {
    const value = call.positional[0]?.value ?? call.keywords.get('data')?.value;
    const columnsGiven = call.keywords.get('columns')?.value;
    if (value?.kind !== 'array') return unreadable('A table made in the script is not read', call.range);
    const keepsLabels = value.flavour === 'frame' || value.flavour === 'series' || call.keywords.has('index');
    const rowLabels = keepsLabels ? value.rowLabels : undefined;
    return { ...value, flavour: 'frame', columns: columnsGiven ? stringsOf(columnsGiven) : null, rowLabels };
  },
  'pandas.concat': (call) => {
    const list = call.positional[0]?.value;
    const arrays = list?.kind === 'list' ? list.items.flatMap((i) => (i.kind === 'array' ? [i] : [])) : [];
    const a = new Arguments(call, 'objs axis');
    const axis = a.value('axis')?.kind === 'string' ? 1 : a.number('axis', 0);
    if (list?.kind !== 'list' || arrays.length === 0 || arrays.length !== list.items.length)
      return unreadable('What is joined here could not be read', call.range);
    if (axis === 1 && !arrays.every((array) => sameLabels(arrays[0] as DataArray, array)))
      return unreadable(labelsDiffer, call.range);
    return dataStep(call.machine, 'concatenate', { axis }, arrays, call.range, { flavour: 'frame', shape: null });
  },
};

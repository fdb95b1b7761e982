import type { DataSteps } from '../../../records/dataSteps';
import { Arguments, type Call } from '../../interpret/call';
import { dataStep, tensorBinary } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { none, numberValue, stringValue, unreadable, type NamespaceValue, type Value } from '../../values/value';
import type { FunctionTable, MethodTable } from '../functionTable';
import { keptIn } from './tableChanges';
import { columnList } from './tableColumns';

type Part = DataSteps['datePart']['part'];

const parts: Readonly<Record<string, Part>> = {
  year: 'year',
  month: 'month',
  day: 'day',
  hour: 'hour',
  minute: 'minute',
  second: 'second',
  dayofweek: 'dayofweek',
  day_of_week: 'dayofweek',
  weekday: 'dayofweek',
  dayofyear: 'dayofyear',
  day_of_year: 'dayofyear',
  quarter: 'quarter',
};

/** `column.dt`, and the index of a table by a column of dates: its parts. */
export function datesOf(column: DataArray, call: Pick<Call, 'machine' | 'range'>): Value {
  const part = (name: Part): Value =>
    dataStep(call.machine, 'datePart', { part: name }, [column], call.range, {
      integer: null,
      flavour: 'series',
      mask: false,
    });
  const entries = new Map(Object.entries(parts).map(([name, one]): [string, Value] => [name, part(one)]));
  entries.set('__week', part('week'));
  return { kind: 'namespace', entries, missing: '`%` of dates is not read' };
}

/** Methods of `column.dt`. */
export const dateMethods: MethodTable<NamespaceValue> = {
  // The year of the calendar of weeks is not that of the date at its ends.
  isocalendar: ({ entries }) => ({
    kind: 'namespace',
    entries: new Map([['week', entries.get('__week') ?? none]]),
    missing: '`%` of the calendar of weeks is not read',
  }),
};

/** `entry.month`, where a column of dates stands for each of them; null for other names. */
export function dateOfEntry(column: DataArray, name: string, call: Pick<Call, 'machine' | 'range'>): Value | null {
  if (!Object.hasOwn(parts, name) || name === 'weekday') return null;
  const dates = datesOf(column, call);
  return dates.kind === 'namespace' ? (dates.entries.get(name) ?? null) : null;
}

/** `df.set_index("time")`. */
function setIndex(table: DataArray, call: Call): Value {
  const a = new Arguments(call, 'keys drop');
  const name = a.value('keys');
  if (table.flavour !== 'frame' || name?.kind !== 'string' || !a.boolean('drop', true) || a.given('append'))
    return unreadable('This row index is not read', call.range);
  const index = columnNamed(table, name.value, call);
  const made = dataStep(call.machine, 'drop', { columns: [name.value] }, [table], call.range, {
    shape: null,
    columns: table.columns?.filter((column) => column !== name.value) ?? null,
    index,
  });
  const result = keptIn(table, made, call);
  if (result !== made) Object.assign(table, { index });
  return result;
}

/** A column by its name. */
export const columnNamed = (table: DataArray, name: string, call: Pick<Call, 'machine' | 'range'>): DataArray =>
  dataStep(call.machine, 'select', { columns: { kind: 'keys', keys: [name] }, single: true }, [table], call.range, {
    flavour: 'series',
    shape: null,
    columns: [name],
    integer: null,
    index: undefined,
  });

const lag = (column: DataArray, by: number, call: Call): DataArray =>
  dataStep(call.machine, 'shiftRows', { by }, [column], call.range, { integer: false, columns: column.columns, mask: false });

/** `column.rolling(window)`. */
function rolling(column: DataArray, call: Call): Value {
  const a = new Arguments(call, 'window min_periods');
  const window = a.number('window');
  const least = a.given('min_periods') ? a.number('min_periods') : window;
  if (a.problems.length > 0 || a.given('center') || a.given('win_type') || a.given('on') || !Number.isInteger(window))
    return unreadable('These windows of rows are not read', call.range);
  return {
    kind: 'namespace',
    entries: new Map<string, Value>([
      ['__rolling', column],
      ['window', numberValue(window, true)],
      ['least', numberValue(least, true)],
    ]),
    missing: '`%` of windows of rows is not read',
  };
}

/** Methods of `column.rolling(window)`. */
export const rollingMethods: MethodTable<NamespaceValue> = Object.fromEntries(
  (['mean', 'sum', 'min', 'max', 'std'] as const).map((name) => [
    name,
    (value: NamespaceValue, call: Call): Value => {
      const [column, window, least] = ['__rolling', 'window', 'least'].map((key) => value.entries.get(key));
      if (column?.kind !== 'array' || window?.kind !== 'number' || least?.kind !== 'number' || call.positional.length > 0)
        return unreadable('These windows of rows are not read', call.range);
      const args = { window: window.value, function: name, least: least.value };
      const result = { integer: false, columns: column.columns, mask: false };
      return dataStep(call.machine, 'rolling', args, [column], call.range, result);
    },
  ]),
);

/** Methods of rows in their order. */
export const seriesMethods: MethodTable<DataArray> = {
  set_index: setIndex,
  shift: (column, call) => {
    const a = new Arguments(call, 'periods');
    const by = a.number('periods', 1);
    if (a.problems.length > 0 || !Number.isInteger(by) || a.given('freq') || a.given('fill_value') || a.given('axis'))
      return unreadable('This shift of rows is not read', call.range);
    return lag(column, by, call);
  },
  diff: (column, call) => {
    const a = new Arguments(call, 'periods');
    const by = a.number('periods', 1);
    if (a.problems.length > 0 || column.flavour === 'torch') return unreadable('This difference of rows is not read', call.range);
    return tensorBinary(call.machine, '-', column, lag(column, by, call), call.range);
  },
  pct_change: (column, call) => {
    if (call.positional.length + call.keywords.size > 0) return unreadable('This change of rows is not read', call.range);
    const ratio = tensorBinary(call.machine, '/', column, lag(column, 1, call), call.range);
    return tensorBinary(call.machine, '-', ratio, numberValue(1, true), call.range);
  },
  rolling,
  interpolate: (table, call) => {
    const a = new Arguments(call, 'method axis');
    const isPlain = a.string('method', 'linear') === 'linear' && !['axis', 'limit', 'limit_direction'].some((n) => a.given(n));
    if (!isPlain || a.problems.length > 0) return unreadable('How these gaps are filled is not read', call.range);
    const args = { value: null, statistic: 'linear' } as const;
    return keptIn(table, dataStep(call.machine, 'fillMissing', args, [table], call.range, { columns: table.columns }), call);
  },
};

/** Columns of dates stay the texts that they are written as: only their parts are numbers. */
export const dateFunctions: FunctionTable = {
  'pandas.to_datetime': (call) => {
    const a = new Arguments(call, 'arg errors dayfirst yearfirst utc format');
    const value = a.value('arg');
    const format = a.string('format', '');
    const isKnown =
      format === '' || /^(%Y[-/.]%m[-/.]%d|%d[-/.]%m[-/.]%Y|%m[-/.]%d[-/.]%Y)([T ]%H:%M(:%S)?)?$|^mixed$|^ISO8601$/.test(format);
    if (
      value?.kind !== 'array' ||
      !isKnown ||
      a.given('unit') ||
      a.string('errors', 'raise') !== 'raise' ||
      a.problems.length > 0
    )
      return unreadable('How these dates are written is not read', call.range);
    if (!a.boolean('dayfirst', format.startsWith('%d'))) return { ...value, retyped: true };
    const written = dataStep(call.machine, 'yearsFirst', {}, [value], call.range, { columns: value.columns });
    return { ...written, retyped: true };
  },
};

/** Dates that name rows: their parts, and the rows that they name. */
function namedByDates(table: DataArray, index: DataArray, call: Pick<Call, 'machine' | 'range'>): Value {
  const dates = datesOf(index, call);
  if (dates.kind === 'namespace') dates.entries.set('__rowsOf', table);
  return dates;
}

/** What stands for the names of rows. */
export const indexOf = (table: DataArray, call: Pick<Call, 'machine' | 'range'>): Value =>
  table.labels
    ? columnList(table.labels)
    : table.index
      ? namedByDates(table, table.index, call)
      : {
          kind: 'namespace',
          entries: new Map<string, Value>([
            ['__rowsOf', table],
            ['name', stringValue('')],
          ]),
          missing: '`index.%` is not read',
        };

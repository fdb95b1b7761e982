import type { DataSteps, GroupFunction } from '../../../records/dataSteps';
import { Arguments, stringsOf, type Call } from '../../interpret/call';
import { transformedGroups, within } from './groupTransforms';
import { dataStep, tensorBinary } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { booleanValue, listValue, none, stringValue, unreadable, type NamespaceValue, type Value } from '../../values/value';
import type { MethodTable } from '../functionTable';
import { missingMarks } from './tableChanges';
import { columnsOf } from './tableColumns';
import { columnNamed } from './tableSeries';

const statistics = ['mean', 'median', 'min', 'max', 'sum', 'count', 'std', 'nunique', 'first', 'last'] as const;

const isStatistic = (name: string): name is GroupFunction => (statistics as readonly string[]).includes(name);

const missing = 'What is made of these groups of rows is not read';

/** `df.groupby("a")`. */
export const grouping: MethodTable<DataArray> = {
  groupby: (table, call) => {
    const a = new Arguments(call, 'by');
    const names = stringsOf(a.value('by') ?? none);
    a.rejectOthers('by sort group_keys observed as_index');
    if (table.flavour !== 'frame' || !names || names.length === 0 || a.problems.length > 0)
      return unreadable(missing, call.range);
    return groups(table, names, null, a.boolean('as_index', true));
  },
  resample: resampled,
};

const units: Readonly<Record<string, DataSteps['dateBins']['unit']>> = {
  T: 'minute',
  min: 'minute',
  H: 'hour',
  h: 'hour',
  D: 'day',
  W: 'week',
  M: 'monthEnd',
  ME: 'monthEnd',
  MS: 'monthStart',
};

/** `df.resample("D")` of rows that dates name: groups of the rows of each span of time. */
function resampled(table: DataArray, call: Call): Value {
  const a = new Arguments(call, 'rule');
  const [, written = '', name = ''] = /^(\d*)([a-zA-Z]+)$/.exec(a.string('rule', '')) ?? [];
  const unit = Object.hasOwn(units, name) ? units[name] : undefined;
  const count = written === '' ? 1 : Number(written);
  const isCounted = unit === 'minute' || unit === 'hour' || unit === 'day';
  a.rejectOthers();
  const { index } = table;
  const key = index?.columns?.[0];
  if (table.flavour !== 'frame' || !index || typeof key !== 'string' || !unit || count < 1 || (count > 1 && !isCounted))
    return unreadable(missing, call.range);
  if (a.problems.length > 0) return unreadable(missing, call.range);
  const spans = dataStep(call.machine, 'dateBins', { unit, count }, [index], call.range, { columns: [key] });
  const columns = columnsOf(table, call.machine, call.range);
  const names = stringsOf(columns);
  const keyed = dataStep(call.machine, 'assign', { column: key }, [table, spans], call.range, {
    shape: null,
    columns: names && [...names, key],
  });
  const made = groups(keyed, [key], null, true);
  made.entries.set('__dated', none);
  return made;
}

const groups = (table: DataArray, keys: readonly string[], column: string | null, indexed: boolean): NamespaceValue => ({
  kind: 'namespace',
  entries: new Map<string, Value>([
    ['__groups', { ...table }],
    ['keys', listValue(keys.map((key) => stringValue(key)))],
    ['column', column === null ? none : stringValue(column)],
    ['__indexed', booleanValue(indexed)],
  ]),
  missing,
});

/** `groups["b"]` and `groups.b`; null for other values. */
export function columnOfGroups(value: NamespaceValue, name: string): Value | null {
  const table = value.entries.get('__groups');
  const keys = stringsOf(value.entries.get('keys') ?? none);
  if (table?.kind !== 'array' || !keys) return null;
  const made = groups(table, keys, name, isIndexed(value));
  if (value.entries.has('__dated')) made.entries.set('__dated', none);
  return made;
}

const isIndexed = (value: NamespaceValue): boolean => {
  const flag = value.entries.get('__indexed');
  return flag?.kind === 'boolean' && flag.value;
};

type Made = DataSteps['groupTable']['made'];

/** One row for each group: with the keys as columns, or with them as names of the rows. */
function summed(value: NamespaceValue, made: Made, single: boolean, call: Call): Value {
  const table = value.entries.get('__groups');
  const keys = stringsOf(value.entries.get('keys') ?? none);
  if (table?.kind !== 'array' || !keys || made.length === 0) return unreadable(missing, call.range);
  const names = made.map(({ to }) => to);
  const result = { flavour: 'frame', shape: null, integer: null, index: undefined } as const;
  const whole = dataStep(call.machine, 'groupTable', { keys, made }, [table], call.range, {
    ...result,
    columns: [...keys, ...names],
  });
  if (!isIndexed(value)) return whole;
  const columns = { kind: 'keys', keys: names } as const;
  const [key = ''] = keys;
  // The rows are called by their keys: groups of the same rows by the same keys have the same names.
  const rowLabels = `${table.rowLabels ?? ''} by ${keys.join()}`;
  const index = value.entries.has('__dated') ? { ...columnNamed(whole, key, call), rowLabels } : undefined;
  return dataStep(call.machine, 'select', { columns, single }, [whole], call.range, {
    ...result,
    flavour: single ? 'series' : 'frame',
    columns: names,
    grouped: dataStep(call.machine, 'select', { columns: { kind: 'keys', keys }, single: false }, [whole], call.range, {
      ...result,
      columns: keys,
      rowLabels,
    }),
    rowLabels,
    index,
  });
}

/** A statistic of each column but the keys; none where the columns are not known. */
function ofEachColumn(value: NamespaceValue, name: GroupFunction, call: Call): Made {
  const [table, keys] = [value.entries.get('__groups'), stringsOf(value.entries.get('keys') ?? none)];
  const names = table?.kind === 'array' ? stringsOf(columnsOf(table, call.machine, call.range)) : null;
  return (names ?? []).filter((one) => !keys?.includes(one)).map((one) => ({ from: one, function: name, to: one }));
}

/** `groups["b"].mean()` and `groups.mean()`. */
const summary =
  (name: GroupFunction) =>
  (value: NamespaceValue, call: Call): Value => {
    const column = value.entries.get('column');
    if (call.positional.length + call.keywords.size > 0) return unreadable(missing, call.range);
    if (column?.kind !== 'string') return summed(value, ofEachColumn(value, name, call), false, call);
    return summed(value, [{ from: column.value, function: name, to: column.value }], true, call);
  };

/** `groups.agg({"a": "mean"})`, `groups["b"].agg(["mean", "std"])` and `groups.agg(m=("a", "mean"))`. */
function aggregated(value: NamespaceValue, call: Call): Value {
  const column = value.entries.get('column');
  const given = call.positional[0]?.value ?? call.keywords.get('func')?.value;
  if (column?.kind === 'string') {
    if (given?.kind === 'string' && isStatistic(given.value))
      return summary(given.value)(value, { ...call, positional: [], keywords: new Map() });
    const named = given
      ? stringsOf(given)
      : [...call.keywords.values()].flatMap(({ value: one }) => (one.kind === 'string' ? [one.value] : []));
    const names = given ? (named ?? []) : [...call.keywords.keys()];
    const made = (named ?? []).flatMap((name, i) =>
      isStatistic(name) ? [{ from: column.value, function: name, to: names[i] ?? name }] : [],
    );
    return made.length === names.length ? summed(value, made, false, call) : unreadable(missing, call.range);
  }
  const pairs: (readonly [string, Value | undefined, Value | undefined])[] =
    given?.kind === 'dict' && !given.open
      ? [...given.entries].map(([name, one]) => [String(name), stringValue(String(name)), one])
      : given
        ? []
        : [...call.keywords].map(([name, { value: one }]) => [
            name,
            ...(one.kind === 'list' ? ([one.items[0], one.items[1]] as const) : ([undefined, undefined] as const)),
          ]);
  const made = pairs.flatMap(([to, from, name]) =>
    from?.kind === 'string' && name?.kind === 'string' && isStatistic(name.value)
      ? [{ from: from.value, function: name.value, to }]
      : [],
  );
  return made.length === pairs.length ? summed(value, made, false, call) : unreadable(missing, call.range);
}

/** `groups["b"].shift(1)`. */
function shifted(value: NamespaceValue, by: number, call: Call): DataArray | null {
  const [table, column] = [value.entries.get('__groups'), value.entries.get('column')];
  const keys = stringsOf(value.entries.get('keys') ?? none);
  if (table?.kind !== 'array' || !keys || column?.kind !== 'string' || !Number.isInteger(by)) return null;
  const values = columnNamed(table, column.value, call);
  const chosen = dataStep(call.machine, 'select', { columns: { kind: 'keys', keys }, single: false }, [table], call.range);
  return dataStep(call.machine, 'groupShift', { by }, [chosen, values], call.range, {
    flavour: 'series',
    shape: values.shape,
    integer: false,
    columns: null,
  });
}

/** `groups["b"].ffill()` and `groups.cumcount()`. */
function changedWithin(value: NamespaceValue, change: DataSteps['withinGroups']['change'], call: Call): Value {
  const [table, column] = [value.entries.get('__groups'), value.entries.get('column')];
  const keys = stringsOf(value.entries.get('keys') ?? none);
  const name = column?.kind === 'string' ? column.value : change.kind === 'cumcount' ? keys?.[0] : undefined;
  if (table?.kind !== 'array' || !keys || name === undefined || call.positional.length + call.keywords.size > 0)
    return unreadable(missing, call.range);
  const chosen = dataStep(call.machine, 'select', { columns: { kind: 'keys', keys }, single: false }, [table], call.range);
  // Rows are counted whatever is in them.
  const values = columnNamed(table, name, call);
  const counted = change.kind === 'cumcount' ? missingMarks(values, call) : values;
  return within({ keys: chosen, values: counted }, change, call);
}

/** Methods of groups of rows. */
export const groupMethods: MethodTable<NamespaceValue> = {
  ...Object.fromEntries(statistics.map((name) => [name, summary(name)])),
  agg: aggregated,
  aggregate: aggregated,
  shift: (value, call) => {
    const a = new Arguments(call, 'periods');
    const by = a.number('periods', 1);
    a.rejectOthers();
    return (a.problems.length === 0 ? shifted(value, by, call) : null) ?? unreadable(missing, call.range);
  },
  ffill: (value, call) => changedWithin(value, { kind: 'forward' }, call),
  bfill: (value, call) => changedWithin(value, { kind: 'backward' }, call),
  cumsum: (value, call) => changedWithin(value, { kind: 'cumsum' }, call),
  cumcount: (value, call) => changedWithin(value, { kind: 'cumcount' }, call),
  diff: (value, call) => {
    const [table, column] = [value.entries.get('__groups'), value.entries.get('column')];
    const before = call.positional.length + call.keywords.size === 0 ? shifted(value, 1, call) : null;
    if (!before || table?.kind !== 'array' || column?.kind !== 'string') return unreadable(missing, call.range);
    return tensorBinary(call.machine, '-', columnNamed(table, column.value, call), before, call.range);
  },
  transform: (value, call) => {
    const [table, column] = [value.entries.get('__groups'), value.entries.get('column')];
    const keys = stringsOf(value.entries.get('keys') ?? none);
    const given = call.positional[0]?.value ?? call.keywords.get('func')?.value;
    if (table?.kind !== 'array' || !keys || column?.kind !== 'string' || !given) return unreadable(missing, call.range);
    const values = columnNamed(table, column.value, call);
    const ofGroup = (name: GroupFunction): DataArray => {
      const chosen = dataStep(call.machine, 'select', { columns: { kind: 'keys', keys }, single: false }, [table], call.range);
      return dataStep(call.machine, 'groupStatistic', { function: name }, [chosen, values], call.range, {
        flavour: 'series',
        shape: values.shape,
        integer: false,
        columns: null,
      });
    };
    if (given.kind === 'string') return isStatistic(given.value) ? ofGroup(given.value) : unreadable(missing, call.range);
    const chosen = dataStep(call.machine, 'select', { columns: { kind: 'keys', keys }, single: false }, [table], call.range);
    return given.kind === 'function' ? transformedGroups(given, { keys: chosen, values }, call) : unreadable(missing, call.range);
  },
};

/** A column with its gaps filled row by row. */
export const filledBy = (column: DataArray, filling: DataArray, call: Call): DataArray =>
  dataStep(call.machine, 'where', {}, [missingMarks(column, call), filling, column], call.range, {
    mask: false,
    integer: null,
    flavour: 'series',
    shape: column.shape,
    columns: column.columns,
  });

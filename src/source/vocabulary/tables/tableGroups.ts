import type { DataSteps } from '../../../records/dataSteps';
import { Arguments, stringsOf, type Call } from '../../interpret/call';
import { callValue } from '../../interpret/calls';
import { dataStep } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { listValue, none, stringValue, unreadable, type NamespaceValue, type Value } from '../../values/value';
import type { MethodTable } from '../functionTable';
import { missingMarks } from './tableChanges';
import { columnNamed } from './tableSeries';

type Statistic = DataSteps['groupStatistic']['function'];

const isStatistic = (name: string): name is Statistic => ['mean', 'median', 'min', 'max', 'sum', 'count'].includes(name);

const missing = 'Groups of rows are only followed where `transform` gives each row a statistic of its group';

/** `df.groupby("a")`. */
export const grouping: MethodTable<DataArray> = {
  groupby: (table, call) => {
    const a = new Arguments(call, 'by');
    const names = stringsOf(a.value('by') ?? none);
    a.rejectOthers('by sort group_keys observed as_index');
    if (table.flavour !== 'frame' || !names || names.length === 0 || a.problems.length > 0)
      return unreadable(missing, call.range);
    return groups(table, names, null);
  },
};

const groups = (table: DataArray, keys: readonly string[], column: string | null): NamespaceValue => ({
  kind: 'namespace',
  entries: new Map<string, Value>([
    ['__groups', { ...table }],
    ['keys', listValue(keys.map((key) => stringValue(key)))],
    ['column', column === null ? none : stringValue(column)],
  ]),
  missing,
});

/** `groups["b"]` and `groups.b`; null for other values. */
export function columnOfGroups(value: NamespaceValue, name: string): Value | null {
  const table = value.entries.get('__groups');
  const keys = stringsOf(value.entries.get('keys') ?? none);
  return table?.kind === 'array' && keys ? groups(table, keys, name) : null;
}

/** Methods of groups of rows. */
export const groupMethods: MethodTable<NamespaceValue> = {
  transform: (value, call) => {
    const [table, column] = [value.entries.get('__groups'), value.entries.get('column')];
    const keys = stringsOf(value.entries.get('keys') ?? none);
    const given = call.positional[0]?.value ?? call.keywords.get('func')?.value;
    if (table?.kind !== 'array' || !keys || column?.kind !== 'string' || !given) return unreadable(missing, call.range);
    const values = columnNamed(table, column.value, call);
    const ofGroup = (name: Statistic): DataArray => {
      const chosen = dataStep(call.machine, 'select', { columns: { kind: 'keys', keys }, single: false }, [table], call.range);
      return dataStep(call.machine, 'groupStatistic', { function: name }, [chosen, values], call.range, {
        flavour: 'series',
        shape: values.shape,
        integer: false,
        columns: null,
      });
    };
    if (given.kind === 'string') return isStatistic(given.value) ? ofGroup(given.value) : unreadable(missing, call.range);
    const filling = given.kind === 'function' ? fillingOf(given, values, call) : null;
    return filling ? filledBy(values, ofGroup(filling), call) : unreadable(missing, call.range);
  },
};

/** The statistic that `lambda x: x.fillna(x.mean())` fills gaps with; null for other functions. */
function fillingOf(function_: Value, values: DataArray, call: Call): 'mean' | 'median' | null {
  const m = call.machine;
  const result = callValue(m, function_, { ...call, positional: [{ value: values, range: call.range }], keywords: new Map() });
  const step = result.kind === 'array' ? m.program.steps[result.step] : null;
  if (step?.kind !== 'fillMissing' || step.inputs.length !== 1 || step.inputs[0] !== values.step) return null;
  const { statistic } = step.arguments;
  return statistic === 'mean' || statistic === 'median' ? statistic : null;
}

/** A column with its gaps filled row by row. */
export const filledBy = (column: DataArray, filling: DataArray, call: Call): DataArray =>
  dataStep(call.machine, 'where', {}, [missingMarks(column, call), filling, column], call.range, {
    mask: false,
    integer: null,
    flavour: 'series',
    shape: column.shape,
    columns: column.columns,
  });

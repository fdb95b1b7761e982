import { Arguments, type Call, type Handler } from '../../interpret/call';
import { dataStep, tensorBinary } from '../../interpret/tensors';
import type { Machine } from '../../interpret/machine';
import type { DataSteps } from '../../../records/dataSteps';
import type { Array as DataArray } from '../../values/dataValues';
import { listValue, unknown, unreadable, type Value } from '../../values/value';
import type { FunctionTable, MethodTable } from '../functionTable';
import { keptIn } from './tableChanges';

/** How often each value comes. */
export function countsOf(
  values: DataArray,
  order: DataSteps['countValues']['order'],
  call: Pick<Call, 'machine' | 'range'>,
): DataArray {
  return {
    ...dataStep(call.machine, 'countValues', { order }, [values], call.range, {
      flavour: 'series',
      shape: [null],
      integer: true,
      mask: false,
      columns: null,
    }),
    counted: values,
  };
}

const holdsText = (m: Machine, values: DataArray): boolean =>
  m.project.tables?.distinct(m.program, values.step, m.mainPath)?.some((one) => typeof one === 'string') ?? false;

/** `counts[label]`, of counts by value. */
export function countOf(counts: DataArray, label: string | number, call: Pick<Call, 'machine' | 'range'>): Value {
  const m = call.machine;
  if (!counts.counted) return unknown;
  // A number among labels of text is a position.
  if (typeof label === 'number' && holdsText(m, counts.counted))
    return dataStep(m, 'index', { axis: 0, at: label }, [counts], call.range, { shape: [], flavour: 'numpy' });
  const marks = dataStep(call.machine, 'equals', { value: label }, [counts.counted], call.range, { mask: true, integer: true });
  const args = { function: 'sum', axis: null, keep: false, correction: 0 } as const;
  return dataStep(call.machine, 'reduce', args, [marks], call.range, {
    shape: [],
    integer: true,
    mask: false,
    flavour: 'numpy',
    columns: null,
  });
}

/** Counts of values. */
export const countFunctions: FunctionTable = {
  'pandas.value_counts': (call) => {
    const values = call.positional[0]?.value;
    return values?.kind === 'array' && call.keywords.size === 0 ? countsOf(values, 'frequency', call) : unknown;
  },
};

/** Methods that count, and those of counts. */
export const countMethods: MethodTable<DataArray> = {
  value_counts: (column, call) => {
    const a = new Arguments(call, 'normalize sort ascending');
    const counts = countsOf(column, a.boolean('sort', true) ? 'frequency' : 'appearance', call);
    if (column.flavour === 'frame' || a.given('bins') || a.given('ascending') || a.given('dropna') || a.problems.length > 0)
      return unreadable('These counts could not be read', call.range);
    if (!a.boolean('normalize', false)) return counts;
    const args = { function: 'sum', axis: null, keep: false, correction: 0 } as const;
    const all = dataStep(call.machine, 'reduce', args, [counts], call.range, { shape: [], flavour: 'numpy' });
    return tensorBinary(call.machine, '/', counts, all, call.range);
  },
  sort_index: (counts, call) =>
    counts.counted && call.positional.length + call.keywords.size === 0
      ? countsOf(counts.counted, 'sorted', call)
      : sortedByDates(counts, call),
  to_dict: (counts) => (counts.counted ? counts : unknown),
  get: (counts, call) => {
    const label = call.positional[0]?.value;
    return counts.counted && (label?.kind === 'string' || label?.kind === 'number')
      ? countOf(counts, label.value, call)
      : unknown;
  },
};

/** `df.sort_index()` of a table whose rows are named by dates. */
function sortedByDates(table: DataArray, call: Call): Value {
  const a = new Arguments(call, '');
  const ascending = a.boolean('ascending', true);
  a.rejectOthers('ascending inplace');
  const { index } = table;
  if (!index || table.flavour !== 'frame' || a.problems.length > 0)
    return unreadable('This order of rows is not read', call.range);
  const m = call.machine;
  const times = dataStep(m, 'datePart', { part: 'time' }, [index], call.range, { flavour: 'series', mask: false });
  const args = { columns: [0], ascending };
  const sorted = dataStep(m, 'sortRows', args, [table, times], call.range, { columns: table.columns });
  // The names of the rows go along with them.
  const { rowLabels } = sorted;
  const rows = dataStep(m, 'sortRows', args, [index, times], call.range, { columns: index.columns, rowLabels });
  const made: DataArray = { ...sorted, index: rows };
  const result = keptIn(table, made, call);
  if (result !== made) Object.assign(table, { index: rows });
  return result;
}

/** `np.unique(y, return_counts=True)`. */
const uniqueWithCounts = (values: DataArray, set: Value, call: Call): Value =>
  call.keywords.has('return_inverse') || call.keywords.has('return_index')
    ? listValue([set, unknown], 'tuple')
    : listValue([set, byPosition(countsOf(values, 'sorted', call))], 'tuple');

/** Counts that are no longer found by their values. */
function byPosition({ counted: _, ...counts }: DataArray): DataArray {
  return { ...counts, flavour: 'numpy' };
}

const isTrue = (value: Value | undefined): boolean => value?.kind === 'boolean' && value.value;

/** `np.unique(x)`. */
export const unique: Handler = (call) => {
  const value = call.positional[0]?.value;
  if (value?.kind !== 'array') return unknown;
  const set: Value = { kind: 'iterator', of: value, wrap: 'plain', others: [], start: 0, distinct: 'sorted' };
  if (isTrue(call.keywords.get('return_counts')?.value)) return uniqueWithCounts(value, set, call);
  return call.keywords.has('return_inverse') ? listValue([set, unknown], 'tuple') : set;
};

/** `bincount(classes)`: how often each class comes. */
export const classCounts =
  (flavour: 'numpy' | 'torch'): Handler =>
  (call) => {
    const x = new Arguments(call, 'x weights minlength').value('x') ?? call.keywords.get('input')?.value;
    if (x?.kind !== 'array' || call.positional.length + call.keywords.size > 1)
      return unreadable('These counts could not be read', call.range);
    const marks = dataStep(call.machine, 'oneHot', { classes: null }, [x], call.range, { shape: null, integer: true });
    const args = { function: 'sum', axis: 0, keep: false, correction: 0 } as const;
    return dataStep(call.machine, 'reduce', args, [marks], call.range, { shape: [null], integer: true, flavour });
  };

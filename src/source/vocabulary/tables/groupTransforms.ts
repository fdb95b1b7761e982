import type { DataKind, DataStep, DataSteps, GroupFunction } from '../../../records/dataSteps';
import { Arguments, type Call } from '../../interpret/call';
import { callValue } from '../../interpret/calls';
import { entrywise } from '../../interpret/reach';
import { dataStep } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { unreadable, type FunctionValue, type Value } from '../../values/value';

/** The rows that a group takes: the columns of keys, and the values that are changed within each group. */
export interface Grouped {
  readonly keys: DataArray;
  readonly values: DataArray;
}

const series = { flavour: 'series', integer: false, mask: false, columns: null } as const;

/** The values changed within each group. */
export const within = ({ keys, values }: Grouped, change: DataSteps['withinGroups']['change'], call: Call): DataArray =>
  dataStep(call.machine, 'withinGroups', { change }, [keys, values], call.range, { ...series, shape: values.shape });

const statistics: Readonly<Partial<Record<DataSteps['reduce']['function'], GroupFunction>>> = {
  mean: 'mean',
  median: 'median',
  min: 'min',
  max: 'max',
  sum: 'sum',
};

/**
 * `groups.transform(lambda x: ...)`: the function is run once on the whole column, and what it does with other rows of the
 * column is done within each group in its place. Unread where that is not known of a step.
 */
export function transformedGroups(function_: FunctionValue, grouped: Grouped, call: Call): Value {
  const m = call.machine;
  const first = m.program.steps.length;
  const given = { value: grouped.values, range: call.range };
  const result = callValue(m, function_, { ...call, positional: [given], keywords: new Map() });
  const why = unreadable('What is made of these groups of rows is not read', call.range);
  if (result.kind !== 'array') return result.kind === 'unknown' && result.reason ? result : why;
  const made = new Map<number, DataArray>([[grouped.values.step, grouped.values]]);
  for (const [at, step] of m.program.steps.slice(first).entries()) {
    const own = inGroups(step, made, grouped, call);
    if (own === null) return why;
    if (own) made.set(first + at, own);
  }
  const last = made.get(result.step);
  return last ? { ...last, flavour: 'series', columns: null } : why;
}

/** A step on the column as it is within groups; undefined for one that has nothing to do with it, null where it is not known. */
function inGroups(
  step: DataStep,
  made: ReadonlyMap<number, DataArray>,
  { keys, values }: Grouped,
  call: Call,
): DataArray | null | undefined {
  const m = call.machine;
  const inputs = step.inputs.map((input) => made.get(input) ?? m.program.results.get(input));
  if (!step.inputs.some((input) => made.has(input))) return undefined;
  const [x, ...others] = inputs;
  if (!x || others.includes(undefined)) return null;
  const statistic = (name: GroupFunction): DataArray =>
    dataStep(m, 'groupStatistic', { function: name }, [keys, x], call.range, { ...series, shape: values.shape });
  switch (step.kind) {
    case 'reduce': {
      const { function: name, correction } = step.arguments;
      const known = name === 'std' && correction === 1 ? 'std' : statistics[name];
      return known ? statistic(known) : null;
    }
    case 'shiftRows':
      return dataStep(m, 'groupShift', { by: step.arguments.by }, [keys, x], call.range, { ...series, shape: values.shape });
    case 'rolling':
      return within({ keys, values: x }, { kind: 'rolling', ...step.arguments }, call);
    case 'fillMissing':
      return filledInGroups(step.arguments, { keys, values: x }, statistic, call);
  }
  if (!entrywise.has(step.kind)) return null;
  const all = inputs.flatMap((input) => input ?? []);
  const like = m.program.results.get(step.inputs[0] ?? -1);
  return dataStep(m, step.kind, step.arguments as DataSteps[DataKind] as never, all, call.range, {
    ...series,
    shape: values.shape,
    mask: step.kind === 'compare' || step.kind === 'isMissing' || step.kind === 'equals',
    integer: like?.integer ?? null,
  });
}

function filledInGroups(
  { value, statistic }: DataSteps['fillMissing'],
  grouped: Grouped,
  statisticOf: (name: GroupFunction) => DataArray,
  call: Call,
): DataArray | null {
  const m = call.machine;
  const { values } = grouped;
  if (statistic === 'forward' || statistic === 'backward') return within(grouped, { kind: statistic }, call);
  if (statistic === null) return dataStep(m, 'fillMissing', { value, statistic }, [values], call.range, { columns: null });
  if (statistic !== 'mean' && statistic !== 'median') return null;
  const missing = dataStep(m, 'isMissing', {}, [values], call.range, { mask: true, integer: true });
  return dataStep(m, 'where', {}, [missing, statisticOf(statistic), values], call.range, { ...series, shape: values.shape });
}

/** `groups["b"].rolling(3, min_periods=1)`: its settings; null for windows of another kind. */
export function windowsOfGroups(call: Call): Omit<DataSteps['rolling'], 'function'> | null {
  const a = new Arguments(call, 'window min_periods');
  const window = a.number('window');
  const least = a.given('min_periods') ? a.number('min_periods') : window;
  a.rejectOthers();
  return a.problems.length === 0 && Number.isInteger(window) ? { window, least } : null;
}

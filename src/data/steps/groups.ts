import { ok } from '../../base/result';
import type { GroupFunction } from '../../records/dataSteps';
import type { Execute } from '../context';
import { fault } from '../fault';
import { arrayInput, rowsInput } from '../inputs';
import { chooseColumns } from '../files/columnChoice';
import { takeRows } from '../rows';
import { arrayOf, asTable, columnNumbers, labelsOf, lineageOf, sourceLineage, type Column } from '../values';

/** df.groupby(keys)[column].transform(...): missing values do not count, rows with a missing key have no statistic. */
export const executeGroupStatistic: Execute<'groupStatistic'> = ({ function: name }, inputs) => {
  const keys = rowsInput(inputs, 0);
  const values = arrayInput(inputs, 1);
  if (!keys.ok) return keys;
  if (!values.ok) return values;
  const { columns, length } = asTable(keys.value);
  const numbers = values.value.tensor.values;
  if (numbers.length !== length) return fault(`There are ${length} keys and ${numbers.length} values.`);
  const names = groupNames(columns, length);
  const groups = new Map<string, number[]>();
  for (const [row, key] of names.entries()) {
    if (key === null) continue;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    if (!Number.isNaN(numbers[row])) group.push(numbers[row] as number);
  }
  const statistics = new Map([...groups].map(([key, group]) => [key, statisticOf(group, name)]));
  const made = Float64Array.from(names, (key) => (key === null ? NaN : (statistics.get(key) ?? NaN)));
  return ok(arrayOf([length], made, lineageOf(values.value)));
};

/** What the keys of each row are; null where one is missing. */
export const groupNames = (columns: readonly Column[], length: number): (string | null)[] =>
  Array.from({ length }, (_, row) => {
    const cells = columns.map((column) => column.values[row] ?? null);
    return cells.some((cell) => cell === null || Number.isNaN(cell)) ? null : JSON.stringify(cells);
  });

/** A statistic of the values of a group, in their order, without missing ones. */
export function statisticOf(group: readonly number[], name: GroupFunction): number {
  const sum = group.reduce((all, value) => all + value, 0);
  if (name === 'count') return group.length;
  if (name === 'nunique') return new Set(group).size;
  if (name === 'sum') return sum;
  if (group.length === 0) return NaN;
  if (name === 'first') return group[0] as number;
  if (name === 'last') return group.at(-1) as number;
  const mean = sum / group.length;
  if (name === 'mean') return mean;
  if (name === 'std') return Math.sqrt(group.reduce((all, value) => all + (value - mean) ** 2, 0) / (group.length - 1));
  const sorted = [...group].sort((a, b) => a - b);
  if (name === 'min') return sorted[0] as number;
  if (name === 'max') return sorted.at(-1) as number;
  const half = group.length / 2;
  return ((sorted[Math.ceil(half) - 1] as number) + (sorted[Math.floor(half)] as number)) / 2;
}

/** df.groupby(keys).agg(...): sorted by the keys; rows with a missing key are in none. */
export const executeGroupTable: Execute<'groupTable'> = ({ keys, made }, inputs) => {
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  const table = asTable(value.value);
  const labels = labelsOf(value.value);
  const chosen = chooseColumns({ kind: 'keys', keys }, labels, 'The data');
  if (!chosen.ok) return chosen;
  const keyColumns = chosen.value.map((at) => table.columns[at] as Column);
  const groups = new Map<string, number[]>();
  for (const [row, name] of groupNames(keyColumns, table.length).entries()) {
    if (name === null) continue;
    const rows = groups.get(name) ?? [];
    groups.set(name, rows);
    rows.push(row);
  }
  const ordered = [...groups.values()].sort((a, b) => orderOf(keyColumns, a[0] as number, b[0] as number));
  const first = takeRows(
    { ...table, columns: keyColumns, single: false },
    Int32Array.from(ordered, ([row]) => row as number),
  );
  const columns: Column[] = [...asTable(first).columns];
  for (const { from, function: name, to } of made) {
    const at = chooseColumns({ kind: 'keys', keys: [from] }, labels, 'The data');
    if (!at.ok) return at;
    const source = table.columns[at.value[0] ?? 0] as Column;
    const counted = name === 'size' || ((name === 'count' || name === 'nunique') && source.type === 'text');
    const numbers = counted ? ok(null) : columnNumbers(source, table.rows);
    if (!numbers.ok) return numbers;
    const values = Float64Array.from(ordered, (rows) => {
      if (name === 'size') return rows.length;
      if (numbers.value === null) {
        const present = rows.map((row) => source.values[row]).filter((cell) => cell !== null);
        return name === 'nunique' ? new Set(present).size : present.length;
      }
      const all = numbers.value;
      return statisticOf(
        rows.map((row) => all[row] as number).filter((number) => !Number.isNaN(number)),
        name,
      );
    });
    const whole =
      name === 'size' || name === 'count' || name === 'nunique' || (source.type === 'integer' && !/mean|median|std/.test(name));
    columns.push({ label: to, origin: null, type: whole ? 'integer' : 'float', values });
  }
  return ok({ ...sourceLineage(ordered.length), kind: 'table', columns, length: ordered.length, single: false });
};

function orderOf(columns: readonly Column[], a: number, b: number): number {
  for (const { values } of columns) {
    const [left, right] = [values[a] as string | number, values[b] as string | number];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

/** df.groupby(keys)[column].shift(by): the value of the row `by` places before in the same group. */
export const executeGroupShift: Execute<'groupShift'> = ({ by }, inputs) => {
  const keys = rowsInput(inputs, 0);
  const values = arrayInput(inputs, 1);
  if (!keys.ok) return keys;
  if (!values.ok) return values;
  const { columns, length } = asTable(keys.value);
  const groups = new Map<string, number[]>();
  const places = groupNames(columns, length).map((name, row) => {
    if (name === null) return null;
    const rows = groups.get(name) ?? [];
    groups.set(name, rows);
    return { rows, at: rows.push(row) - 1 };
  });
  const numbers = values.value.tensor.values;
  const made = Float64Array.from(places, (place) => numbers[place?.rows[place.at - by] ?? -1] ?? NaN);
  return ok(arrayOf([length], made, lineageOf(values.value)));
};

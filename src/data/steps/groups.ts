import { ok } from '../../base/result';
import type { DataSteps } from '../../records/dataSteps';
import type { Execute } from '../context';
import { fault } from '../fault';
import { arrayInput, rowsInput } from '../inputs';
import { arrayOf, asTable, lineageOf } from '../values';

/** df.groupby(keys)[column].transform(...): missing values do not count, rows with a missing key have no statistic. */
export const executeGroupStatistic: Execute<'groupStatistic'> = ({ function: name }, inputs) => {
  const keys = rowsInput(inputs, 0);
  const values = arrayInput(inputs, 1);
  if (!keys.ok) return keys;
  if (!values.ok) return values;
  const { columns, length } = asTable(keys.value);
  const numbers = values.value.tensor.values;
  if (numbers.length !== length) return fault(`There are ${length} keys and ${numbers.length} values.`);
  const names = Array.from({ length }, (_, row) => {
    const cells = columns.map((column) => column.values[row] ?? null);
    return cells.some((cell) => cell === null || Number.isNaN(cell)) ? null : JSON.stringify(cells);
  });
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

function statisticOf(group: number[], name: DataSteps['groupStatistic']['function']): number {
  const sum = group.reduce((all, value) => all + value, 0);
  if (name === 'count') return group.length;
  if (name === 'sum') return sum;
  if (group.length === 0) return NaN;
  if (name === 'mean') return sum / group.length;
  group.sort((a, b) => a - b);
  if (name === 'min') return group[0] as number;
  if (name === 'max') return group.at(-1) as number;
  const half = group.length / 2;
  return ((group[Math.ceil(half) - 1] as number) + (group[Math.floor(half)] as number)) / 2;
}

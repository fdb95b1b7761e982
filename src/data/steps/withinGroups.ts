import { ok } from '../../base/result';
import type { DataSteps } from '../../records/dataSteps';
import type { Execute } from '../context';
import { fault } from '../fault';
import { arrayInput, rowsInput } from '../inputs';
import { arrayOf, asTable, lineageOf } from '../values';
import { groupNames } from './groups';
import { rolled } from './series';

/** df.groupby(keys)[column].ffill() and the like: rows with a missing key have no value. */
export const executeWithinGroups: Execute<'withinGroups'> = ({ change }, inputs) => {
  const keys = rowsInput(inputs, 0);
  const values = arrayInput(inputs, 1);
  if (!keys.ok) return keys;
  if (!values.ok) return values;
  const { columns, length } = asTable(keys.value);
  const numbers = values.value.tensor.values;
  if (numbers.length !== length) return fault(`There are ${length} keys and ${numbers.length} values.`);
  const groups = new Map<string, number[]>();
  for (const [row, name] of groupNames(columns, length).entries()) {
    const rows = name === null ? undefined : groups.get(name);
    if (rows) rows.push(row);
    else if (name !== null) groups.set(name, [row]);
  }
  const made = new Float64Array(length).fill(NaN);
  for (const rows of groups.values()) {
    const own = changed(
      Float64Array.from(rows, (row) => numbers[row] as number),
      change,
    );
    for (const [i, row] of rows.entries()) made[row] = own[i] as number;
  }
  return ok(arrayOf([length], made, lineageOf(values.value)));
};

function changed(values: Float64Array, change: DataSteps['withinGroups']['change']): Float64Array {
  switch (change.kind) {
    case 'rolling':
      return rolled(values, change);
    case 'cumcount':
      return values.map((_, at) => at);
    case 'cumsum': {
      let sum = 0;
      return values.map((value) => (Number.isNaN(value) ? NaN : (sum += value)));
    }
    case 'forward':
      return carried(values);
    case 'backward':
      return carried(values.toReversed()).toReversed();
  }
}

function carried(values: Float64Array): Float64Array {
  let last = NaN;
  return values.map((value) => (last = Number.isNaN(value) ? last : value));
}

import { ok } from '../base/result';
import { fault, type Outcome } from './fault';
import { toArray, type ArrayValue, type RowsValue, type Value } from './values';

/** Input `at` as a table or an array. */
export function rowsInput(inputs: readonly Value[], at: number): Outcome<RowsValue> {
  const value = inputs[at];
  if (value?.kind === 'array' || value?.kind === 'table') return ok(value);
  return fault(value ? 'This works on an array or a table, not on several results at once.' : 'An argument is missing here.');
}

/** All inputs as tables or arrays. */
export function allRows(inputs: readonly Value[]): Outcome<RowsValue[]> {
  const values: RowsValue[] = [];
  for (const at of inputs.keys()) {
    const value = rowsInput(inputs, at);
    if (!value.ok) return value;
    values.push(value.value);
  }
  return ok(values);
}

/** Input `at` as an array of numbers. */
export function arrayInput(inputs: readonly Value[], at: number): Outcome<ArrayValue> {
  const value = rowsInput(inputs, at);
  return value.ok ? toArray(value.value) : value;
}

/** All inputs as arrays of numbers. */
export function allArrays(inputs: readonly Value[]): Outcome<ArrayValue[]> {
  const values: ArrayValue[] = [];
  for (const at of inputs.keys()) {
    const value = arrayInput(inputs, at);
    if (!value.ok) return value;
    values.push(value.value);
  }
  return ok(values);
}

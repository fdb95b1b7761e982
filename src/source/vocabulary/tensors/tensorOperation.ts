import type { Arguments } from '../../interpret/call';
import type { Array as DataArray } from '../../values/dataValues';
import type { Value } from '../../values/value';

/** An operation on a tensor of the graph or of the data program; `x` is the tensor, the call has the other arguments. */
export interface TensorOperation {
  readonly names: string;
  readonly run: (x: Value, a: Arguments) => Value;
}

/** What torch gives for extremes along an axis: `values` and `indices`. */
export const valuesAndPlaces = (values: Value, places: Value): Value => ({
  kind: 'list',
  form: 'tuple',
  items: [values, places],
  range: null,
  names: ['values', 'indices'],
});

/** The tensor as an array of data, or null when it is one of the graph. */
export const dataOf = (x: Value): DataArray | null => (x.kind === 'array' ? x : null);

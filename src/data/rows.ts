import { arrayOf, lineageOf, sizeOf, type Column, type RowsValue } from './values';

/** The rows of `value` at the positions `order` (each within its length), with their source rows. */
export function takeRows(value: RowsValue, order: Int32Array): RowsValue {
  const lineage = {
    ...lineageOf(value),
    rows: value.rows && value.rows.length >= rowCount(value) ? pick(value.rows, order) : null,
  };
  if (value.kind === 'table') {
    const columns = value.columns.map((column): Column => {
      if (column.type === 'text') return { ...column, values: Array.from(order, (at) => column.values[at] ?? null) };
      return { ...column, values: pick(column.values, order) };
    });
    return { ...value, ...lineage, columns, length: order.length };
  }
  const { shape, values } = value.tensor;
  const rest = shape.slice(1);
  const width = sizeOf(rest);
  const Values = values.constructor as Float64ArrayConstructor;
  const out = new Values(order.length * width) as typeof values;
  if (width === 1) for (let i = 0; i < order.length; i++) out[i] = values[order[i] as number] as number;
  else
    for (let i = 0; i < order.length; i++)
      out.set(values.subarray((order[i] as number) * width, ((order[i] as number) + 1) * width), i * width);
  return arrayOf([order.length, ...rest], out, { ...lineage, boolean: value.boolean, names: value.names });
}

/** Number of rows: the length of the first axis (1 for a scalar). */
export const rowCount = (value: RowsValue): number => (value.kind === 'table' ? value.length : (value.tensor.shape[0] ?? 1));

/** The positions `start`, `start + step`, … of `count` rows. */
export const positions = (count: number, start = 0, step = 1): Int32Array =>
  Int32Array.from({ length: count }, (_, i) => start + i * step);

function pick<T extends Int32Array | Float64Array>(values: T, order: Int32Array): T {
  const out = values instanceof Int32Array ? new Int32Array(order.length) : new Float64Array(order.length);
  for (let i = 0; i < order.length; i++) out[i] = values[order[i] as number] as number;
  return out as T;
}

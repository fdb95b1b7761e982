import { ok } from '../../base/result';
import type { Execute } from '../context';
import { fault, type Outcome } from '../fault';
import { allArrays, allRows, arrayInput, rowsInput } from '../inputs';
import { fittingProduct } from '../memory';
import {
  arrayOf,
  columnNumbers,
  lineageOf,
  noLineage,
  showShape,
  sizeOf,
  type ArrayValue,
  type Column,
  type Lineage,
  type RowsValue,
  type TableValue,
} from '../values';
import { axisOf, insertedAt, removedAt, replacedAt } from './along';

/** To floats, or to integers towards zero. Elements that are no number have no integer. */
export const executeCast: Execute<'cast'> = ({ to }, inputs) => {
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  if (value.value.kind === 'table') return castTable(value.value, to);
  const { shape, values } = value.value.tensor;
  if (to === 'float')
    return ok(withValues(value.value, shape, values instanceof Int32Array ? Float64Array.from(values) : values));
  const missing = values.findIndex((entry) => !Number.isFinite(entry));
  if (missing >= 0)
    return fault(`Element ${missing} is ${values[missing]} and cannot become an integer; drop or fill missing values first.`);
  return ok(withValues(value.value, shape, values instanceof Int32Array ? values : Int32Array.from(values, Math.trunc)));
};

/** Another shape of the same elements; one size may be -1. */
export const executeReshape: Execute<'reshape'> = (settings, inputs, context) => {
  const value = arrayInput(inputs, 0);
  if (!value.ok) return value;
  const shape: number[] = [];
  for (const size of settings.shape) {
    const bound = context.size(size);
    if (!bound.ok) return bound;
    shape.push(bound.value);
  }
  const { values } = value.value.tensor;
  const open = shape.indexOf(-1);
  if (open >= 0) shape[open] = values.length / Math.abs(sizeOf(shape));
  if (sizeOf(shape) !== values.length || shape.some((size) => !Number.isInteger(size) || size < 0)) {
    return fault(`An array of shape ${showShape(value.value.tensor.shape)} cannot be reshaped to ${showShape(shape)}.`);
  }
  return ok(reshaped(value.value, shape));
};

/** A new axis of size 1. */
export const executeUnsqueeze: Execute<'unsqueeze'> = ({ axis }, inputs) => {
  const value = arrayInput(inputs, 0);
  if (!value.ok) return value;
  const { shape } = value.value.tensor;
  const at = axisOf(axis, shape.length + 1);
  return at === null ? noAxis(axis, shape) : ok(reshaped(value.value, insertedAt(shape, at, 1)));
};

/** Without the axes of size 1, or without that one. */
export const executeSqueeze: Execute<'squeeze'> = ({ axis }, inputs) => {
  const value = arrayInput(inputs, 0);
  if (!value.ok) return value;
  const { shape } = value.value.tensor;
  if (axis === null)
    return ok(
      reshaped(
        value.value,
        shape.filter((size) => size !== 1),
      ),
    );
  const at = axisOf(axis, shape.length);
  if (at === null) return noAxis(axis, shape);
  return ok(shape[at] === 1 ? reshaped(value.value, removedAt(shape, at)) : value.value);
};

/** Axes in another order; reversed where none is given. */
export const executeTranspose: Execute<'transpose'> = ({ order }, inputs) => {
  const value = arrayInput(inputs, 0);
  if (!value.ok) return value;
  const { shape, values } = value.value.tensor;
  const rank = shape.length;
  const axes = (order ?? [...shape.keys()].reverse()).map((axis) => axisOf(axis, rank));
  if (axes.length !== rank || new Set(axes).size !== rank || axes.includes(null))
    return fault(`An array of ${rank} axes cannot be transposed by ${showShape(order ?? [])}.`);
  const from = axes as number[];
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const newShape = from.map((axis) => shape[axis] as number);
  const out = values.slice();
  const at = new Array<number>(rank).fill(0);
  for (let to = 0; to < out.length; to++) {
    out[to] = values[
      from.reduce((sum, axis, position) => sum + (strides[axis] as number) * (at[position] as number), 0)
    ] as number;
    for (let axis = rank - 1; axis >= 0; axis--) {
      at[axis] = (at[axis] as number) + 1;
      if ((at[axis] as number) < (newShape[axis] as number)) break;
      at[axis] = 0;
    }
  }
  const lineage = from[0] === 0 ? lineageOf(value.value) : { ...noLineage, pixels: value.value.pixels };
  return ok(
    arrayOf(newShape, out, {
      ...lineage,
      boolean: value.value.boolean,
      names: from.at(-1) === rank - 1 ? value.value.names : null,
    }),
  );
};

/** The axes from start to end (both included) as one. */
export const executeFlatten: Execute<'flatten'> = ({ start, end }, inputs) => {
  const value = arrayInput(inputs, 0);
  if (!value.ok) return value;
  const { shape } = value.value.tensor;
  const first = axisOf(start, shape.length);
  const last = axisOf(end, shape.length);
  if (first === null || last === null || first > last) return noAxis(first === null ? start : end, shape);
  return ok(reshaped(value.value, [...shape.slice(0, first), sizeOf(shape.slice(first, last + 1)), ...shape.slice(last + 1)]));
};

/** Matrix product of arrays with one or two axes. */
export const executeMatmul: Execute<'matmul'> = (_settings, inputs, context) => {
  const a = arrayInput(inputs, 0);
  const b = arrayInput(inputs, 1);
  if (!a.ok) return a;
  if (!b.ok) return b;
  const [left, right] = [a.value.tensor, b.value.tensor];
  if (left.shape.length > 2 || right.shape.length > 2 || left.shape.length * right.shape.length === 0)
    return fault('A matrix product needs arrays of one or two axes.');
  const [m, k] = left.shape.length === 2 ? (left.shape as [number, number]) : [1, left.shape[0] as number];
  const [inner, n] = right.shape.length === 2 ? (right.shape as [number, number]) : [right.shape[0] as number, 1];
  if (k !== inner)
    return fault(
      `A matrix product of shapes ${showShape(left.shape)} and ${showShape(right.shape)} does not fit: ${k} is not ${inner}.`,
    );
  const fits = fittingProduct([m, k, n], context);
  if (!fits.ok) return fits;
  const single = left.values instanceof Float32Array && right.values instanceof Float32Array;
  const out = single ? new Float32Array(m * n) : new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let l = 0; l < k; l++) sum += (left.values[i * k + l] as number) * (right.values[l * n + j] as number);
      out[i * n + j] = sum;
    }
  }
  const shape = [...left.shape.slice(0, -1), ...right.shape.slice(1)];
  return ok(arrayOf(shape, out, left.shape.length === 2 ? lineageOf(a.value) : noLineage));
};

/** Arrays one after the other along an axis; tables by their headers. */
export const executeConcatenate: Execute<'concatenate'> = ({ axis }, inputs) => {
  const values = allRows(inputs);
  if (!values.ok) return values;
  if (values.value.length > 0 && values.value.every((value) => value.kind === 'table'))
    return concatenateTables(values.value as TableValue[], axis);
  const arrays = allArrays(inputs);
  if (!arrays.ok) return arrays;
  const shape = arrays.value[0]?.tensor.shape ?? [];
  const at = axisOf(axis, shape.length);
  if (at === null) return noAxis(axis, shape);
  const odd = arrays.value.find(
    ({ tensor }) =>
      tensor.shape.length !== shape.length || tensor.shape.some((size, other) => other !== at && size !== shape[other]),
  );
  if (odd)
    return fault(`Arrays of shapes ${showShape(shape)} and ${showShape(odd.tensor.shape)} cannot be joined along axis ${axis}.`);
  return ok(joined(arrays.value, at));
};

/** Arrays of one shape along a new axis. */
export const executeStack: Execute<'stack'> = ({ axis }, inputs) => {
  const arrays = allArrays(inputs);
  if (!arrays.ok) return arrays;
  const shape = arrays.value[0]?.tensor.shape ?? [];
  const at = axisOf(axis, shape.length + 1);
  if (at === null) return noAxis(axis, shape);
  const odd = arrays.value.find(({ tensor }) => showShape(tensor.shape) !== showShape(shape));
  if (odd) return fault(`Arrays of shapes ${showShape(shape)} and ${showShape(odd.tensor.shape)} cannot be stacked.`);
  return ok(
    joined(
      arrays.value.map((value) => reshaped(value, insertedAt(shape, at, 1))),
      at,
    ),
  );
};

const noAxis = (axis: number, shape: readonly number[]): Outcome<never> =>
  fault(`An array of shape ${showShape(shape)} has no axis ${axis}.`);

const withValues = (value: ArrayValue, shape: readonly number[], values: ArrayValue['tensor']['values']): ArrayValue => ({
  ...value,
  boolean: false,
  tensor: { shape, values },
});

/** The same elements in another shape; rows keep their sources while their number stays. */
function reshaped(value: ArrayValue, shape: readonly number[]): ArrayValue {
  const sameRows = shape.length > 0 && shape[0] === value.tensor.shape[0];
  const names = shape.at(-1) === value.tensor.shape.at(-1) && shape.length > 1 ? value.names : null;
  return { ...value, rows: sameRows ? value.rows : null, names, tensor: { shape, values: value.tensor.values } };
}

function castTable(table: TableValue, to: 'float' | 'integer'): Outcome<RowsValue> {
  const columns: Column[] = [];
  for (const column of table.columns) {
    const numbers = columnNumbers(column, table.rows);
    if (!numbers.ok) return numbers;
    const missing = to === 'integer' ? numbers.value.findIndex((value) => !Number.isFinite(value)) : -1;
    if (missing >= 0)
      return fault(
        `Column '${column.label}' has ${numbers.value[missing]} in its row ${missing + 1}, which cannot become an integer; drop or fill missing values first.`,
      );
    columns.push({
      label: column.label,
      origin: column.origin,
      type: to,
      values: to === 'integer' ? numbers.value.map(Math.trunc) : numbers.value,
    });
  }
  return ok({ ...table, columns });
}

function joined(arrays: readonly ArrayValue[], axis: number): ArrayValue {
  const [first] = arrays as [ArrayValue];
  const { shape } = first.tensor;
  const total = arrays.reduce((sum, { tensor }) => sum + (tensor.shape[axis] as number), 0);
  const outer = sizeOf(shape.slice(0, axis));
  const inner = sizeOf(shape.slice(axis + 1));
  const out = new Float64Array(outer * total * inner);
  let start = 0;
  for (const { tensor } of arrays) {
    const run = (tensor.shape[axis] as number) * inner;
    for (let o = 0; o < outer; o++) out.set(tensor.values.subarray(o * run, (o + 1) * run), o * total * inner + start);
    start += run;
  }
  const values = arrays.every(({ tensor }) => tensor.values instanceof Int32Array)
    ? Int32Array.from(out)
    : arrays.every(({ tensor }) => tensor.values instanceof Float32Array)
      ? Float32Array.from(out)
      : out;
  const onLastAxis = axis === shape.length - 1 && axis > 0;
  const names = onLastAxis ? joinedNames(arrays) : first.names;
  const lineage = axis === 0 ? stackedLineage(arrays) : lineageOf(arrays.find(({ rows }) => rows) ?? first);
  return arrayOf(replacedAt(shape, axis, total), values, { ...lineage, names, boolean: arrays.every(({ boolean }) => boolean) });
}

function joinedNames(arrays: readonly ArrayValue[]): string[] | null {
  return arrays.every(({ names }) => names) ? arrays.flatMap(({ names }) => names ?? []) : null;
}

function stackedLineage(values: readonly Lineage[]): Lineage {
  const known = values.every(({ rows }) => rows);
  return {
    rows: known ? Int32Array.from(values.flatMap(({ rows }) => [...(rows ?? [])])) : null,
    ofRows: values.reduce((sum, { ofRows }) => sum + ofRows, 0),
    kept: Math.min(...values.map(({ kept }) => kept)),
    pixels: values.some(({ pixels }) => pixels),
  };
}

function concatenateTables(tables: readonly TableValue[], axis: number): Outcome<RowsValue> {
  const [first] = tables as [TableValue];
  if (axis === 1 || axis === -1) {
    const odd = tables.find(({ length }) => length !== first.length);
    if (odd) return fault(`Tables of ${first.length} and ${odd.length} rows cannot be joined side by side.`);
    return ok({ ...first, columns: tables.flatMap(({ columns }) => columns), single: false });
  }
  const labels = first.single ? [null] : [...new Set(tables.flatMap(({ columns }) => columns.map(({ label }) => label)))];
  const columns = labels.map((label) => stackColumn(tables, label));
  const length = tables.reduce((sum, table) => sum + table.length, 0);
  return ok({ kind: 'table', columns, length, single: first.single, ...stackedLineage(tables) });
}

/** One column of tables below each other; where a table lacks it, it is missing. `label` null: their only columns. */
function stackColumn(tables: readonly TableValue[], label: string | number | null): Column {
  const found = tables.map((table) =>
    label === null ? table.columns[0] : table.columns.find((column) => column.label === label),
  );
  const head = found.find((column) => column !== undefined) as Column;
  if (found.some((column) => column?.type === 'text')) {
    const texts = found.flatMap((column, at) => {
      if (!column) return Array<string | null>((tables[at] as TableValue).length).fill(null);
      return column.type === 'text'
        ? [...column.values]
        : Array.from(column.values, (value) => (Number.isNaN(value) ? null : String(value)));
    });
    return { label: head.label, origin: null, type: 'text', values: texts };
  }
  const numbers = found.flatMap((column, at) =>
    column ? [...(column.values as Float64Array)] : Array<number>((tables[at] as TableValue).length).fill(NaN),
  );
  const types = new Set(found.map((column) => column?.type ?? 'float'));
  const type = types.size === 1 ? (head.type as 'float' | 'integer' | 'boolean') : types.has('float') ? 'float' : 'integer';
  return { label: head.label, origin: null, type, values: Float64Array.from(numbers) };
}

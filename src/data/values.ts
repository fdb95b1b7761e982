import { ok } from '../base/result';
import type { Tensor } from '../records/dataset';
import { fault, type Outcome } from './fault';
import type { ScalerName } from '../records/dataSteps';

/** What is known of the rows (first axis) of a value. */
export interface Lineage {
  /** Source row of each row; null when the rows are no longer those of a source. */
  readonly rows: Int32Array | null;
  /** Rows of the source before any bound cut it. */
  readonly ofRows: number;
  /** Share of the source's rows that was kept: 1 unless a bound cut it. */
  readonly kept: number;
  /** True when the numbers are pixels of images. */
  readonly pixels: boolean;
}

/** A file that a column came from, to say where a bad value stands. */
export interface Origin {
  readonly path: string;
  /** Line, from 1, of a source row. */
  readonly lineOf: (row: number) => number;
}

interface ColumnHead {
  /** The header; a number (position in the file) when it has none. */
  readonly label: string | number;
  readonly origin: Origin | null;
  /** The categories of a column of pandas' type `category`, in their order; they may be more than are there. */
  readonly categories?: readonly (string | number)[];
  /** Set where the numbers stand for intervals in pandas. */
  readonly intervals?: true;
}
export interface NumberColumn extends ColumnHead {
  readonly type: 'float' | 'integer' | 'boolean';
  /** Missing values are NaN. */
  readonly values: Float64Array;
}
export interface TextColumn extends ColumnHead {
  readonly type: 'text';
  readonly values: readonly (string | null)[];
}
export type Column = NumberColumn | TextColumn;

/** Named columns, as in pandas: missing values are skipped by statistics. `single`: one column, one-dimensional. */
export interface TableValue extends Lineage {
  readonly kind: 'table';
  readonly columns: readonly Column[];
  readonly length: number;
  readonly single: boolean;
}

/** A dense array, as in NumPy: missing values propagate. */
export interface ArrayValue extends Lineage {
  readonly kind: 'array';
  readonly tensor: Tensor;
  /** Elements are true (1) or false (0): a mask. */
  readonly boolean: boolean;
  /** Headers of the last axis, while they are known. */
  readonly names: readonly string[] | null;
}

/** A fitted scaler: x → (x - offset) / scale + shift per column, or rows to unit length. */
export interface Fit {
  readonly scaler: ScalerName;
  readonly offset: Float64Array;
  readonly scale: Float64Array;
  readonly shift: number;
}

/** The parameters of a fitted scaler. */
export interface FitValue {
  readonly kind: 'fit';
  readonly fit: Fit;
}

/** The results of a step that has several. */
export interface PartsValue {
  readonly kind: 'parts';
  readonly parts: readonly RowsValue[];
}

/** A value with rows. */
export type RowsValue = TableValue | ArrayValue;
/** What a data step gives. Values are never changed in place: the cache and later steps share them. */
export type Value = RowsValue | FitValue | PartsValue;

/** The lineage of values that the script makes itself or whose rows were lost. */
export const noLineage: Lineage = { rows: null, ofRows: 0, kept: 1, pixels: false };

/** The lineage part of `value` alone. */
export const lineageOf = ({ rows, ofRows, kept, pixels }: Lineage): Lineage => ({ rows, ofRows, kept, pixels });

/** A fresh source of `count` rows, whole. */
export const sourceLineage = (count: number, pixels = false): Lineage => ({
  rows: Int32Array.from({ length: count }, (_, row) => row),
  ofRows: count,
  kept: 1,
  pixels,
});

/** An array value; `details` overrides the lineage, names and mask flag, which are none by default. */
export const arrayOf = (
  shape: readonly number[],
  values: Tensor['values'],
  details: Partial<Omit<ArrayValue, 'kind' | 'tensor'>> = {},
): ArrayValue => ({ kind: 'array', tensor: { shape, values }, boolean: false, names: null, ...noLineage, ...details });

/** Number of elements of a shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** The shape that NumPy would show. */
export const shapeOf = (value: RowsValue): readonly number[] =>
  value.kind === 'array' ? value.tensor.shape : value.single ? [value.length] : [value.length, value.columns.length];

/** A column's name as it is shown: its header, or `column 3`. */
export const nameOf = (label: string | number): string => (typeof label === 'string' ? label : `column ${label}`);

/** The largest element; -Infinity when there is none. */
export function largest(values: Tensor['values']): number {
  let most = -Infinity;
  for (const value of values) if (value > most) most = value;
  return most;
}

/** How an array's elements are typed: integer arrays are Int32Array, or booleans. */
export const isInteger = (value: ArrayValue): boolean => value.tensor.values instanceof Int32Array;

/** `shape` as Python prints it. */
export const showShape = (shape: readonly number[]): string => (shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`);

/** Numbers as Int32Array when all are integers that fit, else unchanged. */
export function asIntegers(values: Float64Array): Int32Array | Float64Array {
  const out = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    out[i] = value;
    if (out[i] !== value) return values;
  }
  return out;
}

/** The array of a value: a table's columns side by side. A text column whose texts are not numbers is a fault that names the first. */
export function toArray(value: Value): Outcome<ArrayValue> {
  if (value.kind === 'array') return ok(value);
  if (value.kind !== 'table') return fault('An array or a table is needed here.');
  const width = value.columns.length;
  const flat = new Float64Array(value.length * width);
  for (const [j, column] of value.columns.entries()) {
    const numbers = columnNumbers(column, value.rows);
    if (!numbers.ok) return numbers;
    for (let i = 0; i < value.length; i++) flat[i * width + j] = numbers.value[i] as number;
  }
  const integers = value.columns.every((column) => column.type === 'integer' || column.type === 'boolean');
  return ok({
    ...lineageOf(value),
    kind: 'array',
    tensor: { shape: shapeOf(value), values: integers ? asIntegers(flat) : flat },
    boolean: value.columns.every((column) => column.type === 'boolean'),
    names: value.single ? null : value.columns.map((column) => nameOf(column.label)),
  });
}

/** The numbers of a column; NaN where missing. */
export function columnNumbers(column: Column, rows: Int32Array | null): Outcome<Float64Array> {
  if (column.type !== 'text') return ok(column.values);
  const numbers = new Float64Array(column.values.length);
  for (let i = 0; i < numbers.length; i++) {
    const text = column.values[i] ?? null;
    const number = text === null ? NaN : text.trim() === '' ? NaN : Number(text);
    if (text !== null && Number.isNaN(number)) return textFault(column, rows, i);
    numbers[i] = number;
  }
  return ok(numbers);
}

function textFault(column: TextColumn, rows: Int32Array | null, at: number): Outcome<never> {
  const name = nameOf(column.label);
  const text = column.values[at] ?? '';
  const words = column.values.filter((value) => value !== null && Number.isNaN(Number(value)));
  const row = column.origin && rows ? column.origin.lineOf(rows[at] as number) : at + 1;
  const place = `${column.origin ? fileName(column.origin.path) : 'The data'} row ${row}, column '${name}': '${text}' is not a number`;
  const advice =
    words.length * 2 > column.values.length
      ? 'the column holds words: encode it (LabelEncoder, get_dummies, map) or leave it out'
      : `correct the value, or give it to read_csv as na_values=['${text}'] and drop or fill the row`;
  const file = column.origin ? { file: { path: column.origin.path, row, column: name } } : {};
  return fault(`${place}; ${advice}.`, file);
}

/** The last part of a path, with either kind of separator. */
export const fileName = (path: string): string => path.split(/[\\/]/).pop() ?? path;

/** A table of an array's columns (last axis), or a single column of a one-dimensional one. */
export function toTable(value: ArrayValue, labels: readonly (string | number)[], single: boolean): TableValue {
  const { shape, values } = value.tensor;
  const length = shape[0] ?? 1;
  const width = labels.length;
  const type = value.boolean ? 'boolean' : isInteger(value) ? 'integer' : 'float';
  const columns = labels.map((label, j): NumberColumn => {
    const column = new Float64Array(length);
    for (let i = 0; i < length; i++) column[i] = values[i * width + j] as number;
    return { label, origin: null, type, values: column };
  });
  return { ...lineageOf(value), kind: 'table', columns, length, single };
}

/** What the columns of a value are called: headers, or positions. */
export function labelsOf(value: RowsValue): readonly (string | number)[] {
  if (value.kind === 'table') return value.columns.map((column) => column.label);
  return value.names ?? [...Array(value.tensor.shape.length > 1 ? (value.tensor.shape.at(-1) as number) : 1).keys()];
}

/** A value as a table, as pandas makes one of an array of one or two axes. */
export const asTable = (value: RowsValue): TableValue =>
  value.kind === 'table' ? value : toTable(value, labelsOf(value), value.tensor.shape.length === 1);

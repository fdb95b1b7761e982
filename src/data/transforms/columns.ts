import type { Outcome } from '../fault';
import type { ArrayValue } from '../values';

/** Rows and columns of numbers, row by row. */
export interface Matrix {
  readonly rows: number;
  readonly width: number;
  readonly values: Float64Array;
}

/** What a fitted transformer makes of rows. */
export interface Made {
  readonly width: number;
  readonly values: Float64Array;
}

/** A transformer fitted on `fitted` and applied to `rows`; `labels` belong to the rows that it is fitted on. */
export type Transform<T> = (settings: T, fitted: Matrix, rows: Matrix, labels: Float64Array | null) => Outcome<Made>;

/** The numbers of an array of rows and columns in double precision. */
export const matrixOf = ({ tensor: { shape, values } }: ArrayValue): Matrix => ({
  rows: shape[0] ?? 0,
  width: shape[1] ?? 0,
  values: Float64Array.from(values),
});

/** Column `at`. */
export const columnOf = ({ rows, width, values }: Matrix, at: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, i) => values[i * width + at] as number);

/** The mean of each column. */
export function meansOf({ rows, width, values }: Matrix): Float64Array {
  const means = new Float64Array(width);
  for (let at = 0; at < values.length; at++) means[at % width] = (means[at % width] as number) + (values[at] as number) / rows;
  return means;
}

/** The columns of `rows` at some places. */
export function chosenColumns({ rows, width, values }: Matrix, places: readonly number[]): Made {
  const made = new Float64Array(rows * places.length);
  for (let i = 0; i < rows; i++)
    for (const [j, at] of places.entries()) made[i * places.length + j] = values[i * width + at] as number;
  return { width: places.length, values: made };
}

/** Each entry changed by the function of its column. */
export const eachColumn = ({ width, values }: Matrix, change: readonly ((x: number) => number)[]): Made => ({
  width,
  values: values.map((value, at) => change[at % width]?.(value) ?? value),
});

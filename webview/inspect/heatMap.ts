import type { Box, Size } from './plotBox';

/** Values by row and column. */
export interface HeatMap {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly columnTitle: string;
  /** values[row·columns.length + column]; NaN where there is none yet. Shaded by the logarithm; what is not positive has the lowest shade. */
  readonly values: Float64Array;
  /** Half widths of the values' errors; NaN where none is known. */
  readonly errors: Float64Array;
  readonly low: number;
  readonly high: number;
}

/** Room for the names of rows, by the longest of them. */
export function heatBox({ width, height }: Size, { rows }: Pick<HeatMap, 'rows'>): Box {
  const longest = rows.reduce((most, name) => Math.max(most, name.length), 0);
  const left = Math.min(0.4 * width, 18 + 6.5 * longest);
  return { left, right: Math.max(left + 20, width - 8), top: 4, bottom: Math.max(24, height - 36) };
}

/** Where a value stands between the lowest and the highest, 0…1; null for none. */
export function heightOf({ low, high }: Pick<HeatMap, 'low' | 'high'>, value: number): number | null {
  if (!Number.isFinite(value)) return null;
  if (!(value > 0) || !(high > low)) return value > 0 ? 1 : 0;
  return Math.min(1, Math.max(0, Math.log(value / low) / Math.log(high / low)));
}

import type { DataSteps } from '../../records/dataSteps';

type StatisticName = DataSteps['reduce']['function'];

/** A statistic of some numbers; NaN when one is NaN. `values` may be reordered. */
export function statistic(name: StatisticName, values: Float64Array, correction: number): number {
  switch (name) {
    case 'sum':
      return sum(values);
    case 'mean':
      return sum(values) / values.length;
    case 'min':
      return values.length === 0 ? NaN : extreme(values, (a, b) => a < b);
    case 'max':
      return values.length === 0 ? NaN : extreme(values, (a, b) => a > b);
    case 'var':
      return variance(values, correction);
    case 'std':
      return Math.sqrt(variance(values, correction));
    case 'product':
      return values.reduce((product, value) => product * value, 1);
    case 'argMax':
      return placeOf(values, (a, b) => a > b);
    case 'argMin':
      return placeOf(values, (a, b) => a < b);
    case 'median':
      return values.some(Number.isNaN) ? NaN : middle(values.sort());
  }
}

/** The middle of sorted numbers: the mean of both where their count is even. */
export const middle = (sorted: Float64Array): number => quantile(sorted, 0.5);

/** The quantile `q` of sorted numbers, linear between neighbours as NumPy's default. */
export function quantile(sorted: Float64Array, q: number): number {
  if (sorted.length === 0) return NaN;
  const place = q * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (high - low) * (place - below);
}

/** Sum of squared distances from the mean over n - correction; NaN when that is not positive. */
export function variance(values: Float64Array, correction: number): number {
  const mean = sum(values) / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  const divisor = values.length - correction;
  return divisor > 0 ? squares / divisor : NaN;
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** The place of the first extreme; that of a NaN where there is one, as NumPy and PyTorch have it. */
function placeOf(values: Float64Array, better: (a: number, b: number) => boolean): number {
  const missing = values.findIndex(Number.isNaN);
  if (missing >= 0 || values.length === 0) return missing;
  return values.indexOf(extreme(values, better));
}

function extreme(values: Float64Array, better: (a: number, b: number) => boolean): number {
  let best = values[0] as number;
  for (const value of values) {
    if (Number.isNaN(value)) return NaN;
    if (better(value, best)) best = value;
  }
  return best;
}

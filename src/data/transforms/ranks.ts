import { ok } from '../../base/result';
import type { ColumnTransform } from '../../records/columnTransforms';
import { fault } from '../fault';
import { columnOf, eachColumn, type Transform } from './columns';
import { normalQuantile } from './normal';

/** scikit-learn draws so many rows of larger tables, not those that are drawn here. */
const mostRows = 10_000;
/** What counts as outside of the quantiles for normal numbers. */
const margin = 1e-7;

/** QuantileTransformer: which share of the rows it is fitted on lies below. */
export const ranks: Transform<Extract<ColumnTransform, { form: 'ranks' }>> = ({ count, normal }, fitted, rows) => {
  if (fitted.rows > mostRows)
    return fault(`QuantileTransformer draws ${mostRows} of ${fitted.rows} rows by chance: these quantiles are not known here.`);
  const places = Math.min(count, fitted.rows);
  const shares = Array.from({ length: places }, (_, i) => (i === places - 1 ? 1 : i * (1 / (places - 1))));
  const changes = Array.from({ length: fitted.width }, (_, at) => {
    const sorted = columnOf(fitted, at)
      .filter((value) => !Number.isNaN(value))
      .sort();
    const quantiles = rising(shares.map((share) => percentile(sorted, share * 100)));
    return (x: number): number => {
      const share = shareBelow(x, quantiles, shares, normal ? margin : 0);
      return normal ? normalNumber(share) : share;
    };
  });
  return ok(eachColumn(rows, changes));
};

/**
 * NumPy's percentile with its very rounding: whether an entry that comes several times is above, at or below its quantiles
 * hangs on the last bit.
 */
function percentile(sorted: Float64Array, percent: number): number {
  const place = (sorted.length - 1) * (percent / 100);
  const below = Math.floor(place);
  const [a, b] = [sorted[below] as number, sorted[Math.min(below + 1, sorted.length - 1)] as number];
  const part = place - below;
  return part >= 0.5 ? b - (b - a) * (1 - part) : a + (b - a) * part;
}

/** Numbers that never fall. */
function rising(values: readonly number[]): readonly number[] {
  let most = -Infinity;
  return values.map((value) => (most = Math.max(most, value)));
}

function shareBelow(x: number, quantiles: readonly number[], shares: readonly number[], beside: number): number {
  if (Number.isNaN(x)) return x;
  const [low, high] = [quantiles[0] as number, quantiles.at(-1) as number];
  if (beside === 0 ? x === low : x - beside < low) return 0;
  if (beside === 0 ? x === high : x + beside > high) return 1;
  // Of equal quantiles the mean of the first and the last counts.
  return (upwards(x, quantiles, shares, false) + upwards(x, quantiles, shares, true)) / 2;
}

/** Linear between two quantiles; at several equal ones the share of the last, or of the first. */
function upwards(x: number, quantiles: readonly number[], shares: readonly number[], first: boolean): number {
  let [low, high] = [0, quantiles.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = quantiles[middle] as number;
    if (first ? value < x : value <= x) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return shares[0] as number;
  if (low === quantiles.length) return shares.at(-1) as number;
  const [a, b] = [quantiles[low - 1] as number, quantiles[low] as number];
  const [from, to] = [shares[low - 1] as number, shares[low] as number];
  return from + ((to - from) * (x - a)) / (b - a);
}

/** The normal number with a share below it, within scikit-learn's bounds. */
function normalNumber(share: number): number {
  const least = normalQuantile(margin - Number.EPSILON);
  const most = normalQuantile(1 - (margin - Number.EPSILON));
  if (share <= 0) return least;
  return share >= 1 ? most : Math.min(Math.max(normalQuantile(share), least), most);
}

import { errorQuantities, type Measurements, type Quantity, type QuantityName, type Series } from '../records/measurement';

/** Reading of measured series: pairs of step and value in which values that are not finite are left out. */
export interface Reading {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

const nothing: Reading = { steps: [], values: [] };

/** The finite points of a quantity; empty when it was not measured. */
export function read(measurements: Measurements, quantity: Quantity): Reading {
  const series = measurements[quantity];
  return series === undefined ? nothing : finite(series);
}

function finite(series: Series): Reading {
  const steps: number[] = [];
  const values: number[] = [];
  series.values.forEach((value: number, i: number) => {
    if (!Number.isFinite(value)) return;
    steps.push(series.steps[i] ?? i);
    values.push(value);
  });
  return { steps, values };
}

/** Every layer or parameter for which `quantity` was measured, with its points, in the order of measurement. */
export function readEach(
  measurements: Measurements,
  quantity: QuantityName,
): readonly { readonly name: string; readonly reading: Reading }[] {
  const prefix = `${quantity}/`;
  return Object.keys(measurements)
    .filter((key) => key.startsWith(prefix))
    .map((key) => ({ name: key.slice(prefix.length), reading: read(measurements, key as Quantity) }))
    .filter(({ reading }) => reading.values.length > 0);
}

export const first = (reading: Reading): number | undefined => reading.values[0];
export const last = (reading: Reading): number | undefined => reading.values.at(-1);
export const lastStep = (reading: Reading): number => reading.steps.at(-1) ?? 0;

/** The value in force at `step`: the last one measured at or before it. */
export function valueAt(reading: Reading, step: number): number | undefined {
  let value: number | undefined;
  for (let i = 0; i < reading.steps.length && (reading.steps[i] as number) <= step; i++) value = reading.values[i];
  return value;
}

/** Half width of the 95 % interval of what was measured at `step`; undefined where it is measured outright, or nothing is known of it. */
export function errorAt(measurements: Measurements, quantity: string, step: number): number | undefined {
  const name = errorQuantities[quantity as QuantityName];
  if (name === undefined) return undefined;
  const errors = read(measurements, name);
  return errors.values[errors.steps.indexOf(step)];
}

/** Points with `from` ≤ step ≤ `to`. */
export function between(reading: Reading, from: number, to: number): Reading {
  const kept = reading.steps
    .map((step, i) => ({ step, value: reading.values[i] as number }))
    .filter(({ step }) => step >= from && step <= to);
  return { steps: kept.map(({ step }) => step), values: kept.map(({ value }) => value) };
}

/** The last `share` of the steps that were measured. */
export function tail(reading: Reading, share: number): Reading {
  const start = reading.steps[0] ?? 0;
  const end = lastStep(reading);
  return between(reading, end - share * (end - start), end);
}

/** Median; NaN of nothing. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** At most `count` points, evenly spaced, with both ends: keeps quadratic estimators cheap. */
export function thin(reading: Reading, count: number): Reading {
  const n = reading.values.length;
  if (n <= count) return reading;
  const picks = Array.from({ length: count }, (_, i) => Math.round((i * (n - 1)) / (count - 1)));
  return { steps: picks.map((i) => reading.steps[i] as number), values: picks.map((i) => reading.values[i] as number) };
}

/** Slope per step, the median over all pairs (Theil 1950, Sen 1968); NaN below two points. */
export function theilSen(reading: Reading): number {
  const { steps, values } = thin(reading, 200);
  const slopes: number[] = [];
  for (let i = 0; i < values.length; i++)
    for (let j = i + 1; j < values.length; j++) {
      const span = (steps[j] as number) - (steps[i] as number);
      if (span > 0) slopes.push(((values[j] as number) - (values[i] as number)) / span);
    }
  return median(slopes);
}

/**
 * Mann-Kendall's Z (Mann 1945, Kendall 1975), with its correction for ties: below -1.64 the series falls at
 * p .05 one-sided, above 1.64 it rises. 0 below four points.
 */
export function mannKendall(reading: Reading): number {
  const { values } = thin(reading, 200);
  const n = values.length;
  if (n < 4) return 0;
  let score = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) score += Math.sign((values[j] as number) - (values[i] as number));
  const ties = new Map<number, number>();
  for (const value of values) ties.set(value, (ties.get(value) ?? 0) + 1);
  let variance = n * (n - 1) * (2 * n + 5);
  for (const count of ties.values()) variance -= count * (count - 1) * (2 * count + 5);
  return variance <= 0 || score === 0 ? 0 : (score - Math.sign(score)) / Math.sqrt(variance / 18);
}

/** Running median over `window` points (odd), shortened at the ends. */
export function smooth(values: readonly number[], window: number): number[] {
  const half = window >> 1;
  return values.map((_, i) => median(values.slice(Math.max(0, i - half), i + half + 1)));
}

/** Share of the changes that turn round: 0 for a monotone series, 1 for a zigzag, 2/3 for independent noise. */
export function turningShare(values: readonly number[]): number {
  let turns = 0;
  let counted = 0;
  for (let i = 2; i < values.length; i++) {
    const before = (values[i - 1] as number) - (values[i - 2] as number);
    const after = (values[i] as number) - (values[i - 1] as number);
    if (before === 0 || after === 0) continue;
    counted++;
    if (before * after < 0) turns++;
  }
  return counted === 0 ? 0 : turns / counted;
}

/** Median absolute deviation from the running median over 5 points, relative to the median level: how much a series swings. */
export function swing(values: readonly number[]): number {
  const level = median(values);
  const centre = smooth(values, 5);
  const deviation = median(values.map((value, i) => Math.abs(value - (centre[i] as number))));
  return level === 0 ? 0 : deviation / Math.abs(level);
}

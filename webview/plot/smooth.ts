import type { Smoothing } from '../navigation';

/** Number of values that are averaged: the person's choice, or about a fiftieth of all, odd, from a short list so that it seldom changes. */
export function windowOf(smoothing: Smoothing, length: number): number {
  if (smoothing !== 'auto') return Math.max(1, Math.round(smoothing));
  const wanted = length / 50;
  let window = 1;
  for (const candidate of [5, 11, 21, 51, 101, 201, 501]) if (candidate <= wanted) window = candidate;
  return window;
}

/**
 * Mean over `window` values around each one; near an end, where the window cannot be centred, the straight line fitted
 * to it (Savitzky and Golay 1964, degree 1), so that neither noise nor a bent slope shows there. It never reaches over a
 * value that is not finite: such a place stays a gap, and what comes before a divergence is not mixed with what follows.
 */
export function smooth(values: Float64Array, window: number): Float64Array {
  const result = new Float64Array(values.length).fill(NaN);
  let start = 0;
  while (start < values.length) {
    if (!Number.isFinite(values[start])) {
      start++;
      continue;
    }
    let end = start;
    while (end < values.length && Number.isFinite(values[end])) end++;
    smoothRun(values.subarray(start, end), result.subarray(start, end), Math.min(window, end - start));
    start = end;
  }
  return result;
}

/** Smooths values that are all finite. Sums are taken of differences from the first one, which keeps rounding small. */
function smoothRun(values: Float64Array, result: Float64Array, window: number): void {
  const { length } = values;
  const origin = values[0] as number;
  const sums = new Float64Array(length + 1);
  const moments = new Float64Array(length + 1);
  for (let i = 0; i < length; i++) {
    const difference = (values[i] as number) - origin;
    sums[i + 1] = (sums[i] as number) + difference;
    moments[i + 1] = (moments[i] as number) + i * difference;
  }
  const spread = (window * (window * window - 1)) / 12;
  for (let i = 0; i < length; i++) {
    const from = Math.min(Math.max(0, i - Math.floor((window - 1) / 2)), length - window);
    const centre = from + (window - 1) / 2;
    const sum = (sums[from + window] as number) - (sums[from] as number);
    const moment = (moments[from + window] as number) - (moments[from] as number) - centre * sum;
    const slope = i === centre || spread === 0 ? 0 : moment / spread;
    result[i] = origin + sum / window + slope * (i - centre);
  }
}

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
 * Centred mean over `window` values. It never reaches over a value that is not finite: such a place stays a gap,
 * and what comes before a divergence is not mixed with what comes after. Near ends and gaps the window is shorter
 * on both sides alike, so that a slope is not bent.
 */
export function smooth(values: Float64Array, window: number): Float64Array {
  const result = new Float64Array(values.length).fill(NaN);
  const reach = Math.floor((window - 1) / 2);
  let start = 0;
  while (start < values.length) {
    if (!Number.isFinite(values[start])) {
      start++;
      continue;
    }
    let end = start;
    while (end < values.length && Number.isFinite(values[end])) end++;
    smoothRun(values, result, start, end, reach);
    start = end;
  }
  return result;
}

function smoothRun(values: Float64Array, result: Float64Array, start: number, end: number, reach: number): void {
  // Sums of the window are moved along by differences from the run's first value, which keeps rounding small.
  const origin = values[start] as number;
  const sums = new Float64Array(end - start + 1);
  for (let i = start; i < end; i++) sums[i - start + 1] = (sums[i - start] as number) + ((values[i] as number) - origin);
  for (let i = start; i < end; i++) {
    const half = Math.min(reach, i - start, end - 1 - i);
    const total = (sums[i + half + 1 - start] as number) - (sums[i - half - start] as number);
    result[i] = half === 0 ? (values[i] as number) : origin + total / (2 * half + 1);
  }
}

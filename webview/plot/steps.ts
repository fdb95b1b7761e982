import type { Quantity } from '../../src/records/measurement';
import type { Column } from '../columns';
import type { Trace } from '../figures/figure';
import { roundStep } from './scale';

/**
 * Steps that all figures share: from the first to the last measured one, or the part that was chosen. While the run
 * goes on the end is rounded up, so that the axis grows in strides and the lines do not creep.
 */
export function stepRange(
  columns: ReadonlyMap<Quantity, Column>,
  growing: boolean,
  chosen: readonly [number, number] | null,
): readonly [number, number] {
  if (chosen) return chosen;
  let first = Infinity;
  let last = -Infinity;
  for (const { steps } of columns.values()) {
    if (steps.length === 0) continue;
    first = Math.min(first, steps[0] as number);
    last = Math.max(last, steps[steps.length - 1] as number);
  }
  if (first > last) return [0, 1];
  // A run starts at step 0 or 1; either way its axis starts at zero.
  const start = first <= 1 ? 0 : first;
  if (!growing) return [start, Math.max(last, start + 1)];
  const stride = Math.max(1, roundStep(Math.max(10, last - start), 5));
  return [start, start + Math.ceil((last - start + 1) / stride) * stride];
}

/** All steps at which any of the traces has a value, ascending: the stops of the cursor. */
export function stopsOf(traces: readonly Trace[]): Float64Array {
  const stops = new Set<number>();
  for (const { steps } of traces) for (const step of steps) stops.add(step);
  return Float64Array.from(stops).sort();
}

/** The stop nearest to `step`; null when there is none. */
export function nearestStop(stops: Float64Array, step: number): number | null {
  let best: number | null = null;
  let low = 0;
  let high = stops.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((stops[middle] as number) < step) low = middle + 1;
    else high = middle;
  }
  for (const index of [low - 1, low]) {
    const stop = stops[index];
    if (stop !== undefined && (best === null || Math.abs(stop - step) < Math.abs(best - step))) best = stop;
  }
  return best;
}

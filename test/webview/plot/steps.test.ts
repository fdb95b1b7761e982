import { describe, expect, it } from 'vitest';
import type { Quantity } from '../../../src/records/measurement';
import { appendColumn, type Column } from '../../../webview/columns';
import { nearestStop, stepRange } from '../../../webview/plot/steps';

const columns = (...last: number[]): Map<Quantity, Column> =>
  new Map(
    last.map((step, index) => [
      `dead/${index}` as Quantity,
      appendColumn(undefined, Float64Array.of(0, step), Float64Array.of(1, 1)),
    ]),
  );

describe('the axis of steps', () => {
  it('spans all figures', () => {
    expect(stepRange(columns(600, 512), false, null)).toEqual([0, 600]);
  });

  it('grows in strides while the run goes on', () => {
    const ends = Array.from({ length: 400 }, (_, step) => stepRange(columns(step), true, null)[1]);
    expect(ends.every((end, step) => end > step)).toBe(true);
    expect(new Set(ends).size).toBeLessThan(25);
  });

  it('is the part that was chosen', () => {
    expect(stepRange(columns(600), true, [20, 40])).toEqual([20, 40]);
  });

  it('is never empty', () => {
    expect(stepRange(new Map(), false, null)).toEqual([0, 1]);
    expect(stepRange(columns(0), false, null)).toEqual([0, 1]);
  });
});

it('finds the nearest stop of the cursor', () => {
  const stops = Float64Array.of(0, 1, 2, 4, 8);
  expect([-5, 0.4, 0.6, 3.5, 5, 7, 99].map((step) => nearestStop(stops, step))).toEqual([0, 0, 1, 4, 4, 8, 8]);
  expect(nearestStop(new Float64Array(0), 3)).toBeNull();
});

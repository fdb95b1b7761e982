import { indexAtOrBefore } from '../columns';
import type { Scale } from './scale';

/** A place in positions of the two axes; `y` is NaN at a gap. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The part of the plane that is drawn, in positions. */
export interface Frame {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/**
 * The points to draw for a series: of each column of pixels its smallest and largest value, in their order, so that
 * no spike is lost and no more than two points a pixel are drawn. Where a value cannot be drawn stands a gap. Points just
 * outside of the frame are kept, one on each side, so that the line runs to its edge.
 */
export function decimate(
  steps: Float64Array,
  values: Float64Array,
  xScale: Scale,
  yScale: Scale,
  frame: Frame,
  pixels: number,
): Point[] {
  const [left, right] = frame.x;
  const width = (right - left) / Math.max(1, pixels);
  const from = Math.max(0, indexAtOrBefore(steps, xScale.inverse(left)));
  const to = Math.min(steps.length, indexAtOrBefore(steps, xScale.inverse(right)) + 2);
  // Both scales rise, so extremes are sought among the values and only they are put into positions.
  const lowest = yScale.kind === 'log' ? 0 : -Infinity;
  const points: Point[] = [];
  const push = (at: number): void => {
    points.push({ x: xScale.forward(steps[at] as number), y: inside(yScale.forward(values[at] as number), frame.y) });
  };
  let low = -1;
  let high = -1;
  let columnEnd = -Infinity;
  const flush = (): void => {
    if (low < 0) return;
    push(Math.min(low, high));
    if (low !== high) push(Math.max(low, high));
    low = high = -1;
  };
  let gap = true;
  for (let i = from; i < to; i++) {
    const value = values[i] as number;
    const step = steps[i] as number;
    if (!(value > lowest && value < Infinity)) {
      flush();
      if (!gap) points.push({ x: xScale.forward(step), y: NaN });
      gap = true;
      continue;
    }
    gap = false;
    if (step >= columnEnd) {
      flush();
      columnEnd = xScale.inverse(left + (Math.floor((xScale.forward(step) - left) / width) + 1) * width);
    }
    if (low < 0 || value < (values[low] as number)) low = i;
    if (high < 0 || value > (values[high] as number)) high = i;
  }
  flush();
  return points;
}

/** Far values end one height outside of the frame: a canvas has no room for 1e300. */
function inside(y: number, [low, high]: readonly [number, number]): number {
  const height = high - low || 1;
  return Math.min(high + height, Math.max(low - height, y));
}

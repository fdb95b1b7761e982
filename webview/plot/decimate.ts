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
  const points: Point[] = [];
  const [left, right] = frame.x;
  const width = (right - left) / Math.max(1, pixels);
  let before: Point | null = null;
  let bucket = NaN;
  let low: Point | null = null;
  let high: Point | null = null;
  let gap = false;
  const flush = (): void => {
    if (low === null || high === null) return;
    if (low === high) points.push(low);
    else points.push(...(low.x <= high.x ? [low, high] : [high, low]));
    low = high = null;
  };
  for (let i = 0; i < steps.length; i++) {
    const x = xScale.forward(steps[i] as number);
    if (Number.isNaN(x)) continue;
    const y = yScale.forward(values[i] as number);
    if (!Number.isFinite(y)) {
      flush();
      bucket = NaN;
      if (!gap && (points.length > 0 || before)) points.push({ x, y: NaN });
      gap = true;
      before = null;
      continue;
    }
    gap = false;
    const point = { x, y: inside(y, frame.y) };
    if (x < left) {
      before = point;
      continue;
    }
    if (before) {
      points.push(before);
      before = null;
    }
    if (x > right) {
      flush();
      points.push(point);
      return points;
    }
    const column = Math.floor((x - left) / width);
    if (column !== bucket) flush();
    bucket = column;
    if (low === null || y < low.y) low = point;
    if (high === null || y > high.y) high = point;
  }
  flush();
  return points;
}

/** Far values end one height outside of the frame: a canvas has no room for 1e300. */
function inside(y: number, [low, high]: readonly [number, number]): number {
  const height = high - low || 1;
  return Math.min(high + height, Math.max(low - height, y));
}

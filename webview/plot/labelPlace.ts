/** A point of a line, in pixels; y grows downwards. */
export interface PixelPoint {
  readonly x: number;
  readonly y: number;
}

/** Least height in pixels that a word above a line needs. */
const leastRoom = 18;

/**
 * Where a word `width` wide stands clear above a line: the leftmost place under which the line leaves room below `top`.
 * A line that dips at a single point does not pull the word down there. Null when there is no such place.
 */
export function labelPlace(points: readonly PixelPoint[], top: number, width: number): PixelPoint | null {
  const last = points[points.length - 1];
  if (!last) return null;
  for (const { x } of points) {
    if (x + width > last.x) break;
    const y = highestWithin(points, x, x + width);
    if (y - top >= leastRoom) return { x, y };
  }
  return null;
}

/** The highest place (least y) of the line between two uprights, its slanting parts included. */
function highestWithin(points: readonly PixelPoint[], left: number, right: number): number {
  let highest = Infinity;
  for (let i = 0; i < points.length; i++) {
    const here = points[i] as PixelPoint;
    if (here.x >= left && here.x <= right) highest = Math.min(highest, here.y);
    const next = points[i + 1];
    if (!next || next.x <= here.x) continue;
    for (const edge of [left, right]) {
      if (edge <= here.x || edge >= next.x) continue;
      highest = Math.min(highest, here.y + ((next.y - here.y) * (edge - here.x)) / (next.x - here.x));
    }
  }
  return highest;
}

/** A point of a line, in pixels; y grows downwards. */
export interface PixelPoint {
  readonly x: number;
  readonly y: number;
}

/** Least height in pixels that a word above a line needs. */
const leastRoom = 18;

/**
 * Where a word `width` wide stands clear above a line: the leftmost place under which the line leaves room below `top` and which none of
 * the `others` crosses; where each is crossed, the leftmost with room. A line that dips at a single point does not pull the word down
 * there. Null when there is no such place.
 */
export function labelPlace(
  points: readonly PixelPoint[],
  top: number,
  width: number,
  others: readonly (readonly PixelPoint[])[] = [],
): PixelPoint | null {
  const last = points[points.length - 1];
  if (!last) return null;
  let crossed: PixelPoint | null = null;
  for (const { x } of points) {
    if (x + width > last.x) break;
    const { highest: y } = extentWithin(points, x, x + width);
    if (y - top < leastRoom) continue;
    const isClear = others.every((other) => {
      const { highest, lowest } = extentWithin(other, x, x + width);
      return lowest < y - leastRoom || highest > y;
    });
    if (isClear) return { x, y };
    crossed ??= { x, y };
  }
  return crossed;
}

/** The highest and the lowest place (least and largest y) of the line between two uprights, its slanting parts included. */
function extentWithin(points: readonly PixelPoint[], left: number, right: number): { highest: number; lowest: number } {
  let [highest, lowest] = [Infinity, -Infinity];
  const reach = (y: number): void => {
    highest = Math.min(highest, y);
    lowest = Math.max(lowest, y);
  };
  for (let i = 0; i < points.length; i++) {
    const here = points[i] as PixelPoint;
    if (here.x >= left && here.x <= right) reach(here.y);
    const next = points[i + 1];
    if (!next || next.x <= here.x) continue;
    for (const edge of [left, right]) {
      if (edge > here.x && edge < next.x) reach(here.y + ((next.y - here.y) * (edge - here.x)) / (next.x - here.x));
    }
  }
  return { highest, lowest };
}

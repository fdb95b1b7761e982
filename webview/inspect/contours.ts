import type { InspectedSurface } from '../../src/records/inspection/surface';
import { linearScale, logScale, type Scale } from '../plot/scale';

/** A piece of a contour, from (x1, y1) to (x2, y2), in grid places (column, row). */
export type Segment = readonly [x1: number, y1: number, x2: number, y2: number];

/**
 * The pieces of the line on which a grid has the value `level`, by marching squares (Lorensen and Cline 1987, in the plane): values
 * lie between neighbours as on a straight line. Squares with a corner that is not finite have none. Where the line crosses all four
 * sides, the mean of the corners decides which belong together.
 */
export function contour(values: ArrayLike<number>, columns: number, rows: number, level: number): Segment[] {
  const segments: Segment[] = [];
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const at = row * columns + column;
      const corners = [values[at], values[at + 1], values[at + columns + 1], values[at + columns]] as number[];
      if (corners.every(Number.isFinite)) segments.push(...square(corners, column, row, level));
    }
  }
  return segments;
}

/** Corners of a square in order round it, as offsets. */
const places: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

function square(corners: readonly number[], column: number, row: number, level: number): Segment[] {
  const above = corners.map((value) => value >= level);
  const crossings = places.flatMap((_, side) => {
    const next = (side + 1) % 4;
    return above[side] === above[next] ? [] : [{ side, point: crossing(corners, side, next, column, row, level) }];
  });
  const [a, b, c, d] = crossings.map(({ point }) => point);
  if (!a || !b) return [];
  if (!c || !d) return [[...a, ...b]];
  const middle = corners.reduce((sum, value) => sum + value / 4, 0) >= level;
  // The middle belongs to the corners on its own side: the line cuts off the other two.
  return middle === above[1]
    ? [
        [...d, ...a],
        [...b, ...c],
      ]
    : [
        [...a, ...b],
        [...c, ...d],
      ];
}

function crossing(
  corners: readonly number[],
  from: number,
  to: number,
  column: number,
  row: number,
  level: number,
): readonly [number, number] {
  const [start, end] = [corners[from] as number, corners[to] as number];
  const share = (level - start) / (end - start);
  const [x0, y0] = places[from] as readonly [number, number];
  const [x1, y1] = places[to] as readonly [number, number];
  return [column + x0 + share * (x1 - x0), row + y0 + share * (y1 - y0)];
}

/** How a surface's losses are told apart: logarithmically where they span much, in even steps of that. */
export interface Relief {
  readonly scale: Scale;
  readonly low: number;
  readonly high: number;
  /** Losses at which contours are drawn, ascending. */
  readonly levels: readonly number[];
}

/** Differences of the losses over their size that are rounding. */
const levelness = 1e-6;

/** Null when no loss is finite. Few enormous losses at the edge do not press the rest together: above ten times the 90 % point all look alike. */
export function reliefOf({ losses }: Pick<InspectedSurface, 'losses'>, wanted = 14): Relief | null {
  const finite = Array.from(losses)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const low = finite[0];
  const usual = finite[Math.floor(0.9 * (finite.length - 1))];
  const top = finite[finite.length - 1];
  if (low === undefined || usual === undefined || top === undefined) return null;
  const high = Math.min(top, usual + 9 * (usual - low) || top);
  // Single precision tells no more apart: a level plane is not to look like an archipelago.
  if (high - low <= levelness * Math.max(Math.abs(low), Math.abs(high))) return { scale: linearScale, low, high, levels: [] };
  const scale = low > 0 && high > 20 * low ? logScale : linearScale;
  const [from, to] = [scale.forward(low), scale.forward(high)];
  const levels = Array.from({ length: wanted }, (_, i) => scale.inverse(from + ((i + 0.5) / wanted) * (to - from)));
  return { scale, low, high, levels: high > low ? levels : [] };
}

/** Where a loss stands in the relief, 0…1; not finite counts as the top, and all of a level plane as its middle. */
export function heightIn({ scale, low, high, levels }: Relief, loss: number): number {
  if (levels.length === 0 && Number.isFinite(loss)) return 0.5;
  const [from, to] = [scale.forward(low), scale.forward(high)];
  const at = scale.forward(loss);
  return Number.isFinite(at) && to > from ? Math.min(1, Math.max(0, (at - from) / (to - from))) : to > from ? 1 : 0;
}

import type { InspectedSurface } from '../../src/records/inspection/surface';
import { colourOf, dashesOf, withAlpha, type Theme } from '../colours';
import type { DrawnWay } from '../inspect/drawing';
import { formatNumber } from '../format';
import { heightIn, type Relief } from '../inspect/contours';
import { linearScale } from '../plot/scale';
import { interpolate } from '../play/interpolation';
import { projectionOf, type Projection } from '../play/projection';
import { paintWay } from './paintWay';
import type { Paper } from './paper';
import { shade } from './paintSurface';

/** Squares that the surface is painted in, each way, at most. */
const mostSquares = 40;

/** Paints the loss over a plane as a surface in space, seen from `turn` (radians) around, the optimizers' ways lying on it. */
export function paintRelief(
  paper: Paper,
  surface: InspectedSurface,
  ways: readonly DrawnWay[],
  logarithmic: Relief,
  turn: number,
  theme: Theme,
): void {
  const { context } = paper;
  const projection = projectionOf(paper, turn);
  // True to shape, unlike contours, which may be logarithmic; what is higher than the relief is cut off.
  const relief = { ...logarithmic, scale: linearScale };
  context.font = `11px ${theme.fontFamily}`;
  paintFoot(paper, surface, projection, theme);
  paintSquares(paper, surface, relief, projection, theme);
  ways.forEach((way, index) => {
    const at = (i: number): readonly [number, number] => {
      const [x, y] = [way.x[i] as number, way.y[i] as number];
      const [u, v] = inUnits(surface, x, y);
      return projection(u, v, heightIn(relief, way.losses[i] as number));
    };
    paintWay(context, way.x.length, at, colourOf(way.hue, theme), dashesOf(way.dash, index, theme));
  });
}

/** A place of the plane in -1 … 1 both ways. */
function inUnits({ xs, ys }: InspectedSurface, x: number, y: number): [number, number] {
  const part = (axis: Float64Array, value: number): number => {
    const [low, high] = [axis[0] as number, axis[axis.length - 1] as number];
    return (2 * (value - low)) / (high - low) - 1;
  };
  return [part(xs, x), part(ys, y)];
}

/** The farthest squares first: nearer ones cover them. */
function paintSquares({ context }: Paper, surface: InspectedSurface, relief: Relief, projection: Projection, theme: Theme): void {
  const { xs, ys } = surface;
  const count = Math.min(mostSquares, xs.length - 1, ys.length - 1);
  const heights: number[] = [];
  for (let row = 0; row <= count; row++)
    for (let column = 0; column <= count; column++) heights.push(heightAt(surface, relief, column / count, row / count));
  const height = (column: number, row: number): number => heights[row * (count + 1) + column] as number;
  const squares = Array.from({ length: count * count }, (_, i) => {
    const [column, row] = [i % count, Math.floor(i / count)];
    const corners = [
      [column, row],
      [column + 1, row],
      [column + 1, row + 1],
      [column, row + 1],
    ] as const;
    const middle = corners.reduce((sum, [c, r]) => sum + height(c, r) / 4, 0);
    const points = corners.map(([c, r]) => projection((2 * c) / count - 1, (2 * r) / count - 1, height(c, r)));
    return { points, middle, depth: projection.depth((2 * (column + 0.5)) / count - 1, (2 * (row + 0.5)) / count - 1) };
  });
  squares.sort((a, b) => b.depth - a.depth);
  context.lineWidth = 0.75;
  context.strokeStyle = withAlpha(theme.highContrast ? theme.text : theme.hues.blue, theme.highContrast ? 0.9 : 0.45);
  for (const { points, middle } of squares) {
    context.fillStyle = theme.highContrast ? theme.background : shade(middle, theme);
    context.beginPath();
    points.forEach(([x, y], i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
    context.closePath();
    context.fill();
    context.stroke();
  }
}

function heightAt(surface: InspectedSurface, relief: Relief, u: number, v: number): number {
  const { xs, ys } = surface;
  const place = (axis: Float64Array, share: number): number => {
    const [low, high] = [axis[0] as number, axis[axis.length - 1] as number];
    return low + share * (high - low);
  };
  const loss = interpolate(surface, place(xs, u), place(ys, v))?.loss;
  return heightIn(relief, loss ?? NaN);
}

/** Room that a line of text takes, in pixels. */
const lineHeight = 13;

/** The frame on the ground with the names of its sides and their ends. */
function paintFoot(
  { context, width }: Paper,
  { xs, ys, xTitle, yTitle }: InspectedSurface,
  projection: Projection,
  theme: Theme,
): void {
  const corners = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ] as const;
  context.strokeStyle = withAlpha(theme.grid, 0.6);
  context.lineWidth = 1;
  context.beginPath();
  corners.forEach(([u, v], i) => {
    const [x, y] = projection(u, v, 0);
    if (i === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
  context.closePath();
  context.stroke();
  context.fillStyle = theme.muted;
  context.textBaseline = 'top';
  const depth = ([u, v]: readonly [number, number]): number => projection.depth(u, v);
  const near = <T extends readonly [number, number]>([one, other]: readonly [T, T]): T =>
    depth(one) < depth(other) ? one : other;
  const written: { readonly left: number; readonly right: number; readonly top: number }[] = [];
  // Within the paper, and not over what is written already: a name goes below that, a number has no other place.
  const write = (text: string, [u, v]: readonly [number, number], isName = false): void => {
    const [x, at] = projection(u, v, 0);
    const half = Math.min(context.measureText(text).width, width) / 2;
    const middle = Math.max(half, Math.min(width - half, x));
    const [left, right] = [middle - half, middle + half];
    const meets = (y: number): boolean =>
      written.some((other) => left < other.right && right > other.left && Math.abs(y - other.top) < lineHeight);
    const y = isName && meets(at) ? at + lineHeight : at;
    if (meets(y) && !isName) return;
    written.push({ left, right, top: y });
    context.textAlign = 'center';
    context.fillText(text, middle, y, width);
  };
  const [, across] = near([
    [0, -1],
    [0, 1],
  ] as const);
  const [up] = near([
    [-1, 0],
    [1, 0],
  ] as const);
  // Names further out than the ends' numbers, so that they do not meet.
  write(xTitle, [0, 1.36 * across], true);
  write(yTitle, [1.36 * up, 0], true);
  const end = (axis: Float64Array, side: -1 | 1): string => formatNumber(axis[side < 0 ? 0 : axis.length - 1]);
  for (const side of [-1, 1] as const) {
    write(end(xs, side), [0.85 * side, 1.12 * across]);
    write(end(ys, side), [1.12 * up, 0.85 * side]);
  }
}

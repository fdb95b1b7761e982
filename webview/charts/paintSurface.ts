import type { Pen } from './pen';
import type { InspectedSurface } from '../../src/records/inspection/surface';
import { colourOf, dashesOf, mix, withAlpha, type Theme } from '../colours';
import { contour, heightIn, type Relief } from '../inspect/contours';
import { formatNumber } from '../format';
import type { SurfaceView } from '../inspect/surfaceView';
import { pixelOf, plotBox, type Box } from '../inspect/plotBox';
import type { DrawnWay } from '../inspect/drawing';
import { paintAxes, within, type Paper } from './paper';
import { paintWay } from './paintWay';

/** Side of the squares that the ground is painted in, in pixels. */
const grain = 3;

/** Paints the loss over a plane: ground and contours, the run's way or others, and where one stands. `cursor`: a place of the grid. */
export function paintSurface(
  paper: Paper,
  surface: InspectedSurface,
  ways: readonly DrawnWay[] | null,
  view: SurfaceView,
  theme: Theme,
  cursor: readonly [number, number] | null,
): void {
  const box = plotBox(paper);
  const { context } = paper;
  within(context, box, () => {
    // High contrast leaves the ground as it is: lines alone tell.
    if (!theme.highContrast) paintGround(context, box, surface, view.relief, theme);
    paintContours(context, box, surface, view.relief, theme);
    if (ways) paintWays(context, box, ways, view, theme);
    else paintTrajectory(context, box, surface, view, theme);
    if (cursor) paintCross(context, box, surface, view, cursor, theme);
  });
  paintAxes(paper, box, view.x, view.y, [surface.xTitle, surface.yTitle], theme);
  paintScale(context, box, view.relief, theme);
}

function paintGround(context: Pen, box: Box, surface: InspectedSurface, relief: Relief, theme: Theme): void {
  const { xs, ys, losses } = surface;
  const [columns, rows] = [xs.length, ys.length];
  const shades = Array.from({ length: 64 }, (_, i) => shade(i / 63, theme));
  for (let y = box.top; y < box.bottom; y += grain) {
    const row = ((box.bottom - y - grain / 2) / (box.bottom - box.top)) * (rows - 1);
    for (let x = box.left; x < box.right; x += grain) {
      const column = ((x + grain / 2 - box.left) / (box.right - box.left)) * (columns - 1);
      const loss = between(losses, columns, rows, column, row);
      context.fillStyle = shades[Math.round(heightIn(relief, loss) * 63)] ?? theme.background;
      context.fillRect(x, y, grain, grain);
    }
  }
}

/** From valley to height: from the theme's blue to its ground. */
export const shade = (height: number, theme: Theme): string =>
  mix(mix(theme.background, theme.hues.blue, 0.75), theme.background, height);

/** The loss between the places of the grid, by both neighbours each way. */
function between(losses: Float64Array, columns: number, rows: number, column: number, row: number): number {
  const c = Math.min(columns - 2, Math.max(0, Math.floor(column)));
  const r = Math.min(rows - 2, Math.max(0, Math.floor(row)));
  const [u, v] = [column - c, row - r];
  const at = (i: number, j: number): number => losses[(r + j) * columns + c + i] as number;
  return (1 - v) * ((1 - u) * at(0, 0) + u * at(1, 0)) + v * ((1 - u) * at(0, 1) + u * at(1, 1));
}

function paintContours(context: Pen, box: Box, surface: InspectedSurface, relief: Relief, theme: Theme): void {
  const { xs, ys, losses } = surface;
  const x = (column: number): number => box.left + (column / (xs.length - 1)) * (box.right - box.left);
  const y = (row: number): number => box.bottom - (row / (ys.length - 1)) * (box.bottom - box.top);
  context.lineWidth = 1;
  context.strokeStyle = withAlpha(theme.highContrast ? theme.text : theme.hues.blue, 0.8);
  context.beginPath();
  for (const level of relief.levels) {
    for (const [x1, y1, x2, y2] of contour(losses, xs.length, ys.length, level)) {
      context.moveTo(x(x1), y(y1));
      context.lineTo(x(x2), y(y2));
    }
  }
  context.stroke();
}

function paintTrajectory(
  context: Pen,
  box: Box,
  { trajectory, here: [hereX, hereY] }: InspectedSurface,
  view: SurfaceView,
  theme: Theme,
): void {
  const points = Array.from(trajectory.x, (x, i) => ({
    x: pixelOf(view.x, x, box.left, box.right),
    y: pixelOf(view.y, trajectory.y[i] as number, box.bottom, box.top),
  }));
  context.strokeStyle = context.fillStyle = theme.hues.orange;
  context.lineWidth = 1.5;
  context.beginPath();
  points.forEach(({ x, y }, i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.stroke();
  for (const { x, y } of points) disc(context, x, y, 2);
  const here = { x: pixelOf(view.x, hereX, box.left, box.right), y: pixelOf(view.y, hereY, box.bottom, box.top) };
  context.fillStyle = theme.background;
  disc(context, here.x, here.y, 5);
  context.fillStyle = theme.hues.orange;
  disc(context, here.x, here.y, 3.5);
}

/** Ways of several optimizers: each with its look, a dot at every step while they are few, and a ring where all begin. */
function paintWays(context: Pen, box: Box, ways: readonly DrawnWay[], view: SurfaceView, theme: Theme): void {
  const pixel = (way: DrawnWay, i: number): readonly [number, number] => [
    pixelOf(view.x, way.x[i] as number, box.left, box.right),
    pixelOf(view.y, way.y[i] as number, box.bottom, box.top),
  ];
  ways.forEach((way, index) =>
    paintWay(context, way.x.length, (i) => pixel(way, i), colourOf(way.hue, theme), dashesOf(way.dash, index, theme)),
  );
  const [first] = ways;
  if (!first || first.x.length === 0) return;
  const [x, y] = pixel(first, 0);
  context.strokeStyle = theme.text;
  context.lineWidth = 1.5;
  context.beginPath();
  context.arc(x, y, 5, 0, 2 * Math.PI);
  context.stroke();
}

function disc(context: Pen, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

function paintCross(
  context: Pen,
  box: Box,
  { xs, ys }: InspectedSurface,
  view: SurfaceView,
  [column, row]: readonly [number, number],
  theme: Theme,
): void {
  const x = Math.round(pixelOf(view.x, xs[column] as number, box.left, box.right)) + 0.5;
  const y = Math.round(pixelOf(view.y, ys[row] as number, box.bottom, box.top)) + 0.5;
  context.strokeStyle = withAlpha(theme.text, 0.7);
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x, box.top);
  context.lineTo(x, box.bottom);
  context.moveTo(box.left, y);
  context.lineTo(box.right, y);
  context.stroke();
}

/** What the shades stand for: a strip from the lowest to the highest loss told apart. */
function paintScale(context: Pen, box: Box, { low, high }: Relief, theme: Theme): void {
  const text = `${formatNumber(low)} – ${formatNumber(high)}`;
  const width = context.measureText(text).width;
  const left = box.right - width - 14;
  context.fillStyle = withAlpha(theme.background, 0.85);
  context.fillRect(left, box.top + 1, width + 13, theme.highContrast ? 17 : 24);
  context.fillStyle = theme.text;
  context.textAlign = 'left';
  context.textBaseline = 'top';
  context.fillText(text, left + 6, box.top + 4);
  if (theme.highContrast) return;
  for (let i = 0; i < width; i += 2) {
    context.fillStyle = shade(i / width, theme);
    context.fillRect(left + 6 + i, box.top + 18, 2, 4);
  }
}

import type { Chart } from 'chart.js';
import { colourOf, withAlpha, type Theme } from '../colours';
import { valueAt } from '../figures/figure';
import { groupThousands } from '../format';
import { labelPlace, type PixelPoint } from '../plot/labelPlace';
import type { PlotLine, PlotView } from '../plot/view';

/** Where the cursor stands, and the part that is being chosen. */
export interface CursorMark {
  readonly step: number;
  /** Other end of a range that is being drawn. */
  readonly from: number | null;
}

/** Canvas, and the maps from positions to pixels. */
interface Plot {
  readonly context: CanvasRenderingContext2D;
  readonly area: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
  x(position: number): number;
  y(position: number): number;
}

function plotOf(chart: Chart): Plot {
  const { x, y } = chart.scales;
  return {
    context: chart.ctx,
    area: chart.chartArea,
    x: (position) => x?.getPixelForValue(position) ?? 0,
    y: (position) => y?.getPixelForValue(position) ?? 0,
  };
}

/** Paints what lies behind the lines: the unstable region, the negative side, error bands. */
export function paintBehind(chart: Chart, view: PlotView, theme: Theme): void {
  const plot = plotOf(chart);
  const { context, area } = plot;
  context.save();
  context.beginPath();
  context.rect(area.left, area.top, area.right - area.left, area.bottom - area.top);
  context.clip();
  context.font = `11px ${theme.fontFamily}`;
  for (const line of view.lines) {
    if (line.trace.above !== undefined) paintAbove(plot, line, line.trace.above, { lines: view.lines, theme });
    if (line.band.length > 0) paintBand(plot, line, theme);
  }
  if (view.y.scale.kind !== 'log' && view.y.low < 0 && view.y.high > 0) paintNegative(plot, theme);
  if (view.brokenAt !== null) paintBroken(plot, view.x.scale.forward(view.brokenAt), theme);
  context.restore();
}

/** An upright at the step from which values are not finite. */
function paintBroken({ context, area, x }: Plot, position: number, theme: Theme): void {
  const at = Math.round(x(position)) + 0.5;
  context.strokeStyle = withAlpha(theme.hues.red, 0.8);
  context.lineWidth = 1;
  context.setLineDash([2, 3]);
  context.beginPath();
  context.moveTo(at, area.top);
  context.lineTo(at, area.bottom);
  context.stroke();
  context.setLineDash([]);
}

function paintAbove(
  { context, area, x, y }: Plot,
  line: PlotLine,
  words: string,
  { lines, theme }: { readonly lines: readonly PlotLine[]; readonly theme: Theme },
): void {
  const drawn = ({ points }: PlotLine): PlotLine['points'] => points.filter((point) => !Number.isNaN(point.y));
  const points = drawn(line);
  const [first] = points;
  const last = points[points.length - 1];
  if (!first || !last) return;
  const colour = colourOf(line.trace.hue, theme);
  context.beginPath();
  context.moveTo(x(first.x), area.top);
  for (const point of points) context.lineTo(x(point.x), y(point.y));
  context.lineTo(x(last.x), area.top);
  context.closePath();
  context.fillStyle = withAlpha(colour, 0.09);
  context.fill();
  const pixelsOf = (of: PlotLine['points']): PixelPoint[] =>
    of.map((point) => ({ x: Math.max(area.left, x(point.x)), y: y(point.y) }));
  const others = lines.filter((other) => other !== line).map((other) => pixelsOf(drawn(other)));
  const place = labelPlace(pixelsOf(points), area.top, context.measureText(words).width + 12, others);
  if (!place) return;
  context.fillStyle = withAlpha(colour, 0.9);
  context.textAlign = 'left';
  context.textBaseline = 'bottom';
  context.fillText(words, place.x + 6, place.y - 4);
}

function paintBand({ context, x, y }: Plot, line: PlotLine, theme: Theme): void {
  const colour = colourOf(line.trace.hue, theme);
  context.beginPath();
  for (const [low] of line.band) context.lineTo(x(low.x), y(low.y));
  for (const [, high] of [...line.band].reverse()) context.lineTo(x(high.x), y(high.y));
  context.closePath();
  context.fillStyle = withAlpha(colour, 0.2);
  context.fill();
  if (!line.dots) return;
  context.beginPath();
  for (const [low, high] of line.band) paintWhisker(context, x(low.x), y(low.y), y(high.y));
  context.strokeStyle = withAlpha(colour, 0.8);
  context.lineWidth = 1;
  context.stroke();
}

/** An error bar; none where it would be hidden by the point itself. */
function paintWhisker(context: CanvasRenderingContext2D, x: number, low: number, high: number): void {
  if (low - high < 6) return;
  context.moveTo(x - 3, low);
  context.lineTo(x + 3, low);
  context.moveTo(x, low);
  context.lineTo(x, high);
  context.moveTo(x - 3, high);
  context.lineTo(x + 3, high);
}

function paintNegative({ context, area, y }: Plot, theme: Theme): void {
  const zero = y(0);
  context.fillStyle = withAlpha(theme.hues.purple, 0.07);
  context.fillRect(area.left, zero, area.right - area.left, area.bottom - zero);
  context.fillStyle = withAlpha(theme.text, 0.5);
  context.fillRect(area.left, Math.round(zero) - 0.5, area.right - area.left, 1);
  if (area.bottom - zero < 18) return;
  context.fillStyle = theme.muted;
  context.textAlign = 'right';
  context.textBaseline = 'bottom';
  context.fillText('negative', area.right - 6, area.bottom - 4);
}

/** Paints the cursor over the lines: its upright, a dot on each line, and the step at the foot. */
export function paintCursor(chart: Chart, view: PlotView, theme: Theme, mark: CursorMark): void {
  const plot = plotOf(chart);
  const { context, area } = plot;
  const position = view.x.scale.forward(mark.step);
  if (position < view.x.low || position > view.x.high) return;
  const x = plot.x(position);
  context.save();
  if (mark.from !== null) {
    const from = plot.x(Math.min(view.x.high, Math.max(view.x.low, view.x.scale.forward(mark.from))));
    context.fillStyle = withAlpha(theme.hues.foreground, 0.15);
    context.fillRect(Math.min(from, x), area.top, Math.abs(from - x), area.bottom - area.top);
  }
  context.strokeStyle = withAlpha(theme.text, 0.6);
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(Math.round(x) + 0.5, area.top);
  context.lineTo(Math.round(x) + 0.5, area.bottom);
  context.stroke();
  for (const line of view.lines) if (line.role === 'main') paintDot(plot, view, line, mark.step, theme);
  paintStep(plot, x, groupThousands(mark.step), theme);
  context.restore();
}

function paintDot({ context, area, x, y }: Plot, view: PlotView, line: PlotLine, step: number, theme: Theme): void {
  const at = valueAt(line.trace, step);
  if (!at) return;
  const pixelX = x(view.x.scale.forward(at.step));
  const pixelY = y(view.y.scale.forward(at.value));
  if (!Number.isFinite(pixelY) || pixelX < area.left || pixelY < area.top || pixelY > area.bottom) return;
  context.beginPath();
  context.arc(pixelX, pixelY, 3, 0, 2 * Math.PI);
  context.fillStyle = colourOf(line.trace.hue, theme);
  context.fill();
  context.strokeStyle = theme.background;
  context.lineWidth = 1;
  context.stroke();
}

function paintStep({ context, area }: Plot, x: number, text: string, theme: Theme): void {
  context.font = `11px ${theme.fontFamily}`;
  const width = context.measureText(text).width + 8;
  const left = Math.min(area.right - width, Math.max(area.left, x - width / 2));
  context.fillStyle = theme.background;
  context.fillRect(left, area.bottom + 2, width, 15);
  context.strokeStyle = withAlpha(theme.text, 0.5);
  context.strokeRect(Math.round(left) + 0.5, area.bottom + 2.5, Math.round(width), 15);
  context.fillStyle = theme.text;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(text, left + width / 2, area.bottom + 10);
}

import { paintAxes, within, type Paper } from '../charts/paper';
import { colourOf, dashOf, withAlpha, type Theme } from '../colours';
import { plotBox, type Box } from '../inspect/plotBox';
import type { Axis, PlotLine, PlotView } from '../plot/view';

interface Sheet extends Paper {
  readonly box: Box;
  readonly view: PlotView;
  readonly theme: Theme;
}

const part = ({ low, high }: Axis, position: number): number => (position - low) / (high - low);
const xOf = ({ box, view }: Sheet, position: number): number => box.left + part(view.x, position) * (box.right - box.left);
const yOf = ({ box, view }: Sheet, position: number): number => box.bottom - part(view.y, position) * (box.bottom - box.top);

/** Paints a figure of the run as it stands: axes, error bands, raw lines behind smoothed ones. */
export function paintFigure(paper: Paper, view: PlotView, titles: readonly [string, string], theme: Theme): void {
  const sheet: Sheet = { ...paper, box: plotBox(paper), view, theme };
  paintAxes(paper, sheet.box, view.x, view.y, titles, theme);
  within(paper.context, sheet.box, () => view.lines.forEach((line, index) => paintLine(sheet, line, index)));
}

function paintLine(sheet: Sheet, line: PlotLine, index: number): void {
  const { context, theme } = sheet;
  const colour = colourOf(line.trace.hue, theme);
  context.strokeStyle = context.fillStyle = withAlpha(colour, line.role === 'raw' ? 0.35 : 1);
  for (const [low, high] of line.band) {
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(xOf(sheet, low.x), yOf(sheet, low.y));
    context.lineTo(xOf(sheet, high.x), yOf(sheet, high.y));
    context.stroke();
  }
  context.lineWidth = line.role === 'raw' ? 1 : 1.75;
  context.setLineDash([...dashOf(line.trace, index, theme)]);
  context.beginPath();
  let drawing = false;
  for (const { x, y } of line.points) {
    if (!Number.isFinite(y)) drawing = false;
    else if (drawing) context.lineTo(xOf(sheet, x), yOf(sheet, y));
    else context.moveTo(xOf(sheet, x), yOf(sheet, y));
    drawing = Number.isFinite(y);
  }
  context.stroke();
  context.setLineDash([]);
  if (line.dots) for (const { x, y } of line.points) if (Number.isFinite(y)) paintDot(sheet, xOf(sheet, x), yOf(sheet, y));
}

function paintDot({ context }: Sheet, x: number, y: number): void {
  context.beginPath();
  context.arc(x, y, 2, 0, 2 * Math.PI);
  context.fill();
}

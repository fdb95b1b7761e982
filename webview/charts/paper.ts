import type { Pen } from './pen';
import { withAlpha, type Theme } from '../colours';
import { margins, type Box } from '../inspect/plotBox';
import type { Axis } from '../plot/view';

/** What drawings are painted on. */
export interface Paper {
  readonly context: Pen;
  readonly width: number;
  readonly height: number;
}

/** Paints grid, labels and titles of both axes. */
export function paintAxes(paper: Paper, box: Box, x: Axis, y: Axis, titles: readonly [string, string], theme: Theme): void {
  const { context } = paper;
  context.font = `11px ${theme.fontFamily}`;
  context.lineWidth = 1;
  context.strokeStyle = withAlpha(theme.grid, theme.highContrast ? 0.4 : 0.18);
  context.fillStyle = theme.muted;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  for (const { position, label } of y.ticks) {
    const at = box.bottom - ((position - y.low) / (y.high - y.low)) * (box.bottom - box.top);
    stroke(context, box.left, at, box.right, at);
    if (label !== '') context.fillText(label, box.left - 6, at, margins.left - 20);
  }
  context.textBaseline = 'top';
  context.textAlign = 'center';
  let free = -Infinity;
  for (const { position, label } of x.ticks) {
    const at = box.left + ((position - x.low) / (x.high - x.low)) * (box.right - box.left);
    stroke(context, at, box.top, at, box.bottom);
    const half = context.measureText(label).width / 2;
    if (label === '' || at - half < free) continue;
    context.fillText(label, at, box.bottom + 5);
    free = at + half + 8;
  }
  context.strokeStyle = withAlpha(theme.grid, 0.6);
  stroke(context, box.left, box.bottom, box.right, box.bottom);
  stroke(context, box.left, box.top, box.left, box.bottom);
  context.fillText(titles[0], (box.left + box.right) / 2, box.bottom + 20, box.right - box.left);
  paintUpright(context, box, titles[1]);
}

function paintUpright(context: Pen, box: Box, title: string): void {
  context.save();
  context.translate(8, (box.top + box.bottom) / 2);
  context.rotate(-Math.PI / 2);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(title, 0, 0, box.bottom - box.top);
  context.restore();
}

/** A straight line, sharp where it is upright or level. */
function stroke(context: Pen, x1: number, y1: number, x2: number, y2: number): void {
  const sharp = (value: number): number => Math.round(value) + 0.5;
  context.beginPath();
  context.moveTo(sharp(x1), sharp(y1));
  context.lineTo(sharp(x2), sharp(y2));
  context.stroke();
}

/** Does `work` with everything outside of `box` left as it is. */
export function within(context: Pen, box: Box, work: () => void): void {
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
  context.clip();
  work();
  context.restore();
}

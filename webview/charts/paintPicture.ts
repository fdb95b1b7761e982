import { colourOf, dashesOf, withAlpha, type Theme } from '../colours';
import type { Picture, PictureBars, PictureLine, PictureView } from '../inspect/picture';
import { pixelOf, plotBox, type Box } from '../inspect/plotBox';
import { paintWay } from './paintWay';
import { paintAxes, within, type Paper } from './paper';

interface Sheet extends Paper {
  readonly box: Box;
  readonly view: PictureView;
  readonly theme: Theme;
}

/** Paints a picture with its axes; `cursor`: the place in x that is pointed at. */
export function paintPicture(paper: Paper, picture: Picture, view: PictureView, theme: Theme, cursor: number | null): void {
  const box = plotBox(paper);
  const sheet: Sheet = { ...paper, box, view, theme };
  paintAxes(paper, box, view.x, view.y, [picture.xTitle, view.yTitle], theme);
  within(paper.context, box, () => {
    for (const mark of picture.marks) paintMark(sheet, mark.x, mark.label);
    if (picture.bars) paintBars(sheet, picture.bars);
    // What is measured lies over what is foretold, and ways over what they lie on.
    [...picture.lines]
      .map((line, index) => ({ line, index }))
      .sort((a, b) => Number(a.line.isWay ?? false) - Number(b.line.isWay ?? false) || b.index - a.index)
      .forEach(({ line, index }) => paintLine(sheet, line, index));
    if (cursor !== null) paintUpright(sheet, cursor);
  });
}

const xOf = ({ view, box }: Sheet, value: number): number => pixelOf(view.x, value, box.left, box.right);
const yOf = ({ view, box }: Sheet, value: number): number => pixelOf(view.y, value, box.bottom, box.top);

function paintLine(sheet: Sheet, line: PictureLine, index: number): void {
  const { context, theme } = sheet;
  if (line.isWay) {
    const pixel = (i: number): [number, number] => [xOf(sheet, line.x[i] as number), yOf(sheet, line.y[i] as number)];
    return paintWay(context, line.x.length, pixel, colourOf(line.hue, theme), dashesOf(line.dash, index, theme));
  }
  context.strokeStyle = colourOf(line.hue, theme);
  context.lineWidth = line.spans ? 1.75 : 1.25;
  context.setLineDash([...dashesOf(line.dash, index, theme)]);
  context.beginPath();
  let drawing = false;
  line.x.forEach((x, i) => {
    const [px, py] = [xOf(sheet, x), yOf(sheet, line.y[i] as number)];
    if (!Number.isFinite(py)) drawing = false;
    else if (drawing) context.lineTo(px, py);
    else {
      context.moveTo(px, py);
      drawing = true;
    }
  });
  context.stroke();
  context.setLineDash([]);
}

function paintBars(sheet: Sheet, { edges, values, errors }: PictureBars): void {
  const { context, box, theme } = sheet;
  values.forEach((value, i) => {
    if (!(value > 0)) return;
    const [low, high] = [edges[i] as number, edges[i + 1] as number];
    const [left, right, top] = [xOf(sheet, low), xOf(sheet, high), yOf(sheet, value)];
    const around = low < 0 && high > 0;
    const colour = around ? theme.muted : theme.hues[high <= 0 ? 'purple' : 'blue'];
    context.fillStyle = withAlpha(colour, theme.highContrast ? 1 : 0.75);
    context.fillRect(
      left + 0.5,
      Math.min(top, box.bottom - 1),
      Math.max(1, right - left - 1),
      box.bottom - Math.min(top, box.bottom - 1),
    );
    paintWhisker(sheet, (left + right) / 2, value, errors[i] as number);
  });
  const zero = xOf(sheet, 0);
  if (zero > box.left && zero < box.right) {
    context.fillStyle = withAlpha(theme.text, 0.5);
    context.fillRect(Math.round(zero), box.top, 1, box.bottom - box.top);
  }
  if (zero - box.left > 70) {
    context.fillStyle = theme.muted;
    context.textAlign = 'left';
    context.textBaseline = 'top';
    context.fillText('negative', box.left + 6, box.top + 4);
  }
}

/** An error bar; none where it is shorter than the eye can tell. */
function paintWhisker(sheet: Sheet, x: number, value: number, error: number): void {
  const { context, box, theme } = sheet;
  if (!(error > 0)) return;
  const top = yOf(sheet, value + error);
  const below = yOf(sheet, value - error);
  const bottom = Number.isFinite(below) ? Math.min(below, box.bottom) : box.bottom;
  if (bottom - top < 4) return;
  context.strokeStyle = withAlpha(theme.text, 0.7);
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x, bottom);
  context.lineTo(x, top);
  context.moveTo(x - 2, top);
  context.lineTo(x + 2, top);
  context.stroke();
}

function paintMark(sheet: Sheet, x: number, label: string): void {
  const { context, box, theme } = sheet;
  const at = Math.round(xOf(sheet, x)) + 0.5;
  context.strokeStyle = withAlpha(theme.text, 0.35);
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(at, box.top);
  context.lineTo(at, box.bottom);
  context.stroke();
  context.fillStyle = theme.muted;
  // On the side where there is room for it.
  const isLeft = at + 4 + context.measureText(label).width > box.right && at - box.left > box.right - at;
  context.textAlign = isLeft ? 'right' : 'left';
  context.textBaseline = 'top';
  context.fillText(label, isLeft ? at - 4 : at + 4, box.top + 2);
}

function paintUpright(sheet: Sheet, x: number): void {
  const { context, box, theme } = sheet;
  const at = Math.round(xOf(sheet, x)) + 0.5;
  context.strokeStyle = withAlpha(theme.text, 0.7);
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(at, box.top);
  context.lineTo(at, box.bottom);
  context.stroke();
}

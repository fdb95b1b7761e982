import type { Pen } from './pen';
import { withAlpha, type Theme } from '../colours';
import { formatNumber } from '../format';
import type { HeatMap } from '../inspect/heatMap';
import { heatBox, heightOf } from '../inspect/heatMap';
import { contrastOf } from '../colours';
import { shadeOf } from './shades';
import type { Paper } from './paper';

/** Paints rows of cells, each in the shade of its value with its number where there is room. */
export function paintHeat(paper: Paper, map: HeatMap, theme: Theme, cursor: readonly [column: number, row: number] | null): void {
  const { context } = paper;
  const box = heatBox(paper, map);
  const { rows, columns, values } = map;
  const [width, height] = [(box.right - box.left) / columns.length, (box.bottom - box.top) / rows.length];
  context.font = `11px ${theme.fontFamily}`;
  context.textBaseline = 'middle';
  rows.forEach((name, row) => {
    const top = box.top + row * height;
    context.fillStyle = theme.muted;
    context.textAlign = 'right';
    context.fillText(name, box.left - 8, top + height / 2, box.left - 12);
    columns.forEach((_, column) => {
      const value = values[row * columns.length + column] as number;
      const cell = { left: box.left + column * width, top, width, height };
      paintCell(context, cell, value, map, theme);
    });
  });
  context.fillStyle = theme.muted;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  let free = -Infinity;
  columns.forEach((label, column) => {
    const x = box.left + (column + 0.5) * width;
    const half = context.measureText(label).width / 2;
    if (x - half < free) return;
    context.fillText(label, x, box.bottom + 5);
    free = x + half + 8;
  });
  context.fillText(map.columnTitle, (box.left + box.right) / 2, box.bottom + 20);
  if (cursor) {
    context.strokeStyle = theme.text;
    context.lineWidth = 2;
    context.strokeRect(box.left + cursor[0] * width + 1, box.top + cursor[1] * height + 1, width - 2, height - 2);
  }
}

interface Cell {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function paintCell(context: Pen, cell: Cell, value: number, map: HeatMap, theme: Theme): void {
  const { left, top, width, height } = cell;
  const share = heightOf(map, value);
  if (share === null) {
    context.strokeStyle = withAlpha(theme.grid, 0.5);
    context.lineWidth = 1;
    context.strokeRect(left + 1.5, top + 1.5, width - 3, height - 3);
    return;
  }
  const colour = shadeOf(share, theme);
  context.fillStyle = colour;
  context.fillRect(left + 1, top + 1, width - 2, height - 2);
  const text = formatNumber(value);
  if (context.measureText(text).width > width - 6 || height < 14) return;
  context.fillStyle = contrastOf(colour, [theme.text, theme.background]);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(text, left + width / 2, top + height / 2);
}

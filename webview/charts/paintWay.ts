import type { Pen } from './pen';

/** Steps up to which every one has a dot. */
const mostDots = 150;

/** Paints the way of an optimizer through given pixels, `count` of them, the last one with a larger dot. */
export function paintWay(
  context: Pen,
  count: number,
  pixel: (i: number) => readonly [x: number, y: number],
  colour: string,
  dashes: readonly number[],
): void {
  if (count === 0) return;
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = 1.5;
  context.setLineDash([...dashes]);
  context.beginPath();
  for (let i = 0; i < count; i++) {
    const [x, y] = pixel(i);
    if (i === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
  context.stroke();
  context.setLineDash([]);
  const dots = count <= mostDots ? Array.from({ length: count }, (_, i) => i) : [];
  for (const i of [...dots, count - 1]) {
    const [x, y] = pixel(i);
    context.beginPath();
    context.arc(x, y, i === count - 1 ? 3.5 : 1.75, 0, 2 * Math.PI);
    context.fill();
  }
}

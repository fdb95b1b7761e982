import type { Axis } from '../plot/view';

/** A part of a canvas, in pixels. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Size of what is painted on, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Room for labels: left of the plot, right, above and below it. */
export const margins = { left: 62, right: 12, top: 8, bottom: 36 };

/** The plot between its axes. */
export function plotBox({ width, height }: Size): Box {
  return {
    left: margins.left,
    right: Math.max(margins.left + 20, width - margins.right),
    top: margins.top,
    bottom: Math.max(margins.top + 20, height - margins.bottom),
  };
}

/** Pixels of a value on an axis that spans `from` to `to`. */
export function pixelOf(axis: Axis, value: number, from: number, to: number): number {
  return from + ((axis.scale.forward(value) - axis.low) / (axis.high - axis.low)) * (to - from);
}

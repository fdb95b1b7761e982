import type { Hue } from '../figures/figure';
import { narrowTicks, narrowTitle } from '../plot/narrow';
import { axisRange } from '../plot/range';
import { linearScale, logScale, symlogScale, ticksOf, type Scale } from '../plot/scale';
import type { Axis } from '../plot/view';

/** One line of a picture: columns of one length, ascending in x. */
export interface PictureLine {
  readonly label: string;
  readonly hue: Hue;
  readonly dash: 'solid' | 'dashed' | 'dotted';
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** False: the axes do not grow to hold it; it is cut where it leaves them. */
  readonly spans: boolean;
  /** The way of an optimizer along another line: a dot at every step, in the order in which they were taken. */
  readonly isWay?: boolean;
}

/** Bars from edge to edge, with their error bars. */
export interface PictureBars {
  readonly label: string;
  /** One more than values. */
  readonly edges: Float64Array;
  readonly values: Float64Array;
  readonly errors: Float64Array;
}

/** What an inspection shows of a line through the surface, a spectrum or a branch; how it is painted is the charts' affair. */
export interface Picture {
  readonly id: string;
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly lines: readonly PictureLine[];
  readonly bars: PictureBars | null;
  /** Uprights with their words. */
  readonly marks: readonly { readonly x: number; readonly label: string }[];
  /** Linear part of a symmetric logarithmic axis; null for a linear one. */
  readonly xThreshold: number | null;
  readonly logValues: boolean;
  /** Ends of the axes, where pictures are to be compared; else as the values need. */
  readonly xRange?: readonly [number, number];
  readonly yRange?: readonly [number, number];
  /** A sentence below the title; empty for none. */
  readonly note: string;
}

/** A picture's axes. */
export interface PictureView {
  readonly x: Axis;
  readonly y: Axis;
  /** The picture's, or that of differences from a base where values differ late in their digits. */
  readonly yTitle: string;
}

/** Axes for a picture in a plot of the given size in pixels; null when it has no value that they can show. */
export function pictureView(picture: Picture, width: number, height: number): PictureView | null {
  const yScale = picture.logValues ? logScale : linearScale;
  const xs =
    picture.xRange ?? range([...picture.lines.map(({ x }) => x), ...(picture.bars ? [picture.bars.edges] : [])], linearScale);
  const ys = picture.yRange
    ? picture.yRange
    : picture.bars
      ? barRange(picture.bars, yScale)
      : range(
          picture.lines.filter(({ spans }) => spans).map(({ y }) => y),
          yScale,
        );
  if (!xs || !ys) return null;
  const xScale = picture.xThreshold === null ? linearScale : symlogScale(picture.xThreshold);
  const [xLow, xHigh] = [xScale.forward(xs[0]), xScale.forward(xs[1])];
  const [yLow, yHigh] = picture.bars ? [yScale.forward(ys[0]), yScale.forward(ys[1])] : axisRange(yScale, ys[0], ys[1]);
  const axis = (scale: Scale, low: number, high: number, wanted: number): Axis => ({
    scale,
    low,
    high,
    ticks: ticksOf(scale, low, high, Math.max(2, wanted)),
  });
  const [x, y] = [axis(xScale, xLow, xHigh, width / 64), axis(yScale, yLow, yHigh, height / 32)];
  const narrow = yScale.kind === 'linear' ? narrowTicks(y.ticks, yLow, yHigh, Math.max(2, height / 32)) : null;
  if (narrow) return { x, y: { ...y, ticks: narrow.ticks }, yTitle: narrowTitle(picture.yTitle, narrow.base) };
  return { x, y, yTitle: picture.yTitle };
}

/** Lowest and highest value that the scale can show; null when there is none. */
function range(columns: readonly Float64Array[], scale: Scale): [number, number] | null {
  let [low, high] = [Infinity, -Infinity];
  for (const column of columns) {
    for (const value of column) {
      if (!Number.isFinite(scale.forward(value))) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (!(low <= high)) return null;
  // Single precision tells no more apart: a level line is not to look like a mountain range.
  const narrowest = Math.max(1e-12, 2e-5 * Math.max(Math.abs(low), Math.abs(high)));
  const missing = Math.max(0, narrowest - (high - low)) / 2;
  return [low - missing, high + missing];
}

/** Bars are shares. They stand on zero, with room for their errors as far as these tell something, or on a whole power of ten below the smallest. */
function barRange({ values, errors }: PictureBars, scale: Scale): [number, number] | null {
  const found = range([values], scale);
  if (!found || scale.kind !== 'log') {
    const reached = values.map((value, i) => Math.min(1, value + (errors[i] ?? 0)));
    return found && [0, 1.05 * reached.reduce((most, value) => Math.max(most, value), found[1])];
  }
  return [Math.max(1e-7, 10 ** Math.floor(Math.log10(found[0]) - 1e-9)), 1];
}

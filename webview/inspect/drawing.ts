import type { Hue } from '../figures/figure';
import { formatNumber, groupThousands } from '../format';
import type { InspectedSurface } from '../../src/records/inspection/surface';
import { heatBox, type HeatMap } from './heatMap';
import { pictureView, type Picture } from './picture';
import { pixelOf, plotBox, type Size } from './plotBox';
import { describePlace, describeSurface, stepNear, surfaceNote } from './surfaceView';
import { uncertain } from './words';

/** A name in the legend with its look. */
export interface LegendItem {
  readonly label: string;
  readonly hue: Hue;
  readonly dash: 'solid' | 'dashed' | 'dotted';
}

/** A place of the cursor: column and row of the drawing's own grid. */
export type Place = readonly [column: number, row: number];

/** The way of an optimizer over a plane, with its look. */
export interface DrawnWay {
  readonly label: string;
  readonly hue: Hue;
  readonly dash: 'solid' | 'dashed' | 'dotted';
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly losses: Float64Array;
}

/**
 * What a drawing is made of. A picture's cursor stands at one of its `stops`. A surface without `ways` has the run's own; a relief is a
 * surface seen from `turn` radians around.
 */
export type DrawingContent =
  | { readonly kind: 'picture'; readonly picture: Picture; readonly stops: readonly number[] }
  | { readonly kind: 'surface'; readonly surface: InspectedSurface; readonly ways: readonly DrawnWay[] | null }
  | { readonly kind: 'relief'; readonly surface: InspectedSurface; readonly ways: readonly DrawnWay[]; readonly turn: number }
  | { readonly kind: 'heat'; readonly map: HeatMap };

/** Something that can be painted, spoken, walked over and written as a table. */
export interface Drawing {
  readonly title: string;
  readonly note: string;
  /** For those who hear it. */
  readonly summary: string;
  readonly legend: readonly LegendItem[];
  readonly table: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };
  /** Columns and rows of places that the cursor visits. */
  readonly places: readonly [number, number];
  /** What is at a place, in words. */
  describe(place: Place): string;
  /** The step of the run that a place stands for; absent where it stands for none. */
  stepAt?(place: Place): number | null;
  /** The place nearest to a pixel; null outside of the plot. */
  placeAt(x: number, y: number, paper: Size): Place | null;
  /** What the charts paint. */
  readonly content: DrawingContent;
}

/** A picture as a drawing. */
export function drawingOfPicture(picture: Picture): Drawing {
  const { bars } = picture;
  // Ways lie on a line and have places of their own: they are seen, and the line is walked.
  const lines = picture.lines.filter(({ isWay }) => !isWay);
  const stops = bars ? Array.from(bars.values, (_, i) => middle(bars.edges, i)) : [...longest(lines.map(({ x }) => x))];
  const columns = bars ? [bars.label, 'error'] : lines.map(({ label }) => label);
  const cells = (i: number): string[] =>
    bars
      ? [formatNumber(bars.values[i]), formatNumber(bars.errors[i])]
      : lines.map(({ y }) => (i < y.length ? formatNumber(y[i]) : ''));
  const nameOf = (i: number): string =>
    bars ? `${formatNumber(bars.edges[i])} to ${formatNumber(bars.edges[i + 1])}` : formatNumber(stops[i]);
  return {
    title: picture.title,
    note: picture.note,
    summary: summaryOf(picture),
    legend: picture.lines.length > 1 ? picture.lines.map(({ label, hue, dash }) => ({ label, hue, dash })) : [],
    table: { head: [picture.xTitle, ...columns], rows: stops.map((_, i) => [nameOf(i), ...cells(i)]) },
    places: [stops.length, 1],
    describe: ([i]) => `${nameOf(i)}: ${columns.map((label, j) => `${label} ${cells(i)[j] ?? ''}`).join(', ')}`,
    placeAt: (x, _y, paper) => {
      const view = pictureView(picture, paper.width, paper.height);
      if (!view) return null;
      const box = plotBox(paper);
      if (x < box.left - 4 || x > box.right + 4) return null;
      return [nearest(stops, (stop) => Math.abs(pixelOf(view.x, stop, box.left, box.right) - x)), 0];
    },
    content: { kind: 'picture', picture, stops },
  };
}

/** A surface as a drawing; `parameters`: how many directions there are. */
export function drawingOfSurface(surface: InspectedSurface, title: string, parameters: number): Drawing {
  const { xs, ys, losses } = surface;
  const stride = Math.max(1, Math.floor((xs.length - 1) / 16));
  const shown = Array.from(xs.keys()).filter((i) => i % stride === 0);
  return {
    title,
    note: surfaceNote(surface, parameters),
    summary: describeSurface(surface),
    legend: [{ label: 'the run’s way', hue: { token: 'orange' }, dash: 'solid' }],
    table: {
      head: ['', ...shown.map((column) => formatNumber(xs[column]))],
      rows: shown
        .filter((row) => row < ys.length)
        .map((row) => [formatNumber(ys[row]), ...shown.map((column) => formatNumber(losses[row * xs.length + column]))])
        .reverse(),
    },
    places: [xs.length, ys.length],
    describe: ([column, row]) => {
      const step = stepNear(surface, column, row);
      return `${describePlace(surface, column, row)}${step === null ? '' : `, near step ${groupThousands(step)}`}`;
    },
    stepAt: ([column, row]) => stepNear(surface, column, row),
    placeAt: (x, y, paper) => {
      const box = plotBox(paper);
      if (x < box.left || x > box.right || y < box.top || y > box.bottom) return null;
      const column = ((x - box.left) / (box.right - box.left)) * (xs.length - 1);
      const row = ((box.bottom - y) / (box.bottom - box.top)) * (ys.length - 1);
      return [Math.round(column), Math.round(row)];
    },
    content: { kind: 'surface', surface, ways: null },
  };
}

/** A heat map as a drawing; `steps`: those of its columns. */
export function drawingOfHeat(
  map: HeatMap,
  words: Pick<Drawing, 'title' | 'note' | 'summary'>,
  steps: readonly number[],
): Drawing {
  const { rows, columns, values, errors } = map;
  const at = (column: number, row: number): string => {
    const [value = NaN, error = NaN] = [values[row * columns.length + column], errors[row * columns.length + column]];
    return Number.isFinite(error) ? uncertain({ value, error: Number(error.toPrecision(2)) }) : formatNumber(value);
  };
  return {
    ...words,
    legend: [],
    table: {
      head: [map.columnTitle, ...rows],
      rows: columns.map((name, column) => [name, ...rows.map((_, row) => at(column, row))]),
    },
    places: [columns.length, rows.length],
    // Rows are counted downwards and places upwards.
    describe: ([column, row]) =>
      `${map.columnTitle} ${columns[column] ?? ''}, ${rows[rows.length - 1 - row] ?? ''}: ${at(column, rows.length - 1 - row)}`,
    stepAt: ([column]) => steps[column] ?? null,
    placeAt: (x, y, paper) => {
      const box = heatBox(paper, map);
      if (x < box.left || x >= box.right || y < box.top || y >= box.bottom) return null;
      const column = Math.floor(((x - box.left) / (box.right - box.left)) * columns.length);
      return [column, rows.length - 1 - Math.floor(((y - box.top) / (box.bottom - box.top)) * rows.length)];
    },
    content: { kind: 'heat', map },
  };
}

function summaryOf({ title, lines, bars, note, xTitle }: Picture): string {
  const ends = lines
    .filter(({ spans }) => spans)
    .map(({ label, x, y }) => {
      const low = y.reduce((best, value, i) => (value < (y[best] as number) ? i : best), 0);
      return `${label} from ${formatNumber(y[0])} to ${formatNumber(y[y.length - 1])}, lowest ${formatNumber(y[low])} at ${formatNumber(x[low])}`;
    });
  const most = bars ? bars.values.reduce((best, value, i) => (value > (bars.values[best] as number) ? i : best), 0) : 0;
  const largest = bars
    ? [
        `eigenvalues from ${formatNumber(bars.edges[0])} to ${formatNumber(bars.edges[bars.edges.length - 1])}, most of them between ${formatNumber(bars.edges[most])} and ${formatNumber(bars.edges[most + 1])}`,
      ]
    : [];
  return `${title}, over ${xTitle}. ${[...ends, ...largest].join('; ')}. ${note}`;
}

/** The middle of a bin, on the side of zero on which it is; 0 for the one around it. */
function middle(edges: Float64Array, i: number): number {
  const [low, high] = [edges[i] as number, edges[i + 1] as number];
  return low < 0 && high > 0 ? 0 : Math.sign(low + high) * Math.sqrt(Math.abs(low * high));
}

const longest = (columns: readonly Float64Array[]): Float64Array =>
  columns.reduce((most, column) => (column.length > most.length ? column : most), new Float64Array(0));

function nearest(stops: readonly number[], distance: (stop: number) => number): number {
  return stops.reduce((best, stop, i) => (distance(stop) < distance(stops[best] as number) ? i : best), 0);
}

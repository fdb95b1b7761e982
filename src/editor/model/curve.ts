import type { Series } from '../../records/measurement';
import { brief } from './format';

/** Colours of one theme kind; an image in a hover cannot read the theme's own variables. */
export interface CurveColours {
  readonly text: string;
  readonly line: string;
  readonly reference: string;
  readonly grid: string;
}

export type ThemeKind = 'dark' | 'light' | 'highContrast' | 'highContrastLight';

export const curveColours: Readonly<Record<ThemeKind, CurveColours>> = {
  dark: { text: '#cccccc', line: '#4daafc', reference: '#f88070', grid: '#6e768166' },
  light: { text: '#3b3b3b', line: '#005fb8', reference: '#c72e0f', grid: '#6e768144' },
  highContrast: { text: '#ffffff', line: '#3ff2ff', reference: '#ffb000', grid: '#ffffff99' },
  highContrastLight: { text: '#000000', line: '#0f4a85', reference: '#b5200d', grid: '#00000099' },
};

/** What a small curve shows: one quantity over the steps, and a level to compare it with. */
export interface Curve {
  readonly title: string;
  readonly series: Series;
  readonly reference?: { readonly value: number; readonly label: string };
  /** Marks single measurements where there are few of them. */
  readonly marks: boolean;
}

export const curveSize = { width: 320, height: 92 } as const;
const plot = { left: 52, right: 312, top: 20, bottom: 74 } as const;

interface Point {
  readonly x: number;
  /** NaN is a gap. */
  readonly y: number;
}

/**
 * The curve as an SVG document of `curveSize` pixels. The vertical axis is logarithmic when the values are positive
 * and span more than a factor of 20. Values that are not finite are gaps. Null when nothing finite was measured.
 */
export function svgCurve(curve: Curve, colours: CurveColours): string | null {
  const { steps, values } = curve.series;
  const points: Point[] = Array.from({ length: Math.min(steps.length, values.length) }, (_, i) => ({
    x: steps[i] ?? 0,
    y: values[i] ?? NaN,
  }));
  const finite = points.filter((point) => Number.isFinite(point.y));
  if (finite.length === 0) return null;
  const levels = finite.map((point) => point.y);
  if (curve.reference) levels.push(curve.reference.value);
  const vertical = verticalScale(levels);
  const lastStep = Math.max(...points.map((point) => point.x), 1);
  const toX = (step: number): number => plot.left + (step / lastStep) * (plot.right - plot.left);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${curveSize.width}" height="${curveSize.height}" font-family="sans-serif" font-size="10">`,
    text(8, 11, vertical.isLogarithmic ? `${curve.title} (log)` : curve.title, colours.text),
    rule(vertical.toY(vertical.high), colours.grid),
    rule(vertical.toY(vertical.low), colours.grid),
    text(plot.left - 5, vertical.toY(vertical.high) + 3, brief(vertical.high), colours.text, 'end'),
    text(plot.left - 5, vertical.toY(vertical.low) + 3, brief(vertical.low), colours.text, 'end'),
    text(plot.left, plot.bottom + 13, 'step 0', colours.text),
    text(plot.right, plot.bottom + 13, `step ${lastStep.toLocaleString('en-US')}`, colours.text, 'end'),
    `<path d="${pathOf(decimate(points), toX, vertical.toY)}" fill="none" stroke="${colours.line}" stroke-width="1.5"/>`,
  ];
  if (curve.marks && finite.length <= 40)
    for (const point of finite)
      parts.push(`<circle cx="${fixed(toX(point.x))}" cy="${fixed(vertical.toY(point.y))}" r="2.5" fill="${colours.line}"/>`);
  if (curve.reference) {
    const y = vertical.toY(curve.reference.value);
    parts.push(
      `<line x1="${plot.left}" x2="${plot.right}" y1="${fixed(y)}" y2="${fixed(y)}" stroke="${colours.reference}" stroke-dasharray="5 3" stroke-width="1.5"/>`,
      text(plot.right, 11, `- - ${curve.reference.label}`, colours.reference, 'end'),
    );
  }
  return `${parts.join('')}</svg>`;
}

/** The same as an address that a Markdown picture can have. */
export function dataUri(svg: string): string {
  return `data:image/svg+xml;base64,${Buffer.from(svg, 'utf8').toString('base64')}`;
}

interface VerticalScale {
  readonly low: number;
  readonly high: number;
  readonly isLogarithmic: boolean;
  readonly toY: (value: number) => number;
}

function verticalScale(levels: readonly number[]): VerticalScale {
  const low = Math.min(...levels);
  const high = Math.max(...levels);
  const isLogarithmic = low > 0 && high / low > 20;
  const forward = isLogarithmic ? Math.log : (value: number): number => value;
  const span = forward(high) - forward(low);
  const toY = (value: number): number =>
    span === 0 ? (plot.top + plot.bottom) / 2 : plot.bottom - ((forward(value) - forward(low)) / span) * (plot.bottom - plot.top);
  return { low, high, isLogarithmic, toY };
}

/** At most two points (least and greatest) for each of about 130 columns, so that spikes survive. */
function decimate(points: readonly Point[]): readonly Point[] {
  const buckets = 130;
  if (points.length <= 2 * buckets) return points;
  const kept: Point[] = [];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const part = points.slice(
      Math.floor((bucket * points.length) / buckets),
      Math.floor(((bucket + 1) * points.length) / buckets),
    );
    const sorted = part.filter((point) => Number.isFinite(point.y)).sort((a, b) => a.y - b.y);
    const [least, greatest] = [sorted[0], sorted[sorted.length - 1]];
    if (!least || !greatest) kept.push({ x: part[0]?.x ?? 0, y: NaN });
    else kept.push(...(least.x <= greatest.x ? [least, greatest] : [greatest, least]));
  }
  return kept;
}

function pathOf(points: readonly Point[], toX: (x: number) => number, toY: (y: number) => number): string {
  let path = '';
  let isDrawing = false;
  for (const { x, y } of points) {
    if (Number.isFinite(y)) path += `${isDrawing ? 'L' : 'M'}${fixed(toX(x))} ${fixed(toY(y))}`;
    isDrawing = Number.isFinite(y);
  }
  return path;
}

function rule(y: number, colour: string): string {
  return `<line x1="${plot.left}" x2="${plot.right}" y1="${fixed(y)}" y2="${fixed(y)}" stroke="${colour}"/>`;
}

function text(x: number, y: number, content: string, colour: string, anchor: 'start' | 'end' = 'start'): string {
  return `<text x="${fixed(x)}" y="${fixed(y)}" fill="${colour}" text-anchor="${anchor}">${escapeXml(content)}</text>`;
}

const fixed = (value: number): string => String(Math.round(value * 10) / 10);

function escapeXml(content: string): string {
  return content.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

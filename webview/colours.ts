import type { Hue, Trace } from './figures/figure';

/** What the panel draws with, read from the editor's theme. Colours as `#rrggbb` or `rgba(...)`. */
export interface Theme {
  readonly hues: Readonly<Record<'blue' | 'green' | 'yellow' | 'orange' | 'red' | 'purple' | 'foreground', string>>;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly background: string;
  readonly fontFamily: string;
  readonly highContrast: boolean;
}

/** Layers from input to output run from cold to warm. */
const depthStops = ['blue', 'green', 'yellow', 'orange', 'red'] as const;

/** The colour that the theme gives to a hue; depths are mixed from neighbouring tokens. */
export function colourOf(hue: Hue, theme: Theme): string {
  if ('token' in hue) return theme.hues[hue.token];
  const place = Math.min(1, Math.max(0, hue.depth)) * (depthStops.length - 1);
  const from = Math.min(depthStops.length - 2, Math.floor(place));
  return mix(theme.hues[depthStops[from] ?? 'blue'], theme.hues[depthStops[from + 1] ?? 'red'], place - from);
}

/** A colour that the browser works out: a variable, or a mixture with one. */
const isExpression = (colour: string): boolean => colour.startsWith('var(') || colour.startsWith('color-mix(');

/** `a` and `b` mixed in the given share of `b`, by the browser where one is an expression; other colours that are not `#rrggbb` are chosen. */
export function mix(a: string, b: string, share: number): string {
  if (isExpression(a) || isExpression(b)) return `color-mix(in srgb, ${b} ${Math.round(1000 * share) / 10}%, ${a})`;
  const from = channels(a);
  const to = channels(b);
  if (!from || !to) return share < 0.5 ? a : b;
  const mixed = from.map((channel, index) => Math.round(channel + share * ((to[index] as number) - channel)));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** The colour without its transparency: `#rrggbb` where it can be read. */
export function opaque(colour: string): string {
  const parts = /^rgba\((\d+),\s*(\d+),\s*(\d+),/.exec(colour)?.slice(1);
  return parts ? `#${parts.map((part) => Number(part).toString(16).padStart(2, '0')).join('')}` : colour;
}

function channels(colour: string): number[] | null {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  return match ? match.slice(1).map((digits) => parseInt(digits, 16)) : null;
}

/** Which of the candidates stands out most from a ground (WCAG's contrast of relative luminances); colours that are not `#rrggbb` do not. */
export function contrastOf(ground: string, candidates: readonly [string, string]): string {
  const [below, first, second] = [ground, ...candidates].map(luminance) as [number, number, number];
  const contrast = (above: number): number => (Math.max(above, below) + 0.05) / (Math.min(above, below) + 0.05);
  return contrast(first) >= contrast(second) ? candidates[0] : candidates[1];
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (channels(colour) ?? []).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const plainDashes: Readonly<Record<Trace['dash'], readonly number[]>> = { solid: [], dashed: [6, 4], dotted: [1.5, 3] };

/** In high contrast lines differ by their dashes too. */
const contrastDashes: readonly (readonly number[])[] = [
  [],
  [8, 3],
  [2, 3],
  [10, 3, 2, 3],
  [5, 5],
  [14, 4],
  [2, 6],
  [10, 3, 2, 3, 2, 3],
];

/** Lengths of dashes and gaps, in pixels, of the trace at a place of its figure. */
export function dashOf(trace: Trace, index: number, theme: Theme): readonly number[] {
  return dashesOf(trace.dash, index, theme);
}

/** Lengths of dashes and gaps, in pixels, of a line at a place among others. */
export function dashesOf(dash: Trace['dash'], index: number, theme: Theme): readonly number[] {
  if (!theme.highContrast || dash !== 'solid') return plainDashes[dash];
  return contrastDashes[index % contrastDashes.length] ?? [];
}

/** The colour with some of its opacity. */
export function withAlpha(colour: string, alpha: number): string {
  if (alpha >= 1) return colour;
  if (isExpression(colour)) return mix(colour, 'transparent', 1 - alpha);
  const hex = /^#([0-9a-f]{6})$/i.exec(colour);
  if (hex)
    return `${colour}${Math.round(alpha * 255)
      .toString(16)
      .padStart(2, '0')}`;
  const parts = /^rgba?\(([^,]+),([^,]+),([^,]+)(?:,([^)]+))?\)$/.exec(colour);
  return parts ? `rgba(${parts[1]},${parts[2]},${parts[3]},${alpha * Number(parts[4] ?? 1)})` : colour;
}

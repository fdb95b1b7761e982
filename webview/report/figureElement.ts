import type { Paper } from '../charts/paper';
import { colourOf, dashesOf, type Theme } from '../colours';
import type { LegendItem } from '../inspect/drawing';
import { escaped, SvgPen, type Palette } from './svgPen';

/** The page's own variables: the browser mixes them, so that one picture serves light, dark and paper. */
export const theme: Theme = {
  hues: {
    blue: 'var(--blue)',
    green: 'var(--green)',
    yellow: 'var(--yellow)',
    orange: 'var(--orange)',
    red: 'var(--red)',
    purple: 'var(--purple)',
    foreground: 'var(--text)',
  },
  text: 'var(--text)',
  muted: 'var(--muted)',
  grid: 'var(--grid)',
  background: 'var(--ground)',
  fontFamily: 'system-ui, sans-serif',
  highContrast: false,
};

/** Size of a picture, in its own units: the page scales it. */
export const [width, height] = [520, 300];

/** A picture of the page with what is said about it. */
export interface PageFigure {
  readonly title: string;
  readonly note: string;
  /** For those who hear it. */
  readonly summary: string;
  readonly legend: readonly LegendItem[];
  /** Markup that stands below. */
  readonly below: string;
  readonly paint: (paper: Paper) => void;
}

/** The figure as markup. */
export function figureElement({ title, note, summary, legend, below, paint }: PageFigure, palette: Palette): string {
  const pen = new SvgPen(palette);
  paint({ context: pen, width, height });
  const items = legend.map(({ label, hue, dash }, index) => {
    const dashes = dashesOf(dash, index, theme).join(' ');
    const line = `<path class="${palette.nameOf(colourOf(hue, theme))}" d="M0 5h20" stroke="currentColor" stroke-width="2"${dashes === '' ? '' : ` stroke-dasharray="${dashes}"`}/>`;
    return `<span><svg class="swatch" viewBox="0 0 20 10" aria-hidden="true">${line}</svg> ${escaped(label)}</span>`;
  });
  return `<figure><figcaption>${escaped(title)}</figcaption>${pen.svg(width, height, summary)}
${items.length > 0 ? `<p class="legend">${items.join(' ')}</p>` : ''}<p class="quiet">${escaped(note)}</p>${below}</figure>`;
}

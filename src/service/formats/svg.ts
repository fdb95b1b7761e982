import type { Series } from '../../records/measurement';

/** A named curve. */
export interface Line {
  readonly title: string;
  readonly series: Series;
}

const width = 480;
const height = 240;
const margin = { left: 56, right: 8, top: 8, bottom: 36 };
const colours = ['var(--a)', 'var(--b)', 'var(--c)', 'var(--d)'];
const dashes = ['', '6 3', '2 3', '8 3 2 3'];

/** A line chart over steps. On a log scale values at or below 0 are left out; gaps stand where a value is not finite. */
export function lineChart(lines: readonly Line[], scale: 'log' | 'linear', escape: (text: string) => string): string {
  const shown = (value: number): boolean => Number.isFinite(value) && (scale === 'linear' || value > 0);
  const toAxis = (value: number): number => (scale === 'log' ? Math.log10(value) : value);
  const values = lines.flatMap(({ series }) => Array.from(series.values).filter(shown).map(toAxis));
  if (values.length === 0) return '<p class="quiet">No finite value.</p>';
  const low = values.reduce((a, b) => Math.min(a, b));
  const top = values.reduce((a, b) => Math.max(a, b));
  const span = top - low || 1;
  const last = lines.reduce((end, { series }) => Math.max(end, Number(series.steps[series.steps.length - 1] ?? 0)), 1);
  const x = (step: number): number => margin.left + (step / last) * (width - margin.left - margin.right);
  const y = (value: number): number => margin.top + (1 - (toAxis(value) - low) / span) * (height - margin.top - margin.bottom);
  const paths = lines.map(({ title, series }, i) => {
    const line = pathOf(series, shown, x, y);
    return `<path d="${line}" fill="none" stroke="${colours[i % 4]}" stroke-dasharray="${dashes[Math.floor(i / 4) % 4]}"><title>${escape(title)}</title></path>`;
  });
  const label = (value: number): string => String(Number((scale === 'log' ? 10 ** value : value).toPrecision(3)));
  const axes = `<text x="${margin.left - 6}" y="${margin.top + 10}" text-anchor="end">${label(top)}</text>
<text x="${margin.left - 6}" y="${height - margin.bottom}" text-anchor="end">${label(low)}</text>
<text x="${margin.left}" y="${height - 20}">step 0</text><text x="${width - margin.right}" y="${height - 20}" text-anchor="end">${last}</text>`;
  const legend = lines
    .slice(0, 12)
    .map(({ title }, i) => `<span style="color:${colours[i % 4]}">■</span> ${escape(title)}`)
    .join(' &nbsp; ');
  return `<svg viewBox="0 0 ${width} ${height}" role="img">${axes}${paths.join('')}</svg><p class="quiet">${legend}</p>`;
}

function pathOf(
  series: Series,
  shown: (value: number) => boolean,
  x: (step: number) => number,
  y: (value: number) => number,
): string {
  let line = '';
  let pen = 'M';
  Array.from(series.values).forEach((value, i) => {
    if (!shown(value)) {
      pen = 'M';
      return;
    }
    line += `${pen}${x(Number(series.steps[i])).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = 'L';
  });
  return line;
}

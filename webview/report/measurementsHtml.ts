import { quantities, type Measurements, type Quantity, type QuantityName } from '../../src/records/measurement';
import { appendColumn, type Column } from '../columns';
import { figures } from '../figures/all';
import type { Figure } from '../figures/figure';
import { defaultChoice, defaultNavigation } from '../navigation';
import { plotBox } from '../inspect/plotBox';
import { plotView } from '../plot/view';
import { describeFigure, describeOutside } from '../plot/words';
import { figureElement, height, theme, width } from './figureElement';
import { paintFigure } from './paintFigure';
import type { Palette } from './svgPen';

/** The panel's figures of a run, as markup: those of which something was measured. */
export function measurementsHtml(measurements: Measurements, palette: Palette): string {
  const columns = new Map<Quantity, Column>();
  for (const [name, series] of Object.entries(measurements))
    if (series && isQuantity(name))
      columns.set(name, appendColumn(undefined, Float64Array.from(series.steps), Float64Array.from(series.values)));
  const last = Math.max(1, ...[...columns.values()].map(({ steps }) => steps[steps.length - 1] ?? 0));
  return figures.map((figure) => figureHtml(figure, columns, last, palette)).join('');
}

const isQuantity = (name: string): name is Quantity => (name.split('/')[0] as QuantityName) in quantities;

function figureHtml(figure: Figure, columns: ReadonlyMap<Quantity, Column>, last: number, palette: Palette): string {
  const traces = figure.traces(columns);
  const box = plotBox({ width, height });
  const [wide, high] = [box.right - box.left, box.bottom - box.top];
  const steps = [0, last] as const;
  const request = { figure, traces, choice: defaultChoice, navigation: defaultNavigation, steps, width: wide, height: high };
  const view = plotView(request);
  if (!view) return '';
  const note = [view.window > 1 ? `mean of ${view.window} steps` : '', describeOutside(view.outside, view.brokenAt) ?? ''];
  return figureElement(
    {
      title: figure.title,
      note: note.filter((words) => words !== '').join(' · '),
      summary: describeFigure(figure, traces),
      legend: traces.map(({ label, hue, dash }) => ({ label, hue, dash })),
      below: '',
      paint: (paper) => paintFigure(paper, view, ['step', figure.axis], theme),
    },
    palette,
  );
}

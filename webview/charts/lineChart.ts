import { Chart, LinearScale, LineController, LineElement, PointElement, type ChartDataset, type Plugin } from 'chart.js';
import { colourOf, dashOf, withAlpha, type Theme } from '../colours';
import type { Point } from '../plot/decimate';
import type { Axis, PlotLine, PlotView } from '../plot/view';
import { paintBehind, paintCursor, type CursorMark } from './layers';

Chart.register(LineController, LineElement, PointElement, LinearScale);

/** Room for the labels of the upright axis: the same in all charts, so that their steps stand above each other. */
const labelWidth = 52;

type LineDataset = ChartDataset<'line', Point[]>;

/** One canvas on which views are painted. The only class that knows chart.js. */
export class LineChart {
  private readonly chart: Chart<'line', Point[]>;
  private view: PlotView | null = null;
  private theme: Theme | null = null;
  private cursor: CursorMark | null = null;
  /** The lines on the canvas, by what they are. */
  private drawn: ReadonlyMap<string, LineDataset> = new Map();

  /** `onResize` is called after the canvas got another size: the view must be made anew for it. */
  constructor(canvas: HTMLCanvasElement, onResize: () => void) {
    const layers: Plugin<'line'> = {
      id: 'layers',
      beforeDatasetsDraw: (chart) => {
        if (this.view && this.theme) paintBehind(chart, this.view, this.theme);
      },
      afterDatasetsDraw: (chart) => {
        if (this.view && this.theme && this.cursor) paintCursor(chart, this.view, this.theme, this.cursor);
      },
    };
    this.chart = new Chart<'line', Point[]>(canvas, {
      type: 'line',
      data: { datasets: [] },
      plugins: [layers],
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        responsive: true,
        maintainAspectRatio: false,
        resizeDelay: 50,
        events: [],
        onResize,
        layout: { padding: { top: 6, right: 12 } },
        elements: { line: { tension: 0, borderJoinStyle: 'round' } },
        scales: { x: { type: 'linear' }, y: { type: 'linear' } },
      },
    });
  }

  /** Paints a view. */
  draw(view: PlotView, theme: Theme, emphasis: string | null): void {
    this.view = view;
    this.theme = theme;
    const order = [...new Set(view.lines.map(({ trace }) => trace.key))];
    // A line keeps its object, for which chart.js keeps its points; with or without dots, and in other colours, it is another
    // one, since chart.js does not restyle the points that it has.
    const kept = new Map<string, LineDataset>();
    for (const line of view.lines) {
      const style = styleOf(line, view.x, order.indexOf(line.trace.key), order.length, theme, emphasis);
      const dots = line.dots || line.points.length === 1 ? colourOf(line.trace.hue, theme) : '';
      const key = `${line.trace.key} ${line.role} ${dots}`;
      const drawn = this.drawn.get(key) ?? { data: [] };
      kept.set(key, Object.assign(drawn, style, { data: line.points as Point[] }));
    }
    this.drawn = kept;
    this.chart.data.datasets = [...kept.values()];
    const scales = this.chart.options.scales;
    if (scales) {
      scales['x'] = axisOptions(view.x, theme, 'x');
      scales['y'] = axisOptions(view.y, theme, 'y');
    }
    this.chart.update('none');
  }

  /** Moves the cursor, or takes it away. Cheap: nothing is computed anew. */
  setCursor(cursor: CursorMark | null): void {
    if (this.cursor === null && cursor === null) return;
    this.cursor = cursor;
    if (this.view) this.chart.draw();
  }

  /** The step below a place of the pointer; null outside of the plot. */
  stepAt(clientX: number): number | null {
    if (!this.view) return null;
    const { left, right } = this.chart.chartArea;
    const x = clientX - this.chart.canvas.getBoundingClientRect().left;
    if (x < left - 4 || x > right + 4) return null;
    const position = this.chart.scales['x']?.getValueForPixel(Math.min(right, Math.max(left, x)));
    return position === undefined ? null : this.view.x.scale.inverse(position);
  }

  /** Pixels from the left edge of the canvas to a step; null outside of the plot. */
  pixelAt(step: number): number | null {
    if (!this.view) return null;
    const { left, right } = this.chart.chartArea;
    const pixel = this.chart.scales['x']?.getPixelForValue(this.view.x.scale.forward(step));
    return pixel === undefined || pixel < left - 1 || pixel > right + 1 ? null : pixel;
  }

  /** Size of the plot between its axes, in pixels. */
  plotSize(): { readonly width: number; readonly height: number } {
    // Of the box and not of the canvas, which follows a little later.
    const { clientWidth, clientHeight } = this.chart.canvas.parentElement ?? this.chart.canvas;
    return { width: Math.max(50, clientWidth - labelWidth - 12), height: Math.max(50, clientHeight - 44) };
  }
}

function styleOf(
  line: PlotLine,
  x: Axis,
  index: number,
  count: number,
  theme: Theme,
  emphasis: string | null,
): Partial<ChartDataset<'line', Point[]>> {
  const colour = colourOf(line.trace.hue, theme);
  const leaves = (line.points[0]?.x ?? x.low) < x.low || (line.points[line.points.length - 1]?.x ?? x.high) > x.high;
  const faded = emphasis !== null && emphasis !== line.trace.key;
  const width = count > 6 ? 1.25 : 1.75;
  return {
    borderColor: withAlpha(colour, faded ? 0.2 : line.role === 'raw' ? 0.35 : 1),
    borderWidth: line.role === 'raw' ? 0.75 : emphasis === line.trace.key ? width + 1 : width,
    borderDash: line.role === 'raw' ? [] : [...dashOf(line.trace, index, theme)],
    // Lower is nearer to the eye: limits over lines over raw lines.
    order: line.role === 'raw' ? 2 : line.trace.above === undefined ? 1 : 0,
    backgroundColor: withAlpha(colour, faded ? 0.2 : 1),
    pointRadius: line.dots || line.points.length === 1 ? 2.25 : 0,
    pointBorderWidth: 0,
    pointHitRadius: 0,
    clip: { left: leaves ? 0 : 3, top: 2, right: leaves ? 0 : 3, bottom: 2 },
  };
}

function axisOptions(axis: Axis, theme: Theme, which: 'x' | 'y'): object {
  const labels = new Map(axis.ticks.map(({ position, label }) => [position, label]));
  return {
    type: 'linear',
    min: axis.low,
    max: axis.high,
    afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
      scale.ticks = axis.ticks.map(({ position }) => ({ value: position }));
    },
    ...(which === 'y' ? { afterFit: (scale: { width: number }) => void (scale.width = labelWidth) } : {}),
    border: { color: withAlpha(theme.grid, 0.6) },
    grid: { color: withAlpha(theme.grid, theme.highContrast ? 0.4 : 0.18), drawTicks: false },
    title:
      which === 'x'
        ? { display: true, text: axisTitle(axis), color: theme.muted, font: font(theme), padding: 0 }
        : { display: false },
    ticks: {
      callback: (value: number | string) => labels.get(Number(value)) ?? '',
      color: theme.muted,
      font: font(theme),
      padding: 6,
      autoSkip: which === 'x',
      maxRotation: 0,
    },
  };
}

function axisTitle(axis: Axis): string {
  return axis.scale.kind === 'linear' ? 'optimizer step' : 'optimizer step, logarithmic';
}

function font(theme: Theme): { family: string; size: number } {
  return { family: theme.fontFamily, size: 11 };
}

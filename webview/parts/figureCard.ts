import type { Quantity } from '../../src/records/measurement';
import { LineChart } from '../charts/lineChart';
import type { Theme } from '../colours';
import type { Column } from '../columns';
import { element, setShown, setText } from '../dom';
import type { Figure, Trace } from '../figures/figure';
import { groupThousands } from '../format';
import { choiceOf, type FigureChoice, type Navigation } from '../navigation';
import { nearestStop, stopsOf } from '../plot/steps';
import { plotView, type PlotView } from '../plot/view';
import { describeFigure, describeOutside, describeStep } from '../plot/words';
import { makeButton } from '../toolkit';
import { fillTable } from './figureTable';
import { makeLegend, type Legend } from './legend';
import { listenToPlot } from './plotInput';

/** Where the cursor stands in all figures; `from` while a range is being drawn. */
export interface Cursor {
  readonly step: number;
  readonly from: number | null;
}

/** What all figures share. */
export interface Scene {
  readonly columns: ReadonlyMap<Quantity, Column>;
  readonly navigation: Navigation;
  readonly steps: readonly [number, number];
  readonly theme: Theme;
}

/** What a figure asks of the panel. */
export interface FigureListener {
  /** Where the cursor stands now, drawn there or not yet: a key may come before the frame that draws it. */
  cursor(): Cursor | null;
  onChoice(figure: string, change: Partial<FigureChoice>): void;
  onCursor(cursor: Cursor | null): void;
  onRange(range: readonly [number, number] | null): void;
  /** The loss surface at a step is asked for. */
  onInspect(step: number): void;
  /** Words to be spoken. */
  say(words: string): void;
  /** The figure must be drawn anew. */
  onStale(): void;
}

/** A figure with its title, tools, legend, chart and table, in a box of fixed height. */
export class FigureCard {
  readonly root: HTMLElement;
  private readonly legend: Legend;
  private readonly chart: LineChart;
  private readonly canvas = element('canvas', {
    attributes: { role: 'application', 'aria-roledescription': 'chart', tabindex: '0' },
  });
  private readonly plot: HTMLElement;
  private readonly table = element('div', { class: 'figure-table', attributes: { tabindex: '0', role: 'region' } });
  private readonly axis = element('span', { class: 'figure-axis' });
  private readonly outside: HTMLElement;
  private readonly chip: HTMLButtonElement;
  /** The step that the chip stands at; null while it is not shown. */
  private picked: number | null = null;
  private readonly log: HTMLElement;
  private readonly tableToggle: HTMLElement;
  private scene: Scene | null = null;
  private traces: readonly Trace[] = [];
  private view: PlotView | null = null;
  private emphasis: string | null = null;
  private tableKey = '';
  /** What the last drawing was made from: it is not made twice. */
  private look: readonly unknown[] = [];
  private stops: Float64Array | null = null;
  private visible = true;

  constructor(
    private readonly figure: Figure,
    private readonly listener: FigureListener,
  ) {
    const title = element('h3', { class: 'figure-title', text: figure.title });
    this.log = makeButton('log', 'icon', () => this.choose({ log: !this.isLog() }));
    this.log.setAttribute('title', 'Logarithmic upright axis');
    this.log.setAttribute('aria-label', `log, upright axis of ${figure.title}`);
    this.tableToggle = makeButton('table', 'icon', () => this.choose({ table: !this.choice().table }));
    this.tableToggle.setAttribute('title', 'The values as a table');
    this.tableToggle.setAttribute('aria-label', `table of ${figure.title}`);
    this.outside = element('button', {
      class: 'chip',
      attributes: { type: 'button' },
      onClick: () => this.choose({ wide: !this.choice().wide }),
    });
    this.legend = makeLegend(
      figure,
      (key) => this.toggleTrace(key),
      (key) => this.emphasise(key),
    );
    const empty = element('p', { class: 'figure-empty', text: figure.empty });
    this.chip = element('button', {
      class: 'inspect-chip',
      attributes: { type: 'button', title: 'See the loss surface at this step (key I)' },
      onClick: () => this.inspectPicked(),
    });
    this.plot = element('div', { class: 'plot' }, [element('div', { class: 'plot-canvas' }, [this.canvas]), empty, this.chip]);
    setShown(this.chip, false);
    this.table.setAttribute('aria-label', `${figure.title}, values`);
    this.root = element('section', { class: 'figure', attributes: { 'aria-label': figure.title } }, [
      element('div', { class: 'figure-head' }, [title, element('div', { class: 'figure-tools' }, [this.log, this.tableToggle])]),
      element('div', { class: 'figure-sub' }, [this.axis, this.outside]),
      this.legend.root,
      this.plot,
      this.table,
    ]);
    this.chart = new LineChart(this.canvas, () => listener.onStale());
    this.listen();
  }

  /** Draws the figure from the columns as they are now. */
  update(scene: Scene): void {
    this.scene = scene;
    if (!this.visible) return;
    const { figure, chart } = this;
    const { columns, navigation, steps, theme } = scene;
    const { width, height } = chart.plotSize();
    const look = [columns, navigation, theme, ...steps, width, height];
    if (look.every((part, index) => part === this.look[index])) return;
    this.look = look;
    this.stops = null;
    const choice = this.choice();
    this.traces = figure.traces(scene.columns);
    const shown = this.shownTraces();
    // The legend comes first: the plot gets the room that it leaves.
    this.root.classList.toggle('figure-many', this.traces.length > 6);
    this.legend.update(this.traces, choice.hidden, this.listener.cursor()?.step ?? null, theme);
    this.view = plotView({ figure, traces: shown, choice, navigation, steps, width, height });
    this.root.classList.toggle('figure-unmeasured', this.view === null);
    setText(this.axis, this.view && this.view.window > 1 ? `${figure.axis} · mean of ${this.view.window} steps` : figure.axis);
    this.updateTools(choice);
    this.canvas.setAttribute(
      'aria-label',
      `${describeFigure(figure, shown)} Arrow keys move along the steps, I inspects the loss surface there.`,
    );
    if (this.view) chart.draw(this.view, theme, this.emphasis);
    this.placeChip();
    if (choice.table) this.updateTable(shown);
  }

  /** Shows the cursor, without drawing the figure anew. */
  showCursor(): void {
    if (!this.visible || !this.scene) return;
    const cursor = this.listener.cursor();
    this.chart.setCursor(cursor);
    this.legend.update(this.traces, this.choice().hidden, cursor?.step ?? null, this.scene.theme);
  }

  private listen(): void {
    listenToPlot(this.canvas, this.chart, {
      point: (step, from) => this.listener.onCursor(step === null ? null : this.cursorAt(step, from)),
      move: (stops) => this.moveCursor(stops),
      choose: (range) => {
        this.pick(null);
        this.listener.onRange(range);
      },
      pick: (step) => this.pick(this.cursorAt(step, null).step),
      inspect: () => this.inspectPicked(),
      chooseFromCursor: (end) => this.chooseFromCursor(end),
    });
    // Figures that are scrolled far away cost nothing.
    const onMove = (entries: IntersectionObserverEntry[]): void => {
      const visible = entries[entries.length - 1]?.isIntersecting ?? true;
      if (visible && !this.visible) {
        this.look = [];
        this.listener.onStale();
      }
      this.visible = visible;
    };
    new IntersectionObserver(onMove, { rootMargin: '400px' }).observe(this.root);
  }

  private choice(): FigureChoice {
    return this.scene ? choiceOf(this.scene.navigation, this.figure.id) : { log: null, table: false, hidden: [], wide: false };
  }

  private choose(change: Partial<FigureChoice>): void {
    this.listener.onChoice(this.figure.id, change);
  }

  private isLog(): boolean {
    return this.view ? this.view.y.scale.kind !== 'linear' : (this.choice().log ?? this.figure.logByDefault);
  }

  private shownTraces(): Trace[] {
    const { hidden } = this.choice();
    return this.traces.filter(({ key }) => !hidden.includes(key));
  }

  private toggleTrace(key: string): void {
    const { hidden } = this.choice();
    this.choose({ hidden: hidden.includes(key) ? hidden.filter((other) => other !== key) : [...hidden, key] });
  }

  private emphasise(key: string | null): void {
    this.emphasis = key;
    if (this.view && this.scene) this.chart.draw(this.view, this.scene.theme, key);
  }

  private updateTools(choice: FigureChoice): void {
    this.log.setAttribute('aria-pressed', String(this.isLog()));
    this.tableToggle.setAttribute('aria-pressed', String(choice.table));
    setShown(this.table, choice.table);
    setShown(this.plot, !choice.table);
    const words = this.view && describeOutside(this.view.outside, this.view.brokenAt);
    const canShow = this.view !== null && this.view.outside.above + this.view.outside.below > 0;
    setShown(this.outside, words !== null);
    setText(this.outside, `${words ?? ''}${canShow ? ' · show' : ''}`);
    this.outside.toggleAttribute('disabled', !canShow);
    this.outside.setAttribute('title', 'Values that these axes do not show');
  }

  private updateTable(shown: readonly Trace[]): void {
    const key = shown.map((trace) => `${trace.key}:${trace.steps.length}`).join();
    if (key === this.tableKey && this.table.childElementCount > 0) return;
    this.tableKey = key;
    fillTable(this.table, this.figure, shown);
  }

  private cursorAt(step: number, from: number | null): Cursor {
    return { step: nearestStop(this.allStops(), step) ?? Math.round(step), from };
  }

  private moveCursor(by: number): void {
    if (!this.scene) return;
    const [first, last] = this.scene.steps;
    const stops = this.allStops().filter((stop) => stop >= first && stop <= last);
    if (stops.length === 0) return;
    const current = this.listener.cursor()?.step;
    const at = current === undefined ? (by > 0 ? -1 : stops.length) : stops.indexOf(nearestStop(stops, current) ?? 0);
    const step = stops[Math.min(stops.length - 1, Math.max(0, at + by))] as number;
    this.listener.onCursor({ step, from: null });
    this.pick(step);
    this.listener.say(describeStep(this.figure, this.shownTraces(), step));
  }

  /** The chip that asks for the loss surface goes to `step`, or away. */
  private pick(step: number | null): void {
    this.picked = step;
    this.placeChip();
  }

  private placeChip(): void {
    const at = this.picked === null ? null : this.chart.pixelAt(this.picked);
    setShown(this.chip, at !== null && this.picked !== null);
    if (at === null || this.picked === null) return;
    setText(this.chip, `Inspect step ${groupThousands(this.picked)}`);
    const room = this.plot.clientWidth - this.chip.offsetWidth - 12;
    this.chip.style.left = `${Math.max(56, Math.min(room, at + 6))}px`;
  }

  private inspectPicked(): void {
    const step = this.listener.cursor()?.step ?? this.picked;
    if (step === null) return;
    this.pick(null);
    this.listener.onInspect(step);
  }

  private allStops(): Float64Array {
    this.stops ??= stopsOf(this.shownTraces());
    return this.stops;
  }

  private chooseFromCursor(end: 'start' | 'end'): void {
    const step = this.listener.cursor()?.step;
    if (!this.scene || step === undefined) return;
    const [first, last] = this.scene.steps;
    const range: readonly [number, number] = end === 'start' ? [step, last] : [first, step];
    if (range[1] <= range[0]) return;
    this.listener.onRange(range);
    this.listener.say(`Steps ${groupThousands(range[0])} to ${groupThousands(range[1])}`);
  }
}

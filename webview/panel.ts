import { element, setText } from './dom';
import { figures } from './figures/all';
import { post, storedState, storeState } from './host';
import { parseNavigation, withChoice, type Navigation, type ViewName } from './navigation';
import { makeChecksList } from './parts/checks';
import { FigureCard, type Cursor, type FigureListener, type Scene } from './parts/figureCard';
import { makeFindingsList } from './parts/findings';
import { makeHeader } from './parts/header';
import { InspectionView } from './parts/inspection';
import { makeTabs, type Tabs } from './parts/tabs';
import { makeToolbar } from './parts/toolbar';
import { groupThousands } from './format';
import { stepRange } from './plot/steps';
import { makeButton } from './toolkit';
import { throttled } from './schedule';
import { emptyModel, receive, type PanelModel } from './state';
import { onThemeChange, readTheme } from './theme';
import { describeEnd, describePhase, isOnlyRead, isRunning } from './words';
import type { PanelState, ToPanel } from '../src/protocol/panel';

/** Shown until the host's first snapshot. */
const nothingYet: PanelState = { unit: null, phase: 'idle', fraction: 0, text: '', report: null, stale: false, trust: '' };

/** The panel as a whole: keeps the model and the choices, and draws both. */
export class Panel {
  private model: PanelModel = emptyModel;
  private navigation: Navigation = parseNavigation(storedState());
  private cursor: Cursor | null = null;
  private theme = readTheme();
  /** The chart from which the keyboard went to the loss surface, with the step that it stood at: it goes back there. */
  private left: { readonly chart: HTMLElement; readonly cursor: Cursor | null } | null = null;
  private readonly header = makeHeader();
  private readonly findings = makeFindingsList();
  private readonly checks = makeChecksList(this.navigation.open, (section, open) => this.fold(section, open));
  private readonly toolbar = makeToolbar(this.navigation, (change) => this.navigate({ ...this.navigation, ...change }));
  private readonly spoken = element('div', { class: 'spoken', attributes: { 'aria-live': 'polite' } });
  private readonly charts = element('div', { class: 'figures' });
  private readonly cards: readonly FigureCard[];
  private readonly inspection: InspectionView;
  private readonly views: Tabs<ViewName>;
  private readonly inspectLast: HTMLElement;
  private readonly redraw = throttled(() => this.draw());
  private readonly moveCursor = throttledByFrame(() => this.cards.forEach((card) => card.showCursor()));

  constructor(root: HTMLElement) {
    const listener: FigureListener = {
      cursor: () => this.cursor,
      onChoice: (figure, change) => this.navigate(withChoice(this.navigation, figure, change)),
      onCursor: (cursor) => this.point(cursor),
      onRange: (range) => this.navigate({ ...this.navigation, range }),
      onInspect: (step) => this.inspect(step, false),
      say: (words) => setText(this.spoken, words),
      onStale: () => this.redraw(),
    };
    this.cards = figures.map((figure) => new FigureCard(figure, listener));
    this.charts.append(...this.cards.map((card) => card.root));
    this.inspection = new InspectionView({
      inspect: (step, nearest) => this.inspect(step, nearest),
      drawPair: (step, nearest, pair) => post({ kind: 'inspect', step, nearest, pair }),
      leave: () => post({ kind: 'leaveInspection' }),
      help: () => post({ kind: 'guide' }),
      say: (words) => setText(this.spoken, words),
    });
    const run = element('div', {}, [this.toolbar.root, this.charts]);
    const views: readonly (readonly [ViewName, string])[] = [
      ['run', 'Run'],
      ['point', 'Loss surface'],
    ];
    this.views = makeTabs('Views', views, { run, point: this.inspection.root }, (view) => this.view(view));
    this.inspectLast = makeButton('', 'secondary', () => this.inspect(this.lastStep(), false));
    const measurements = element('section', { class: 'figures-column', attributes: { 'aria-label': 'Measurements' } }, [
      element('div', { class: 'views' }, [this.views.root, element('div', { class: 'views-action' }, [this.inspectLast])]),
      run,
      this.inspection.root,
    ]);
    measurements.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || event.defaultPrevented || this.navigation.view !== 'point') return;
      event.preventDefault();
      this.goBack();
    });
    const verdicts = element('div', { class: 'verdicts-column' }, [this.findings.root, this.checks.root]);
    root.replaceChildren(...this.header.parts, element('main', { class: 'columns' }, [verdicts, measurements]), this.spoken);
    onThemeChange(() => {
      this.theme = readTheme();
      this.redraw();
    });
    this.draw();
  }

  /** Takes in one message of the host. */
  accept(message: ToPanel): void {
    const { model, reply } = receive(this.model, message);
    const before = this.model.state;
    this.model = model;
    if (reply) post(reply);
    this.sayVerdict(before, model.state);
    // A unit that is opened, or a run that begins, without a point that was looked at: its charts are what there is to see.
    if (message.kind === 'snapshot' && !model.inspection) this.view('run');
    // An inspection that was asked for in the editor.
    if (message.kind === 'inspection' && message.news.kind === 'start') this.view('point');
    this.redraw();
  }

  /** The begin and the end of a run are news: each is said once. */
  private sayVerdict(before: PanelState | null, now: PanelState | null): void {
    if (!before || !now || isRunning(before.phase) === isRunning(now.phase)) return;
    setText(this.spoken, isRunning(now.phase) ? describePhase(now) : describeEnd(now));
  }

  private draw(): void {
    const state = this.model.state ?? nothingYet;
    this.header.update(state);
    this.findings.update(state);
    this.checks.update(state);
    this.toolbar.update(this.navigation);
    this.charts.classList.toggle('figures-idle', (state.phase === 'idle' || isOnlyRead(state)) && this.model.columns.size === 0);
    this.views.update(this.navigation.view);
    setText(this.inspectLast, `Inspect step ${groupThousands(this.lastStep())}`);
    this.inspectLast.toggleAttribute('disabled', state.unit === null || isOnlyRead(state) || this.model.columns.size === 0);
    if (this.navigation.view === 'point') {
      this.inspection.update(this.model.inspection, this.theme);
      return;
    }
    const scene = this.scene();
    for (const card of this.cards) card.update(scene);
  }

  /** The last step that was measured; 0 before a run. */
  private lastStep(): number {
    return Math.max(0, ...[...this.model.columns.values()].map(({ steps }) => steps[steps.length - 1] ?? 0));
  }

  private inspect(step: number, nearest: boolean): void {
    post({ kind: 'inspect', step, nearest });
    const { activeElement: chart } = document;
    const leaves = chart instanceof HTMLElement && this.charts.contains(chart);
    if (leaves) this.left = { chart, cursor: this.cursor };
    this.view('point');
    // The chart is hidden now: the keyboard would be nowhere.
    if (leaves) this.views.focus('point');
  }

  /** From the loss surface to the chart, and the step, that it was asked for at. */
  private goBack(): void {
    const { left } = this;
    this.left = null;
    this.view('run');
    if (!left) return this.views.focus('run');
    left.chart.focus();
    this.point(left.cursor);
  }

  /** What is still being computed for a view that is left is not wanted any more. */
  private view(view: ViewName): void {
    if (view === this.navigation.view) return;
    if (view === 'run' && this.model.inspection?.status === 'running') post({ kind: 'leaveInspection' });
    if (view === 'run') this.inspection.leave();
    this.navigate({ ...this.navigation, view });
    // At once, and not with the next drawing: the next key may come before it.
    this.views.update(view);
  }

  private scene(): Scene {
    const { columns, state } = this.model;
    const steps = stepRange(columns, isRunning(state?.phase ?? 'idle'), this.navigation.range);
    return { columns, navigation: this.navigation, steps, theme: this.theme };
  }

  private point(cursor: Cursor | null): void {
    if (cursor === this.cursor || (cursor?.step === this.cursor?.step && cursor?.from === this.cursor?.from)) return;
    this.cursor = cursor;
    this.moveCursor();
  }

  private navigate(navigation: Navigation): void {
    this.navigation = navigation;
    storeState(navigation);
    this.redraw();
  }

  private fold(section: string, open: boolean): void {
    const others = this.navigation.open.filter((other) => other !== section);
    this.navigate({ ...this.navigation, open: open ? [...others, section] : others });
  }
}

/** `work` in the next animation frame, once however often it is asked for. */
function throttledByFrame(work: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      work();
    });
  };
}

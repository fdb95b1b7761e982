import { paintDrawing } from '../charts/paintDrawing';
import type { Theme } from '../colours';
import { element, setShown, setText } from '../dom';
import { groupThousands } from '../format';
import type { Drawing, Place } from '../inspect/drawing';
import { makeButton } from '../toolkit';
import { fillSwatches } from './swatches';

const farAway = Number.MAX_SAFE_INTEGER;
const keys: Readonly<Record<string, Place>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
  Home: [-farAway, 0],
  End: [farAway, 0],
};

/** What a card has beside its drawing. */
export interface CardExtras {
  /** Controls beside the title. */
  readonly tools?: readonly HTMLElement[];
  /** Controls below the plot. */
  readonly below?: HTMLElement;
  /** A place was chosen, by a click or by Enter. */
  readonly onPick?: (place: Place) => void;
  /** The loss surface at the step of a place is asked for. */
  readonly onInspect?: (step: number) => void;
}

/** A drawing in a box of fixed height: title, note, legend, canvas with a cursor, and the numbers as a table. */
export class DrawingCard {
  readonly root: HTMLElement;
  private readonly title = element('h3', { class: 'figure-title' });
  private readonly note = element('p', { class: 'drawing-note' });
  private readonly legend = element('div', { class: 'legend' });
  private readonly canvas = element('canvas', {
    attributes: { role: 'application', 'aria-roledescription': 'chart', tabindex: '0' },
  });
  private readonly plot = element('div', { class: 'plot' }, [element('div', { class: 'plot-canvas' }, [this.canvas])]);
  private readonly table = element('div', { class: 'figure-table', attributes: { tabindex: '0', role: 'region' } });
  private readonly value = element('span', { class: 'drawing-value' });
  private readonly toggle: HTMLElement;
  private readonly inspect = makeButton('', 'secondary', () => this.picked !== null && this.extras.onInspect?.(this.picked));
  /** Step of the place that was pointed at last. */
  private picked: number | null = null;
  private drawing: Drawing | null = null;
  private theme: Theme | null = null;
  private cursor: Place | null = null;
  private asTable = false;

  /** `say`: words to be spoken. */
  constructor(
    kind: string,
    private readonly say: (words: string) => void,
    private readonly extras: CardExtras = {},
  ) {
    this.toggle = makeButton('table', 'icon', () => this.switchTable());
    this.toggle.setAttribute('title', 'The values as a table');
    const toolbox = element('div', { class: 'figure-tools' }, [...(extras.tools ?? []), this.toggle]);
    this.root = element('section', { class: `figure drawing drawing-${kind}` }, [
      element('div', { class: 'figure-head' }, [this.title, toolbox]),
      this.note,
      element('div', { class: 'drawing-line' }, [this.legend, this.value]),
      this.plot,
      this.table,
      ...(extras.below ? [extras.below] : []),
      ...(extras.onInspect ? [element('div', { class: 'player' }, [this.inspect])] : []),
    ]);
    setShown(this.table, false);
    new ResizeObserver(() => this.paint()).observe(this.plot);
    this.listen();
  }

  /** Shows a drawing; the cursor stays where the places are the same. */
  show(drawing: Drawing, theme: Theme): void {
    if (drawing.places.join() !== this.drawing?.places.join()) this.cursor = null;
    this.drawing = drawing;
    this.theme = theme;
    setText(this.title, drawing.title);
    setText(this.note, drawing.note);
    this.root.setAttribute('aria-label', drawing.title);
    this.table.setAttribute('aria-label', `${drawing.title}, values`);
    this.toggle.setAttribute('aria-label', `table of ${drawing.title}`);
    this.canvas.setAttribute('aria-label', `${drawing.summary} Arrow keys move over it.`);
    fillSwatches(this.legend, drawing.legend, theme);
    if (this.asTable) this.fillTable();
    this.pickStep(null);
    this.paint();
  }

  /** The button asks for the step of a place; it stays where the pointer was last. */
  private pickStep(place: Place | null): void {
    if (!this.extras.onInspect) return;
    // Elsewhere on the drawing the step that was pointed at last stays, so that the way to the button does not lose it.
    this.picked = (place && this.drawing?.stepAt?.(place)) ?? this.picked;
    setText(this.inspect, this.picked === null ? 'Point at a step to inspect it' : `Inspect step ${groupThousands(this.picked)}`);
    this.inspect.toggleAttribute('disabled', this.picked === null);
  }

  private paint(): void {
    const { drawing, theme, canvas } = this;
    const { clientWidth, clientHeight } = this.plot;
    const context = canvas.getContext('2d');
    if (!drawing || !theme || !context || clientWidth === 0 || clientHeight === 0) return;
    const ratio = window.devicePixelRatio;
    canvas.width = Math.round(clientWidth * ratio);
    canvas.height = Math.round(clientHeight * ratio);
    canvas.style.width = `${clientWidth}px`;
    canvas.style.height = `${clientHeight}px`;
    context.scale(ratio, ratio);
    paintDrawing({ context, width: clientWidth, height: clientHeight }, drawing.content, theme, this.cursor);
    setText(this.value, this.cursor ? drawing.describe(this.cursor) : '');
  }

  private listen(): void {
    const { canvas } = this;
    canvas.addEventListener('pointermove', (event) => {
      const box = canvas.getBoundingClientRect();
      const paper = { width: box.width, height: box.height };
      this.point(this.drawing?.placeAt(event.clientX - box.left, event.clientY - box.top, paper) ?? null);
    });
    canvas.addEventListener('pointerleave', () => this.point(null));
    canvas.addEventListener('blur', () => this.point(null));
    canvas.addEventListener('click', () => this.pick());
    canvas.addEventListener('keydown', (event) => {
      const move = keys[event.key];
      if (event.key === 'Enter' && this.cursor && this.extras.onPick) this.pick();
      // Without a cursor to take away, the key leads back to the charts of the run.
      else if (event.key === 'Escape' && this.cursor) this.point(null);
      else if (move) this.walk(move);
      else return;
      event.preventDefault();
    });
  }

  private point(place: Place | null): void {
    if (place?.join() === this.cursor?.join()) return;
    this.cursor = place;
    if (place) this.pickStep(place);
    this.paint();
  }

  private pick(): void {
    if (this.cursor) this.extras.onPick?.(this.cursor);
  }

  /** From the middle on, where one stands. */
  private walk([columns, rows]: Place): void {
    if (!this.drawing) return;
    const [width, height] = this.drawing.places;
    const from = this.cursor ?? [Math.floor(width / 2), Math.floor(height / 2)];
    const clamp = (at: number, size: number): number => Math.min(size - 1, Math.max(0, at));
    const place: Place = this.cursor ? [clamp(from[0] + columns, width), clamp(from[1] + rows, height)] : from;
    this.point(place);
    this.say(this.drawing.describe(place));
  }

  private switchTable(): void {
    this.asTable = !this.asTable;
    this.toggle.setAttribute('aria-pressed', String(this.asTable));
    setShown(this.table, this.asTable);
    setShown(this.plot, !this.asTable);
    if (this.asTable) this.fillTable();
    else this.paint();
  }

  private fillTable(): void {
    if (!this.drawing) return;
    const { head, rows } = this.drawing.table;
    const headings = head.map((text) => element('th', { text, attributes: { scope: 'col' } }));
    const body = rows.map(([name = '', ...values]) =>
      element('tr', {}, [
        element('th', { text: name, attributes: { scope: 'row' } }),
        ...values.map((text) => element('td', { text })),
      ]),
    );
    const table = element('table', {}, [element('thead', {}, [element('tr', {}, headings)]), element('tbody', {}, body)]);
    this.table.replaceChildren(table);
  }
}

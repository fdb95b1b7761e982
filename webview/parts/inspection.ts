import type { InspectionLog } from '../../src/protocol/inspection';
import type { InspectedPoint } from '../../src/records/inspection/point';
import type { PlaneKind } from '../../src/records/inspection/surface';
import type { Theme } from '../colours';
import { element, setShown, setText } from '../dom';
import { groupThousands } from '../format';
import { contentOf, framesOf, partOf, planesOf, sections, type Slot } from '../inspect/cards';
import type { Drawing } from '../inspect/drawing';
import { planeTitles } from '../inspect/surfaceView';
import { describePoint } from '../inspect/words';
import { makeButton } from '../toolkit';
import { DrawingCard } from './drawingCard';
import { cardElement } from './facts';
import { FramePlayer } from './framePlayer';
import { Playground } from './playground';
import { RemedyCards } from './remedyCards';

/** What the view of one point asks of the panel. */
export interface InspectionListener {
  inspect(step: number, nearest: boolean): void;
  leave(): void;
  /** The loss over two chosen parameters, in addition. */
  drawPair(step: number, nearest: boolean, pair: readonly [number, number]): void;
  /** The page about this view. */
  help(): void;
  /** Words to be spoken. */
  say(words: string): void;
}

/** The view of one point: its verdict, cuts, spectrum, ways out and surfaces, as they come. */
export class InspectionView {
  readonly root: HTMLElement;
  private readonly where = element('h2', { class: 'section-head inspection-where' });
  private readonly text = element('p', { class: 'inspection-text', attributes: { role: 'status' } });
  private readonly bar = element('div', { class: 'progress-bar' });
  private readonly progress = element('div', { class: 'progress inspection-progress' }, [this.bar]);
  private readonly cards = element('div', { class: 'figures inspection-cards' });
  private readonly nearest: HTMLElement;
  private readonly stop: HTMLElement;
  private readonly drawings = new Map<string, DrawingCard>();
  /** What each slot was last made from. */
  private readonly made = new Map<Slot, readonly unknown[]>();
  private readonly holders = new Map<Slot, HTMLElement>();
  private readonly headings = new Map<string, HTMLElement>();
  private readonly planes = new Map<PlaneKind, HTMLElement>();
  private readonly player: FramePlayer;
  private readonly remedies: RemedyCards;
  private readonly playground: Playground;
  private plane: PlaneKind = 'eigenvectors';
  private log: InspectionLog | null = null;
  private theme: Theme | null = null;
  private spoken: unknown = null;

  constructor(private readonly listener: InspectionListener) {
    this.nearest = makeButton('', 'secondary', () => this.log && listener.inspect(this.log.step, !this.log.nearest));
    this.stop = makeButton('Stop', 'secondary', () => listener.leave());
    const help = makeButton('Help', 'icon', () => listener.help());
    help.setAttribute('title', 'What these pictures show, and what they rest on');
    const say = (words: string): void => listener.say(words);
    this.player = new FramePlayer(say, (step) => listener.inspect(step, false));
    this.remedies = new RemedyCards(say);
    this.playground = new Playground(say, (pair) => this.log && listener.drawPair(this.log.step, this.log.nearest, pair));
    for (const { title, slots } of sections) {
      const heading = element('h3', { class: 'inspection-section', text: title });
      this.headings.set(title, heading);
      this.cards.append(heading);
      for (const slot of slots) this.addHolder(slot);
    }
    const buttons = element('div', { class: 'inspection-buttons' }, [this.nearest, this.stop, help]);
    this.root = element('section', { class: 'inspection', attributes: { 'aria-label': 'Loss surface at one point' } }, [
      element('div', { class: 'inspection-head' }, [element('div', {}, [this.where, this.text]), buttons]),
      this.progress,
      this.cards,
    ]);
  }

  /** Shows the inspection as far as it has come. */
  update(log: InspectionLog | null, theme: Theme): void {
    this.log = log;
    this.theme = theme;
    const point = partOf(log, 'point');
    setText(this.where, point ? describePoint(point) : log ? `Step ${groupThousands(log.step)}` : 'No step looked at yet');
    setText(this.text, describeState(log));
    setShown(this.nearest, log !== null);
    setText(this.nearest, log?.nearest ? 'The run’s own point' : 'Nearest critical point');
    const running = log?.status === 'running';
    setShown(this.stop, running);
    this.progress.classList.toggle('progress-on', running);
    this.bar.style.transform = `scaleX(${log?.fraction ?? 0})`;
    this.text.classList.toggle('failed', log?.status === 'failed' || log?.status === 'unavailable');
    for (const { title, slots } of sections) {
      for (const slot of slots) this.fill(slot, log, theme, point);
      const isEmpty = slots.every((slot) => this.holders.get(slot)?.hidden ?? true);
      setShown(this.headings.get(title) as HTMLElement, title !== '' && !isEmpty);
    }
    const kinds = log ? planesOf(log).map(({ plane }) => plane) : [];
    for (const [kind, button] of this.planes) setShown(button, kinds.includes(kind));
    this.speakVerdict(log);
  }

  /** The view is left: nothing moves on. */
  leave(): void {
    this.player.pause();
  }

  private addHolder(slot: Slot): void {
    const holder = element('div', { class: `slot slot-${slot.replace(' ', '-')}` });
    const own = { frames: this.player, remedies: this.remedies, playground: this.playground } as const;
    if (slot in own) holder.append(own[slot as keyof typeof own].root);
    setShown(holder, false);
    this.holders.set(slot, holder);
    this.cards.append(holder);
  }

  /** Cards with a state of their own; whether there is something to show, or null for another slot. */
  private fillOwn(slot: Slot, log: InspectionLog | null, theme: Theme, point: InspectedPoint | null): boolean | null {
    if (slot === 'frames') {
      const frames = log && point ? framesOf(log) : [];
      const from = [...frames, theme];
      if (frames.length > 0 && !sameAs(this.made.get(slot), from)) this.player.update(frames, theme);
      this.made.set(slot, from);
      return frames.length > 0;
    }
    if (slot === 'remedies') {
      const remedies = partOf(log, 'remedies');
      if (remedies) this.remedies.update(remedies, theme);
      return remedies !== null;
    }
    if (slot === 'playground')
      return log !== null && point !== null && this.playground.update(log.parts, point, theme, log.status !== 'running');
    return null;
  }

  private fill(slot: Slot, log: InspectionLog | null, theme: Theme, point: InspectedPoint | null): void {
    const holder = this.holders.get(slot);
    if (!holder) return;
    const own = this.fillOwn(slot, log, theme, point);
    if (own !== null) return setShown(holder, own);
    const content = log && point ? contentOf(slot, log, point, this.plane) : null;
    setShown(holder, content !== null);
    if (!content) {
      this.made.delete(slot);
      return;
    }
    const from = [...content.from, theme, this.plane];
    if (sameAs(this.made.get(slot), from)) return;
    this.made.set(slot, from);
    if (content.drawing) this.draw(slot, holder, content.drawing(), theme);
    else if (content.card) holder.replaceChildren(cardElement(content.card()));
  }

  private draw(slot: Slot, holder: HTMLElement, drawing: Drawing, theme: Theme): void {
    let card = this.drawings.get(slot);
    if (!card) {
      card = new DrawingCard(slot.replace(' ', '-'), (words) => this.listener.say(words), {
        tools: slot === 'surface' ? [this.planeChoice()] : [],
        ...(slot === 'layers' || slot === 'surface' ? { onInspect: (step: number) => this.listener.inspect(step, false) } : {}),
      });
      this.drawings.set(slot, card);
      holder.replaceChildren(card.root);
    }
    card.show(drawing, theme);
  }

  /** A choice of the plane, as buttons of which one is pressed. */
  private planeChoice(): HTMLElement {
    const names: readonly (readonly [PlaneKind, string])[] = [
      ['eigenvectors', 'eigenvectors'],
      ['random', 'random'],
      ['trajectory', 'run'],
      ['parameters', 'parameters'],
    ];
    const buttons = names.map(([kind, text]) => {
      const button = makeButton(text, 'icon', () => {
        this.plane = kind;
        mark();
        this.update(this.log, this.theme as Theme);
      });
      button.setAttribute('title', planeTitles[kind]);
      this.planes.set(kind, button);
      return { kind, button };
    });
    const mark = (): void =>
      buttons.forEach(({ kind, button }) => button.setAttribute('aria-pressed', String(kind === this.plane)));
    mark();
    const choice = { class: 'plane-choice', attributes: { role: 'group', 'aria-label': 'Directions of the surface' } };
    return element(
      'div',
      choice,
      buttons.map(({ button }) => button),
    );
  }

  /** The verdict is news: said once when it comes. */
  private speakVerdict(log: InspectionLog | null): void {
    const verdict = partOf(log, 'verdict');
    if (verdict === this.spoken) return;
    this.spoken = verdict;
    if (verdict) this.listener.say(`${verdict.kind}. ${verdict.reasons.join('. ')}`);
  }
}

const sameAs = (before: readonly unknown[] | undefined, now: readonly unknown[]): boolean =>
  before?.length === now.length && before.every((value, i) => value === now[i]);

function describeState(log: InspectionLog | null): string {
  if (!log) return 'Point at a step in a chart and press “Inspect step”, or the key I, to see the loss surface there.';
  if (log.text !== '') return log.text;
  return { running: 'Starting', done: '', cancelled: 'Stopped', unavailable: 'Not available', failed: 'Failed' }[log.status];
}

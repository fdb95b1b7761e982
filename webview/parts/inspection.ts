import type { InspectionLog } from '../../src/protocol/inspection';
import type { InspectionPart, InspectedPoint, InspectedSurface, PlaneKind } from '../../src/records/inspection';
import type { Theme } from '../colours';
import { element, setShown, setText } from '../dom';
import { groupThousands } from '../format';
import { drawingOfPicture, drawingOfSurface, type Drawing } from '../inspect/drawing';
import { branchPicture, chordPicture, densityPicture, slicePicture } from '../inspect/pictures';
import { planeTitles } from '../inspect/surfaceView';
import { conditioningFacts, describeCost, describeEscape, describePoint, gainFacts } from '../inspect/words';
import { makeButton } from '../toolkit';
import { DrawingCard } from './drawingCard';
import { factList, sentences, textCard } from './facts';
import { verdictCard } from './verdictCard';

/** What the view of one point asks of the panel. */
export interface InspectionListener {
  inspect(step: number, nearest: boolean): void;
  leave(): void;
  /** Words to be spoken. */
  say(words: string): void;
}

/** Places of the cards, in reading order. */
const slots = [
  'verdict',
  'surface',
  'slice gradient',
  'slice step',
  'slice path',
  'slice top',
  'slice bottom',
  'escape',
  'branches',
  'density',
  'conditioning',
  'convexity',
  'chord',
] as const;
type Slot = (typeof slots)[number];

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
  private readonly holders: ReadonlyMap<Slot, HTMLElement>;
  private plane: PlaneKind = 'eigenvectors';
  private log: InspectionLog | null = null;
  private theme: Theme | null = null;
  private spoken: unknown = null;

  constructor(private readonly listener: InspectionListener) {
    this.nearest = makeButton('', 'secondary', () => this.log && listener.inspect(this.log.step, !this.log.nearest));
    this.stop = makeButton('Stop', 'secondary', () => listener.leave());
    this.holders = new Map(slots.map((slot) => [slot, element('div', { class: `slot slot-${slot.replace(' ', '-')}` })]));
    for (const holder of this.holders.values()) {
      setShown(holder, false);
      this.cards.append(holder);
    }
    const buttons = element('div', { class: 'inspection-buttons' }, [this.nearest, this.stop]);
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
    for (const slot of slots) this.fill(slot, log, theme, point);
    this.speakVerdict(log);
  }

  private fill(slot: Slot, log: InspectionLog | null, theme: Theme, point: InspectedPoint | null): void {
    const holder = this.holders.get(slot);
    if (!holder) return;
    const content = log && point ? contentOf(slot, log, point, this.plane) : null;
    setShown(holder, content !== null);
    if (!content) {
      this.made.delete(slot);
      return;
    }
    const from = [...content.from, theme, this.plane];
    const before = this.made.get(slot);
    if (before?.length === from.length && before.every((value, i) => value === from[i])) return;
    this.made.set(slot, from);
    if (content.drawing) this.draw(slot, holder, content.drawing(), theme);
    else if (content.card) holder.replaceChildren(content.card());
  }

  private draw(slot: Slot, holder: HTMLElement, drawing: Drawing, theme: Theme): void {
    let card = this.drawings.get(slot);
    if (!card) {
      card = new DrawingCard(
        slot.replace(' ', '-'),
        (words) => this.listener.say(words),
        slot === 'surface' ? [this.planeChoice()] : [],
      );
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
    ];
    const buttons = names.map(([kind, text]) => {
      const button = makeButton(text, 'icon', () => {
        this.plane = kind;
        mark();
        this.update(this.log, this.theme as Theme);
      });
      button.setAttribute('title', planeTitles[kind]);
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

interface Content {
  /** What it is made from: made again when one of these is another. */
  readonly from: readonly unknown[];
  readonly drawing?: () => Drawing;
  readonly card?: () => HTMLElement;
}

/** Null while there is nothing for the slot. */
function contentOf(slot: Slot, log: InspectionLog, point: InspectedPoint, plane: PlaneKind): Content | null {
  switch (slot) {
    case 'verdict': {
      const verdict = partOf(log, 'verdict');
      return { from: [point, verdict], card: () => verdictCard(point, verdict) };
    }
    case 'surface':
      return surfaceContent(log, point, plane);
    case 'escape': {
      const escape = partOf(log, 'escape');
      if (!escape) return null;
      const cost = element('p', { class: 'card-cost', text: describeCost(escape.cost) });
      return { from: [escape], card: () => textCard('escape', 'The way out', [sentences(describeEscape(escape)), cost]) };
    }
    case 'branches': {
      const escape = partOf(log, 'escape');
      if (!escape || escape.branches.length === 0) return null;
      return { from: [escape], drawing: () => drawingOfPicture(branchPicture(escape)) };
    }
    case 'density': {
      const density = partOf(log, 'density');
      return density && { from: [density], drawing: () => drawingOfPicture(densityPicture(density)) };
    }
    case 'conditioning': {
      const [conditioning, gains] = [partOf(log, 'conditioning'), partOf(log, 'gains')];
      if (!conditioning && !gains) return null;
      const facts = [...(gains ? gainFacts(gains) : []), ...(conditioning ? conditioningFacts(conditioning) : [])];
      return {
        from: [conditioning, gains],
        card: () => textCard('stretch', 'What steps gain, and how stretched it is', [factList(facts)]),
      };
    }
    case 'convexity': {
      const convexity = partOf(log, 'convexity');
      if (!convexity) return null;
      const title = { certified: 'Convex', disproved: 'Not convex', undecided: 'Convexity undecided' }[convexity.kind];
      return { from: [convexity], card: () => textCard('convexity', title, [sentences([convexity.text])]) };
    }
    case 'chord': {
      const convexity = partOf(log, 'convexity');
      const picture = convexity && chordPicture(convexity);
      return picture && { from: [convexity], drawing: () => drawingOfPicture(picture) };
    }
    default: {
      const slice = log.parts.get(slot);
      return slice?.part === 'slice' ? { from: [slice], drawing: () => drawingOfPicture(slicePicture(slice)) } : null;
    }
  }
}

/** The chosen plane, or one that has come already. */
function surfaceContent(log: InspectionLog, point: InspectedPoint, plane: PlaneKind): Content | null {
  const all = [...log.parts.values()].filter((part): part is InspectedSurface => part.part === 'surface');
  const surface = all.find((part) => part.plane === plane) ?? all[0];
  return surface
    ? { from: [surface], drawing: () => drawingOfSurface(surface, planeTitles[surface.plane], point.parameters) }
    : null;
}

function partOf<K extends InspectionPart['part']>(
  log: InspectionLog | null,
  kind: K,
): Extract<InspectionPart, { readonly part: K }> | null {
  const part = log?.parts.get(kind);
  return part?.part === kind ? (part as Extract<InspectionPart, { readonly part: K }>) : null;
}

function describeState(log: InspectionLog | null): string {
  if (!log) return 'Point at a step in a chart and press “Inspect step”, or the key I, to see the loss surface there.';
  if (log.text !== '') return log.text;
  return { running: 'Starting', done: '', cancelled: 'Stopped', unavailable: 'Not available', failed: 'Failed' }[log.status];
}

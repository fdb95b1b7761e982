import type { InspectedRemedies, RemedyKind } from '../../src/records/inspection/remedies';
import type { Theme } from '../colours';
import { element, setShown, setText } from '../dom';
import { drawingOfPicture } from '../inspect/drawing';
import { remedyPicture, remedyTitle } from '../inspect/ravineView';
import { describeCost } from '../inspect/words';
import { DrawingCard } from './drawingCard';
import { textCard } from './facts';

/** What momentum, Adam, normalised inputs and batch norm buy: small curves side by side. */
export class RemedyCards {
  readonly root = element('section', { class: 'remedies', attributes: { 'aria-label': 'What would help, tried' } });
  private readonly cost = element('p', { class: 'card-cost remedies-cost' });
  private readonly cards = new Map<
    RemedyKind,
    { readonly drawing: DrawingCard; readonly text: HTMLElement; readonly holder: HTMLElement }
  >();
  private shown: readonly [InspectedRemedies, Theme] | null = null;

  constructor(private readonly say: (words: string) => void) {}

  /** Shows what has been tried so far. */
  update(part: InspectedRemedies, theme: Theme): void {
    if (this.shown?.[0] === part && this.shown[1] === theme) return;
    this.shown = [part, theme];
    for (const tried of part.tried) {
      const card = this.card(tried.remedy);
      const picture = remedyPicture(tried, part.tried);
      setText(card.text, tried.text);
      if (picture) {
        if (card.drawing.root.parentElement !== card.holder) card.holder.replaceChildren(card.drawing.root);
        card.drawing.show(drawingOfPicture(picture), theme);
      } else {
        const words = element('p', { class: 'missed', text: `Not tried. ${tried.text}` });
        card.holder.replaceChildren(textCard('remedy-none', remedyTitle(tried.remedy), [words]));
      }
    }
    setText(this.cost, `All of these together: ${describeCost(part.cost)}`);
    if (this.root.lastElementChild !== this.cost) this.root.append(this.cost);
    for (const [remedy, { holder }] of this.cards)
      setShown(
        holder,
        part.tried.some((tried) => tried.remedy === remedy),
      );
  }

  private card(remedy: RemedyKind): { readonly drawing: DrawingCard; readonly text: HTMLElement; readonly holder: HTMLElement } {
    const known = this.cards.get(remedy);
    if (known) return known;
    const text = element('p', { class: 'remedy-text' });
    const drawing = new DrawingCard(`remedy remedy-${remedy.replace(' ', '-')}`, this.say, { below: text });
    const card = { drawing, text, holder: element('div', { class: 'remedy-holder' }) };
    this.cards.set(remedy, card);
    this.root.append(card.holder);
    return card;
  }
}

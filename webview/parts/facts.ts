import { element } from '../dom';
import type { CardBlock, TextCard } from '../inspect/card';
import type { Fact } from '../inspect/words';

/** A card of words as an element. */
export const cardElement = ({ kind, title, blocks }: TextCard): HTMLElement => textCard(kind, title, blocks.map(blockElement));

function blockElement(block: CardBlock): HTMLElement {
  switch (block.kind) {
    case 'sentences':
      return sentences(block.lines, block.look ? `sentences ${block.look}` : 'sentences');
    case 'facts':
      return factList(block.facts);
    case 'heading':
      return element('h4', { class: 'card-sub', text: block.text });
    case 'paragraph':
      return element('p', { class: block.look, text: block.text });
  }
}

/** Facts as a list of names, values and what stands behind them. */
function factList(facts: readonly Fact[]): HTMLElement {
  const rows = facts.map(({ name, value, note }) =>
    element('div', { class: 'fact' }, [
      element('dt', { text: name }),
      element('dd', {}, [element('strong', { text: value }), element('span', { class: 'fact-note', text: note })]),
    ]),
  );
  return element('dl', { class: 'facts' }, rows);
}

/** A card with a title and what is in it. */
export function textCard(kind: string, title: string, content: readonly Node[]): HTMLElement {
  return element('section', { class: `figure text-card ${kind}`, attributes: { 'aria-label': title } }, [
    element('h3', { class: 'figure-title', text: title }),
    ...content,
  ]);
}

/** Sentences, one below the other. */
function sentences(lines: readonly string[], kind: string): HTMLElement {
  return element(
    'ul',
    { class: kind },
    lines.map((text) => element('li', { text })),
  );
}

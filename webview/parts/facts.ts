import { element } from '../dom';
import type { Fact } from '../inspect/words';

/** Facts as a list of names, values and what stands behind them. */
export function factList(facts: readonly Fact[]): HTMLElement {
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
export function sentences(lines: readonly string[], kind = 'sentences'): HTMLElement {
  return element(
    'ul',
    { class: kind },
    lines.map((text) => element('li', { text })),
  );
}

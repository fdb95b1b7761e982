import { element } from '../dom';
import type { Figure, Trace } from '../figures/figure';
import { count } from '../format';
import { tableOf } from '../plot/words';

const rowLimit = 200;

/** Fills `target` with the numbers behind a figure, thinned to at most 200 rows. Keeps the place scrolled to. */
export function fillTable(target: HTMLElement, figure: Figure, traces: readonly Trace[]): void {
  const { head, rows, of } = tableOf(figure, traces, rowLimit);
  const { scrollTop, scrollLeft } = target;
  const words = rows.length < of ? `${rows.length} of ${count(of, 'measured step')}, evenly taken` : count(of, 'measured step');
  const table = element('table', {}, [
    element('caption', { text: words }),
    element('thead', {}, [
      element(
        'tr',
        {},
        head.map((text) => element('th', { text, attributes: { scope: 'col' } })),
      ),
    ]),
    element(
      'tbody',
      {},
      rows.map(([step = '', ...values]) =>
        element('tr', {}, [
          element('th', { text: step, attributes: { scope: 'row' } }),
          ...values.map((text) => element('td', { text })),
        ]),
      ),
    ),
  ]);
  target.replaceChildren(table);
  target.scrollTop = scrollTop;
  target.scrollLeft = scrollLeft;
}

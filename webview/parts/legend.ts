import { colourOf, dashOf, type Theme } from '../colours';
import { element, setText } from '../dom';
import { valueAt, type Figure, type Trace } from '../figures/figure';
import { formatMeasured } from '../plot/words';

/** Names, looks and current values of the lines; each name switches its line. */
export interface Legend {
  readonly root: HTMLElement;
  /** `step` null: the last value of each line. */
  update(traces: readonly Trace[], hidden: readonly string[], step: number | null, theme: Theme): void;
}

interface Entry {
  readonly root: HTMLElement;
  readonly swatch: SVGLineElement;
  readonly name: HTMLElement;
  readonly value: HTMLElement;
}

/** More lines than this are set in columns. */
const fewLines = 6;

/** `onToggle` gets the key of the line to hide or show, `onPoint` the one that is pointed at. */
export function makeLegend(figure: Figure, onToggle: (key: string) => void, onPoint: (key: string | null) => void): Legend {
  const root = element('div', { class: 'legend', attributes: { role: 'group', 'aria-label': `Lines of ${figure.title}` } });
  const entries = new Map<string, Entry>();

  const update: Legend['update'] = (traces, hidden, step, theme) => {
    root.classList.toggle('legend-many', traces.length > fewLines);
    for (const [key, entry] of entries) {
      if (traces.some((trace) => trace.key === key)) continue;
      entry.root.remove();
      entries.delete(key);
    }
    traces.forEach((trace, index) => {
      const entry = entries.get(trace.key) ?? makeEntry(trace, onToggle, onPoint);
      entries.set(trace.key, entry);
      if (root.children[index] !== entry.root) root.insertBefore(entry.root, root.children[index] ?? null);
      setText(entry.name, trace.short ?? trace.label);
      const measured = valueAt(trace, step ?? Infinity);
      setText(entry.value, measured === null ? '' : formatMeasured(figure, measured));
      entry.swatch.setAttribute('stroke', colourOf(trace.hue, theme));
      entry.swatch.setAttribute('stroke-dasharray', dashOf(trace, index, theme).join(' '));
      entry.root.setAttribute('aria-pressed', String(!hidden.includes(trace.key)));
    });
  };
  return { root, update };
}

function makeEntry(trace: Trace, onToggle: (key: string) => void, onPoint: (key: string | null) => void): Entry {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('viewBox', '0 0 18 8');
  svg.setAttribute('class', 'swatch');
  svg.setAttribute('aria-hidden', 'true');
  const swatch = document.createElementNS(namespace, 'line');
  for (const [name, value] of Object.entries({ x1: '0', x2: '18', y1: '4', y2: '4', 'stroke-width': '2' }))
    swatch.setAttribute(name, value);
  svg.append(swatch);
  const name = element('span', { class: 'legend-name' });
  const value = element('span', { class: 'legend-value' });
  const root = element(
    'button',
    {
      class: 'legend-entry',
      attributes: { type: 'button', title: `Show or hide ${trace.label}` },
      onClick: () => onToggle(trace.key),
    },
    [svg, name, value],
  );
  root.addEventListener('pointerenter', () => onPoint(trace.key));
  root.addEventListener('pointerleave', () => onPoint(null));
  return { root, swatch, name, value };
}

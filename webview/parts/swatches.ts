import { colourOf, dashesOf, type Theme } from '../colours';
import { element } from '../dom';
import type { LegendItem } from '../inspect/drawing';

/** Fills a legend that only names: each line's look with its label. `first`: place of the first line among those that are drawn. */
export function fillSwatches(target: HTMLElement, items: readonly LegendItem[], theme: Theme, first = 0): void {
  target.replaceChildren(
    ...items.map((item, index) => element('span', { class: 'legend-entry' }, [swatch(item, first + index, theme), item.label])),
  );
}

function swatch(item: LegendItem, index: number, theme: Theme): SVGSVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('viewBox', '0 0 18 8');
  svg.setAttribute('class', 'swatch');
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(namespace, 'line');
  const look = {
    x1: '0',
    x2: '18',
    y1: '4',
    y2: '4',
    'stroke-width': '2',
    stroke: colourOf(item.hue, theme),
    'stroke-dasharray': dashesOf(item.dash, index, theme).join(' '),
  };
  for (const [name, value] of Object.entries(look)) line.setAttribute(name, value);
  svg.append(line);
  return svg;
}

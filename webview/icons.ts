/** Outlines on a grid of 16 by 16, drawn with the current colour. */
const outlines = {
  error: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13ZM5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8',
  warning: 'M8 1.8 15 14H1ZM8 6.2v4M8 11.6v.9',
  information: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13ZM8 7v4.2M8 4.4v1',
  hint: 'M8 1.5a4.5 4.5 0 0 0-2.4 8.3v1.7h4.8V9.8A4.5 4.5 0 0 0 8 1.5ZM6 13.7h4',
  passed: 'M3 8.6l3.3 3.2L13 4.6',
  undecided: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13ZM6 6.2a2 2 0 1 1 2.9 1.7c-.6.3-.9.7-.9 1.4M8 11.2v.7',
  assumption: 'M2 4h12M2 8h8M2 12h10',
  trust: 'M8 1.6 13.6 3.5v4.1c0 3.3-2.2 5.7-5.6 6.9C4.6 13.3 2.4 10.9 2.4 7.6V3.5ZM5.4 7.9l1.9 1.9 3.4-3.7',
  fix: 'M9.3 2.2l-5.6 6.6h3.6l-.7 5 5.7-7H8.6Z',
} as const;

/** Name of an icon. */
export type IconName = keyof typeof outlines;

/** An icon in the colour of its text. Named for those who hear it, or silent when the text beside it says the same. */
export function icon(name: IconName, spoken?: string): SVGSVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', `icon icon-${name}`);
  if (spoken === undefined) svg.setAttribute('aria-hidden', 'true');
  else {
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', spoken);
  }
  const path = document.createElementNS(namespace, 'path');
  path.setAttribute('d', outlines[name]);
  svg.append(path);
  return svg;
}

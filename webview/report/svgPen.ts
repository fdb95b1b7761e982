import type { Pen } from '../charts/pen';

/** Colours of one page by short class names, so that an expression stands there once. */
export class Palette {
  private readonly names = new Map<string, string>();

  /** The class that gives a colour. */
  nameOf(colour: string): string {
    let name = this.names.get(colour);
    if (name === undefined) this.names.set(colour, (name = `k${this.names.size}`));
    return name;
  }

  /** The rules of all classes. */
  get style(): string {
    return [...this.names].map(([colour, name]) => `.${name}{color:${colour}}`).join('\n');
  }
}

/** Text as it stands in markup. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const short = (value: number): string => String(Math.round(value * 10) / 10);
const anchors: Readonly<Record<string, string>> = { right: 'end', center: 'middle' };
const baselines: Readonly<Record<string, string>> = { middle: 'central', top: 'hanging' };

interface State {
  readonly fillStyle: string | object;
  readonly strokeStyle: string | object;
  readonly lineWidth: number;
  readonly textAlign: string;
  readonly textBaseline: string;
  readonly dashes: readonly number[];
  /** Groups that are open since it was saved. */
  groups: number;
}

interface Strip {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  width: number;
  readonly height: number;
}

let clips = 0;

/** Writes as SVG what is painted: paths, texts and clipped groups, in the order in which they come. */
export class SvgPen implements Pen {
  fillStyle: string | object = '#000';
  strokeStyle: string | object = '#000';
  lineWidth = 1;
  font = '';
  textAlign = 'left';
  textBaseline = 'alphabetic';
  private readonly parts: string[] = [];
  private path = '';
  private dashes: readonly number[] = [];
  private readonly saved: State[] = [];
  /** Filled rectangles that came one after another: one path for each colour. */
  private strips = new Map<string, string>();
  private strip: Strip | null = null;

  constructor(private readonly palette: Palette) {}

  /** All that was painted, in a picture of the given size; `label`: for those who hear it. */
  svg(width: number, height: number, label: string): string {
    this.flush();
    return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(label)}">${this.parts.join('')}</svg>`;
  }

  beginPath(): void {
    this.path = '';
  }

  closePath(): void {
    this.path += 'z';
  }

  moveTo(x: number, y: number): void {
    this.path += `M${short(x)} ${short(y)}`;
  }

  lineTo(x: number, y: number): void {
    this.path += `${this.path === '' ? 'M' : 'L'}${short(x)} ${short(y)}`;
  }

  /** Whole circles alone are asked for. */
  arc(x: number, y: number, radius: number): void {
    const [r, left, across] = [short(radius), short(x - radius), short(2 * radius)];
    this.path += `M${left} ${short(y)}a${r} ${r} 0 1 0 ${across} 0a${r} ${r} 0 1 0 -${across} 0`;
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.path += rectangle(x, y, width, height);
  }

  stroke(): void {
    if (this.path === '') return;
    const dashes = this.dashes.length > 0 ? ` stroke-dasharray="${this.dashes.join(' ')}"` : '';
    this.write(
      `<path ${this.look(this.strokeStyle)} d="${this.path}" fill="none" stroke="currentColor" stroke-width="${short(this.lineWidth)}"${dashes}/>`,
    );
  }

  fill(): void {
    if (this.path !== '') this.write(`<path ${this.look(this.fillStyle)} d="${this.path}" fill="currentColor"/>`);
  }

  clip(): void {
    clips++;
    this.write(`<clipPath id="clip${clips}"><path d="${this.path}"/></clipPath>`);
    this.open(`clip-path="url(#clip${clips})"`);
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    const name = this.palette.nameOf(String(this.fillStyle));
    const { strip } = this;
    const follows =
      strip?.name === name && strip.y === y && strip.height === height && Math.abs(strip.x + strip.width - x) < 1e-6;
    if (follows) {
      strip.width += width;
      return;
    }
    this.endStrip();
    this.strip = { name, x, y, width, height };
  }

  strokeRect(x: number, y: number, width: number, height: number): void {
    const before = this.path;
    this.path = rectangle(x, y, width, height);
    this.stroke();
    this.path = before;
  }

  fillText(text: string, x: number, y: number, mostWidth?: number): void {
    const anchor = anchors[this.textAlign];
    const baseline = baselines[this.textBaseline];
    const isLong = mostWidth !== undefined && this.measureText(text).width > mostWidth;
    const attributes = [
      this.look(this.fillStyle),
      `x="${short(x)}" y="${short(y)}"`,
      ...(anchor ? [`text-anchor="${anchor}"`] : []),
      ...(baseline ? [`dominant-baseline="${baseline}"`] : []),
      ...(isLong ? [`textLength="${short(Math.max(1, mostWidth))}" lengthAdjust="spacingAndGlyphs"`] : []),
    ];
    this.write(`<text ${attributes.join(' ')}>${escaped(text)}</text>`);
  }

  /** What letters of 11 pixels take on average: there is nothing here to measure them with. */
  measureText(text: string): { readonly width: number } {
    return { width: 6 * text.length };
  }

  setLineDash(dashes: readonly number[]): void {
    this.dashes = dashes;
  }

  save(): void {
    const { fillStyle, strokeStyle, lineWidth, textAlign, textBaseline, dashes } = this;
    this.saved.push({ fillStyle, strokeStyle, lineWidth, textAlign, textBaseline, dashes, groups: 0 });
  }

  restore(): void {
    const state = this.saved.pop();
    if (!state) return;
    const { groups, ...looks } = state;
    this.write('</g>'.repeat(groups));
    Object.assign(this, looks);
  }

  translate(x: number, y: number): void {
    this.open(`transform="translate(${short(x)} ${short(y)})"`);
  }

  rotate(angle: number): void {
    this.open(`transform="rotate(${short((angle * 180) / Math.PI)})"`);
  }

  /** A group up to the next `restore`. */
  private open(attributes: string): void {
    this.write(`<g ${attributes}>`);
    const state = this.saved[this.saved.length - 1];
    if (state) state.groups++;
  }

  private look(style: string | object): string {
    return `class="${this.palette.nameOf(String(style))}"`;
  }

  private write(part: string): void {
    this.flush();
    this.parts.push(part);
  }

  private endStrip(): void {
    const { strip } = this;
    if (!strip) return;
    this.strips.set(strip.name, (this.strips.get(strip.name) ?? '') + rectangle(strip.x, strip.y, strip.width, strip.height));
    this.strip = null;
  }

  private flush(): void {
    this.endStrip();
    for (const [name, path] of this.strips)
      this.parts.push(`<path class="${name}" d="${path}" fill="currentColor" shape-rendering="crispEdges"/>`);
    this.strips = new Map();
  }
}

const rectangle = (x: number, y: number, width: number, height: number): string =>
  `M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}z`;

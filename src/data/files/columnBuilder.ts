import type { Column, Origin } from '../values';
import type { MissingValues } from './missing';
import { isWholeNumber, parseNumber } from './numbers';

const booleans: Readonly<Record<string, number | undefined>> = { True: 1, TRUE: 1, true: 1, False: 0, FALSE: 0, false: 0 };

/**
 * Collects one column of a text file and finds its type as pandas does: integers, floats or booleans
 * when every value is one, otherwise text. A column that turns out to be text after numbers were
 * already taken must be read again as `text`, because the numbers' spelling is gone: `mustReread`.
 */
export class ColumnBuilder {
  private numbers = new Float64Array(64);
  private readonly texts: (string | null)[] = [];
  private count = 0;
  private seen = { boolean: false, float: false, integer: false, missing: false, text: false };

  constructor(
    readonly label: string | number,
    private readonly asText: boolean,
    private readonly missing: MissingValues,
    private readonly decimal: string,
    private readonly intern: (text: string) => string,
  ) {}

  push(text: string): void {
    if (this.asText) this.texts.push(this.missing.isMissingText(text) ? null : this.intern(text));
    else this.pushNumber(this.classify(text));
    this.count++;
  }

  /** Keeps only the values at the positions `kept`, in order. */
  thin(kept: readonly number[]): void {
    for (const [to, from] of kept.entries()) {
      if (this.asText) this.texts[to] = this.texts[from] ?? null;
      else this.numbers[to] = this.numbers[from] as number;
    }
    this.count = kept.length;
    if (this.asText) this.texts.length = kept.length;
  }

  /** True when the column holds text but was taken as numbers. */
  get mustReread(): boolean {
    const { boolean, float, integer, missing, text } = this.seen;
    return !this.asText && (text || (boolean && (float || integer || missing)));
  }

  finish(origin: Origin | null): Column {
    if (this.asText) return { label: this.label, origin, type: 'text', values: this.texts };
    const { boolean, float, integer, missing } = this.seen;
    const type = boolean ? 'boolean' : integer && !float && !missing ? 'integer' : 'float';
    return { label: this.label, origin, type, values: this.numbers.slice(0, this.count) };
  }

  private classify(text: string): number {
    const plain = this.decimal === '.' ? text : this.swapDecimal(text);
    const number = parseNumber(plain);
    if (number !== null && !this.missing.isMissingNumber(number)) {
      if (!this.seen.float && !isWholeNumber(plain)) this.seen.float = true;
      this.seen.integer = true;
      return number;
    }
    if (number !== null || this.missing.isMissingText(text)) {
      this.seen.missing = true;
      return NaN;
    }
    const boolean = booleans[text];
    if (boolean === undefined) this.seen.text = true;
    else this.seen.boolean = true;
    return boolean ?? NaN;
  }

  /** With another decimal sign a point is no longer one. */
  private swapDecimal(text: string): string {
    return text.includes('.') ? `${text} (point)` : text.replace(this.decimal, '.');
  }

  private pushNumber(value: number): void {
    if (this.count === this.numbers.length) {
      const larger = new Float64Array(this.count * 2);
      larger.set(this.numbers);
      this.numbers = larger;
    }
    this.numbers[this.count] = value;
  }
}

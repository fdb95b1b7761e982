const lineFeed = 10;
const carriageReturn = 13;
const quote = 34;
/** A record longer than this is a quote that never closes. */
const longestRecord = 1 << 24;

/** Receives each record: bytes `start` to `end` (without the line end) of `bytes`, beginning at `line` (from 1). False ends the reading. */
export type TakeRecord = (bytes: Buffer, start: number, end: number, line: number) => boolean;

/**
 * Cuts a stream of text bytes into records: lines, except that a line end within a quoted field
 * belongs to its record. Works on bytes, so that records nobody wants are never decoded.
 */
export class RecordSplitter {
  private rest: Buffer = Buffer.alloc(0);
  private line = 1;
  private ended = false;
  private separator: number | null = null;
  /** Next quote at or after the place of the search, in the piece at hand; -1 when there is none. */
  private nextQuote = -1;

  /** `delimiter` is the last byte of what parts fields: a quote after it opens a quoted field; null: quotes mean nothing. */
  constructor(
    private readonly take: TakeRecord,
    private readonly delimiter: number | null,
  ) {}

  /** Takes the next piece; false once the receiver wants no more. */
  push(chunk: Buffer): boolean {
    this.separator ??= lineEnd(chunk);
    const bytes = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    this.nextQuote = this.delimiter === null ? -1 : bytes.indexOf(quote);
    let start = 0;
    while (!this.ended) {
      const end = this.findEnd(bytes, start);
      if (end < 0) break;
      this.give(bytes, start, end);
      start = end + 1;
    }
    this.rest = Buffer.from(bytes.subarray(start));
    if (this.rest.length > longestRecord) this.finish();
    return !this.ended;
  }

  /** Gives the last record, when the text does not end with a line end. */
  finish(): void {
    if (!this.ended && this.rest.length > 0) this.give(this.rest, 0, this.rest.length);
    this.rest = Buffer.alloc(0);
    this.ended = true;
  }

  private give(bytes: Buffer, start: number, end: number): void {
    const stop = end > start && bytes[end - 1] === carriageReturn ? end - 1 : end;
    const first = this.line++;
    for (
      let at = bytes.indexOf(this.separator ?? lineFeed, start);
      at >= 0 && at < end;
      at = bytes.indexOf(this.separator ?? lineFeed, at + 1)
    )
      this.line++;
    this.ended = !this.take(bytes, start, stop, first);
  }

  private findEnd(bytes: Buffer, start: number): number {
    const separator = this.separator ?? lineFeed;
    const end = bytes.indexOf(separator, start);
    if (end < 0) return -1;
    if (this.nextQuote >= 0 && this.nextQuote < start) this.nextQuote = bytes.indexOf(quote, start);
    if (this.nextQuote < 0 || this.nextQuote > end) return end;
    return this.findEndAmongQuotes(bytes, start, separator);
  }

  private findEndAmongQuotes(bytes: Buffer, start: number, separator: number): number {
    let quoted = false;
    for (let i = start; i < bytes.length; i++) {
      const byte = bytes[i];
      if (byte === separator && !quoted) return i;
      if (byte !== quote) continue;
      if (!quoted) quoted = i === start || bytes[i - 1] === this.delimiter;
      else if (bytes[i + 1] === quote) i++;
      else quoted = false;
    }
    return -1;
  }
}

/** Gives all records but the last `count`, blank ones counted, to `take`. */
export function withoutLast(count: number, take: TakeRecord): TakeRecord {
  const held: { readonly bytes: Buffer; readonly line: number }[] = [];
  return (bytes, start, end, line) => {
    held.push({ bytes: Buffer.from(bytes.subarray(start, end)), line });
    const first = held.length > count ? held.shift() : undefined;
    return !first || take(first.bytes, 0, first.bytes.length, first.line);
  };
}

/** The byte that ends lines in a text that begins with `head`: carriage returns alone in old files, else line feeds. */
const lineEnd = (head: Buffer): number => (head.includes(lineFeed) || !head.includes(carriageReturn) ? lineFeed : carriageReturn);

/** True when the bytes are spaces (and tabs, where `tabs`) only. */
export function isBlank(bytes: Buffer, start: number, end: number, tabs: boolean): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 32 && !(tabs && bytes[i] === 9)) return false;
  return true;
}

/** The text of some bytes: UTF-8, or Latin-1 where they are no UTF-8 (`latin` is then called). */
export function decode(bytes: Buffer, start: number, end: number, latin: () => void): string {
  const text = bytes.toString('utf8', start, end);
  if (!text.includes('\ufffd')) return text;
  latin();
  return bytes.toString('latin1', start, end);
}

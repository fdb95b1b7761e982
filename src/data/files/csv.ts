import Papa from 'papaparse';
import type { CancelToken } from '../../base/cancel';
import { ok } from '../../base/result';
import type { CsvOptions } from '../../records/dataSources';
import type { Parsed } from './access';
import { fault, type Fault, type Outcome } from '../fault';
import { fittingRate, RowMarks } from '../sampling';
import { fileName, type Column } from '../values';
import { readChunks } from './bytes';
import { chooseColumns, findColumn } from './columnChoice';
import { ColumnBuilder } from './columnBuilder';
import { headerLabels } from './header';
import { MissingValues } from './missing';
import { decode, isBlank, RecordSplitter, withoutLast, type TakeRecord } from './records';

/** How much of a file may be kept. */
export interface Bound {
  readonly maximumBytes: number;
  readonly seed: number;
  /** Size of the file on the disk, from which the number of its rows is guessed at first. */
  readonly fileBytes: number;
  /** Share of the rows to keep when another source has decided it already. */
  readonly rate: number;
}

/** How a delimited text file is to be read: as pandas' `read_csv`, with two exceptions for NumPy's readers. */
export interface TextFormat extends Omit<CsvOptions, 'path'> {
  /** Rows with too few values are an error, not filled up with missing values. */
  readonly strict?: boolean;
  /** Only the given missing values count, not pandas' own. */
  readonly bareMissing?: boolean;
}

/** A text file as columns. */
export interface ParsedTable extends Parsed {
  readonly columns: readonly Column[];
  /** Source rows (from 0) that were kept. */
  readonly rows: Int32Array;
  /** What was taken for granted on the way. */
  readonly notes: readonly string[];
}

const batchRecords = 2048;

/** Reads a delimited text file as `pandas.read_csv` does; rows beyond the bound are left out at random. */
export async function readCsv(
  path: string,
  options: TextFormat,
  bound: Bound,
  cancel: CancelToken,
): Promise<Outcome<ParsedTable>> {
  let asText: ReadonlySet<number> = new Set();
  for (;;) {
    const pass = new CsvPass(path, options, bound, asText);
    const read = await readChunks(path, cancel, (chunk) => pass.push(chunk));
    if (!read.ok) return read;
    const table = pass.finish();
    if (!table.ok || pass.mustReread.length === 0) return table;
    asText = new Set([...asText, ...pass.mustReread]);
  }
}

/** The same of a small file whose bytes are at hand. */
export function readCsvAtOnce(path: string, bytes: Buffer, options: TextFormat, bound: Bound): Outcome<ParsedTable> {
  let asText: ReadonlySet<number> = new Set();
  for (;;) {
    const pass = new CsvPass(path, options, bound, asText);
    pass.push(bytes);
    const table = pass.finish();
    if (!table.ok || pass.mustReread.length === 0) return table;
    asText = new Set([...asText, ...pass.mustReread]);
  }
}

/** One reading of the file from start to end. */
class CsvPass {
  private readonly name: string;
  private readonly splitter: RecordSplitter;
  private readonly marks: RowMarks;
  private readonly missing: MissingValues;
  private readonly interned = new Map<string, string>();
  private labels: readonly (string | number)[] | null = null;
  private headerRecords = 0;
  private lead = 0;
  private width = 0;
  /** Position in the record of each kept column, with its builder. */
  private columns: { at: number; builder: ColumnBuilder }[] | null = null;
  private problem: Fault | null = null;
  private readonly notes = new Set<string>();
  private rowsSeen = 0;
  private bytesSeen = 0;
  private rate: number;
  private rows: number[] = [];
  private lines: number[] = [];
  private batch: { text: string; line: number; row: number }[] = [];

  constructor(
    private readonly path: string,
    private readonly options: TextFormat,
    private readonly bound: Bound,
    private readonly asText: ReadonlySet<number>,
  ) {
    this.name = fileName(path);
    this.rate = bound.rate;
    this.marks = new RowMarks(bound.seed);
    this.missing = new MissingValues(options.missing, options.bareMissing);
    const quoteAfter = options.whitespace ? null : options.delimiter.charCodeAt(options.delimiter.length - 1);
    const take: TakeRecord = (bytes, start, end, line) => this.take(bytes, start, end, line);
    this.splitter = new RecordSplitter(options.skipFooter ? withoutLast(options.skipFooter, take) : take, quoteAfter);
  }

  push(chunk: Buffer): boolean {
    this.bytesSeen += chunk.length;
    const more = this.splitter.push(chunk);
    if (this.problem) return false;
    this.flush();
    if (this.rate === 1) this.thin(this.guessedRate());
    return more && this.problem === null;
  }

  /** Positions in the record of columns that must be read again as text. */
  get mustReread(): number[] {
    return (this.columns ?? []).filter(({ builder }) => builder.mustReread).map(({ at }) => at);
  }

  finish(): Outcome<ParsedTable> {
    if (!this.problem) this.splitter.finish();
    if (!this.problem) this.flush();
    if (this.problem) return { ok: false, error: this.problem };
    if (!this.columns) return this.empty();
    const rows = Int32Array.from(this.rows);
    const lineOf = lineLookup(rows, this.lines);
    const origin = { path: this.path, lineOf };
    const columns = this.columns.map(({ builder }) => builder.finish(origin));
    const kept = rows.length === this.rowsSeen ? 1 : this.rate;
    return ok({ columns, rows, ofRows: this.rowsSeen, kept, bytes: rows.length * this.bytesPerRow, notes: [...this.notes] });
  }

  private empty(): Outcome<never> {
    const text = this.labels ? `${this.name} has a header and no rows.` : `${this.name} is empty.`;
    return fault(`${text} Check that the file was written completely.`, { file: { path: this.path } });
  }

  private take(bytes: Buffer, from: number, end: number, line: number): boolean {
    const start = line === 1 && bytes[from] === 0xef && bytes[from + 1] === 0xbb ? from + 3 : from;
    if (line <= this.options.skipRows) return true;
    const { comment, delimiter, header, whitespace } = this.options;
    if (isBlank(bytes, start, end, whitespace || delimiter !== '\t')) return true;
    if (comment && bytes[start] === comment.charCodeAt(0)) return true;
    if (header !== null && !this.labels) {
      if (this.headerRecords++ === header) {
        const labels = this.fields(this.text(bytes, start, end));
        this.labels = headerLabels(this.options.skipsBlanks ? labels.map((label) => label.trimStart()) : labels);
      }
      return true;
    }
    return this.takeRow(bytes, start, end, line);
  }

  private takeRow(bytes: Buffer, start: number, end: number, line: number): boolean {
    if (!this.columns) {
      this.problem = this.begin(this.fields(this.text(bytes, start, end)));
      if (this.problem) return false;
    }
    const row = this.rowsSeen++;
    if (this.marks.next() < this.rate) {
      this.batch.push({ text: this.text(bytes, start, end), line, row });
      if (this.batch.length >= batchRecords) this.flush();
    }
    if (this.options.rowLimit !== null && this.rowsSeen >= this.options.rowLimit) return false;
    return this.problem === null;
  }

  /** Decides the columns when the first row is seen. */
  private begin(first: readonly string[]): Fault | null {
    const { columns, indexColumn, names } = this.options;
    let labels: readonly (string | number)[] = names ?? this.labels ?? first.map((_, index) => index);
    this.lead = Math.max(0, first.length - labels.length);
    this.width = this.lead + labels.length;
    if (this.lead > 0) {
      this.notes.add(
        `${this.name} has ${this.lead} more values in a row than column names, so the first ${this.lead > 1 ? `${this.lead} columns are` : 'column is'} the row index, as pandas takes it`,
      );
    }
    labels = [...labels];
    let chosen = labels.map((_, index) => index);
    if (columns) {
      const picked = chooseColumns(columns, labels, this.name);
      if (!picked.ok) return { ...picked.error, file: { path: this.path } };
      chosen = [...new Set(picked.value)].sort((a, b) => a - b);
    }
    if (indexColumn !== null) {
      const index = findColumn(indexColumn, labels, this.name);
      if (!index.ok) return { ...index.error, file: { path: this.path } };
      chosen = chosen.filter((at) => at !== index.value);
    }
    const intern = (text: string): string => this.intern(text);
    this.columns = chosen.map((index) => {
      const at = index + this.lead;
      return {
        at,
        builder: new ColumnBuilder(labels[index] ?? index, this.asText.has(at), this.missing, this.options.decimal, intern),
      };
    });
    return null;
  }

  /** Parses the records at hand into the columns, then keeps within the bound. */
  private flush(): void {
    if (this.batch.length === 0 || !this.columns) return;
    const records = this.parse();
    for (const [index, record] of this.batch.entries()) {
      const fields = records[index] ?? [];
      if ((fields.length > this.width && !this.options.columns) || (this.options.strict && fields.length < this.width)) {
        this.problem = this.ragged(fields.length, record.line);
        return;
      }
      for (const { at, builder } of this.columns)
        builder.push(this.options.skipsBlanks ? (fields[at] ?? '').trimStart() : (fields[at] ?? ''));
      this.rows.push(record.row);
      this.lines.push(record.line);
    }
    this.batch = [];
    this.keepWithinBound();
  }

  /** Halves the kept share until the rows at hand fit. */
  private keepWithinBound(): void {
    let rate = this.rate;
    while (this.rows.length * (rate / this.rate) * this.bytesPerRow > this.bound.maximumBytes) rate /= 2;
    this.thin(rate);
  }

  /** The share that fits if the rest of the file is like its beginning. */
  private guessedRate(): number {
    if (this.options.rowLimit !== null) return 1;
    const count = Math.max(1, this.bound.fileBytes / this.bytesSeen) * this.rowsSeen;
    return fittingRate(count, this.bytesPerRow, this.bound.maximumBytes);
  }

  private get bytesPerRow(): number {
    return 24 + (this.columns ?? []).reduce((sum, { at }) => sum + (this.asText.has(at) ? 40 : 8), 0);
  }

  /** Lowers the share of rows kept to `rate`. */
  private thin(rate: number): void {
    if (rate >= this.rate) return;
    const marks = new RowMarks(this.bound.seed);
    const kept: number[] = [];
    let next = 0;
    for (const [at, row] of this.rows.entries()) {
      let mark = 1;
      while (next <= row) {
        mark = marks.next();
        next++;
      }
      if (mark < rate) kept.push(at);
    }
    for (const { builder } of this.columns ?? []) builder.thin(kept);
    this.rows = kept.map((at) => this.rows[at] as number);
    this.lines = kept.map((at) => this.lines[at] as number);
    this.rate = rate;
  }

  private parse(): string[][] {
    if (this.options.whitespace) return this.batch.map(({ text }) => splitAtSpaces(text));
    const config = { delimiter: this.options.delimiter, newline: '\n' as const, quoteChar: '"', header: false as const };
    const together = Papa.parse<string[]>(this.batch.map(({ text }) => text).join('\n'), config).data;
    // A malformed quote may swallow the records after it; alone it harms its own only.
    return together.length === this.batch.length
      ? together
      : this.batch.map(({ text }) => Papa.parse<string[]>(text, config).data[0] ?? []);
  }

  private fields(text: string): string[] {
    if (this.options.whitespace) return splitAtSpaces(text);
    return Papa.parse<string[]>(text, { delimiter: this.options.delimiter, newline: '\n', quoteChar: '"' }).data[0] ?? [];
  }

  private text(bytes: Buffer, start: number, end: number): string {
    const text = decode(bytes, start, end, () =>
      this.notes.add(`${this.name} is not UTF-8; it is read as Latin-1 (pandas needs encoding='latin-1' for that)`),
    );
    const cut = this.options.comment ? text.indexOf(this.options.comment) : -1;
    return cut >= 0 ? text.slice(0, cut) : text;
  }

  private ragged(found: number, line: number): Fault {
    const text = `${this.name} row ${line} has ${found} values where ${this.width} columns are expected`;
    const delimiter = this.options.whitespace ? 'spaces' : `'${this.options.delimiter}'`;
    return {
      text: `${text}; check the delimiter (${delimiter}) and what stands in that row.`,
      file: { path: this.path, row: line },
    };
  }

  /** One copy of each distinct text, free of the larger text it was cut from. */
  private intern(text: string): string {
    const known = this.interned.get(text);
    if (known !== undefined) return known;
    const copy = Buffer.from(text).toString();
    this.interned.set(copy, copy);
    return copy;
  }
}

const splitAtSpaces = (text: string): string[] => text.trim().split(/\s+/);

/** Line of a source row. Where lines follow rows without a gap, one number is enough. */
function lineLookup(rows: Int32Array, lines: readonly number[]): (row: number) => number {
  const offset = (lines[0] ?? 1) - (rows[0] ?? 0);
  if (lines.every((line, at) => line - (rows[at] as number) === offset)) return (row) => row + offset;
  const lineOfRow = new Map(lines.map((line, at) => [rows[at] as number, line]));
  return (row) => lineOfRow.get(row) ?? row + offset;
}

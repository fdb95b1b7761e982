import type { SourceRange } from '../../records/source';
import type { CellSize } from './program';

/** A range within one cell. Its lines count from 1 in that cell. */
export interface CellRange<R extends SourceRange = SourceRange> {
  /** Index of the cell among those of the program, from 0. */
  readonly cell: number;
  readonly range: R;
}

/** Where the lines of a notebook's program stand in its cells, and back. Columns are the same in both. */
export class SpanMap {
  /** Lines of the program before each cell. */
  private readonly before: readonly number[];

  constructor(private readonly cells: readonly CellSize[]) {
    let count = 0;
    this.before = cells.map(({ lines }) => (count += lines) - lines);
  }

  /**
   * A range of the program as one of the cell in which it begins, cut at the end of that cell. What lies behind the end
   * of the program is put at its end. Null without cells.
   */
  toCell<R extends SourceRange>(range: R): CellRange<R> | null {
    let cell = this.cells.length - 1;
    while (cell > 0 && (this.before[cell] ?? 0) >= range.line) cell--;
    const size = this.cells[cell];
    if (!size) return null;
    const before = this.before[cell] ?? 0;
    const last = { line: size.lines, column: size.lastLength + 1 };
    const start = earlier({ line: range.line - before, column: range.column }, last);
    const end = earlier({ line: range.endLine - before, column: range.endColumn }, last);
    return { cell, range: { ...range, ...start, endLine: end.line, endColumn: end.column } };
  }

  /** The same range in the program. */
  fromCell<R extends SourceRange>({ cell, range }: CellRange<R>): R {
    const before = this.before[cell] ?? 0;
    return { ...range, line: range.line + before, endLine: range.endLine + before };
  }
}

interface Point {
  readonly line: number;
  readonly column: number;
}

const earlier = (a: Point, b: Point): Point => (a.line > b.line || (a.line === b.line && a.column > b.column) ? b : a);

import { linesOf } from './lines';
import { withoutMagics } from './magics';

/** Cells as one Python text, in their order; each begins on a line of its own and keeps its lines and columns. */
export function programText(cells: readonly string[]): string {
  return cells.flatMap(withoutMagics).join('\n');
}

/** How long a cell's text is. */
export interface CellSize {
  /** At least 1. */
  readonly lines: number;
  /** UTF-16 units in its last line. */
  readonly lastLength: number;
}

export function cellSize(text: string): CellSize {
  const lines = linesOf(text);
  return { lines: lines.length, lastLength: lines[lines.length - 1]?.length ?? 0 };
}

import { relative } from 'node:path';
import type { SourceRange } from '../../records/source';
import type { FileReport } from '../check';

/**
 * A place as a report tells it: the file as it was asked for; in a notebook, the lines within a cell.
 * Lines and columns count from 1, ends are exclusive.
 */
export interface Place extends SourceRange {
  /** Position among all cells of the notebook, from 1; absent in plain files. */
  readonly cell?: number;
  /** In a notebook: the first and last line in the file itself. */
  readonly fileLines?: readonly [number, number];
}

/** Tells where a range of the records is. */
export type Placing = (range: SourceRange) => Place;

/** Places of the files of a report; others are told relative to the working folder. */
export function placesOf(files: readonly FileReport[], folder: string): Placing {
  return (range) => {
    const file = files.find(({ path }) => path === range.path);
    if (!file) return { ...plain(range), path: relative(folder, range.path) };
    const inCell = file.notebook?.map.toCell(plain(range));
    const cell = inCell && file.notebook?.cells[inCell.cell];
    if (!inCell || !cell) return { ...plain(range), path: file.given };
    const fileLine = (line: number): number => cell.fileLines[line - 1] ?? cell.fileLines[0] ?? 1;
    const fileLines = [fileLine(inCell.range.line), fileLine(inCell.range.endLine)] as const;
    return { ...inCell.range, path: file.given, cell: cell.number, fileLines };
  };
}

const plain = ({ path, line, column, endLine, endColumn }: SourceRange): SourceRange => ({
  path,
  line,
  column,
  endLine,
  endColumn,
});

/** `line 5`, or `cell 3, line 5`. */
export const lineWords = ({ cell, line }: Place): string => (cell === undefined ? `line ${line}` : `cell ${cell}, line ${line}`);

import type * as vscode from 'vscode';
import { pathOf } from './convert';
import type { TextChange } from './model/ranges';
import { isProgramCell } from './places';

/** Follows how many lines of its program each cell of the open notebooks has, so that a change of cells is one of lines. */
export class NotebookLayouts {
  private readonly layouts = new Map<string, number[]>();

  /** Takes over the cells as they are now. */
  note(notebook: vscode.NotebookDocument): void {
    this.layouts.set(pathOf(notebook.uri), notebook.getCells().map(linesOf));
  }

  forget(notebook: vscode.NotebookDocument): void {
    this.layouts.delete(pathOf(notebook.uri));
  }

  /** What an event that adds, removes, moves or re-types cells does to the program; nothing for other events. */
  changes({ notebook, contentChanges, cellChanges }: vscode.NotebookDocumentChangeEvent): TextChange[] {
    const path = pathOf(notebook.uri);
    const layout = this.layouts.get(path) ?? [];
    const spliced = contentChanges.map(({ range, addedCells }) =>
      splice(path, layout, range.start, range.end, addedCells.map(linesOf)),
    );
    const retyped = cellChanges
      .filter(({ document, cell }) => document !== undefined && layout[cell.index] !== linesOf(cell))
      .map(({ cell }) => splice(path, layout, cell.index, cell.index + 1, [linesOf(cell)]));
    this.note(notebook);
    return [...spliced, ...retyped];
  }
}

const linesOf = (cell: vscode.NotebookCell): number => (isProgramCell(cell) ? cell.document.lineCount : 0);

/** Puts `added` in the place of cells `start` to `end`, and tells the same of the lines. */
function splice(path: string, layout: number[], start: number, end: number, added: readonly number[]): TextChange {
  const sum = (lines: readonly number[]): number => lines.reduce((a, b) => a + b, 0);
  const line = 1 + sum(layout.slice(0, start));
  const removed = layout.splice(start, end - start, ...added);
  return { path, line, column: 1, endLine: line + sum(removed), endColumn: 1, newText: '\n'.repeat(sum(added)) };
}

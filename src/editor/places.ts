import * as vscode from 'vscode';
import type { SourceRange, TextEdit } from '../records/source';
import { SpanMap } from '../source/notebook/spanMap';
import { fromRange, pathOf, toRange, uriOf } from './convert';
import type { TextChange } from './model/ranges';

/** Scheme of the documents that the cells of a notebook are. */
const cellScheme = 'vscode-notebook-cell';

/** The documents of a notebook's Python cells, in order: in the records they are one program. */
export function programCells(notebook: vscode.NotebookDocument): vscode.TextDocument[] {
  return notebook
    .getCells()
    .filter(isProgramCell)
    .map(({ document }) => document);
}

export function isProgramCell(cell: vscode.NotebookCell): boolean {
  return cell.kind === vscode.NotebookCellKind.Code && cell.document.languageId === 'python';
}

/** The notebook that a document is a cell of; null for all others. */
export function notebookOf(document: vscode.TextDocument): vscode.NotebookDocument | null {
  if (document.uri.scheme !== cellScheme) return null;
  const { notebookDocuments } = vscode.workspace;
  return notebookDocuments.find((one) => one.uri.path === document.uri.path && hasCell(one, document)) ?? null;
}

const hasCell = (notebook: vscode.NotebookDocument, document: vscode.TextDocument): boolean =>
  notebook.getCells().some((cell) => cell.document === document);

/** The path that records have for what stands in a document: that of its notebook for a cell. */
export function scriptPath(document: vscode.TextDocument): string {
  return pathOf((notebookOf(document) ?? document).uri);
}

/** A range of a document as records tell it. */
export function toRecord(document: vscode.TextDocument, range: vscode.Range): SourceRange {
  const notebook = notebookOf(document);
  const own = fromRange(pathOf((notebook ?? document).uri), range);
  if (!notebook) return own;
  const cells = programCells(notebook);
  return mapOf(cells).fromCell({ cell: cells.indexOf(document), range: own });
}

/** Where a range of the records stands in a document; null when it is somewhere else. */
export function inDocument(document: vscode.TextDocument, range: SourceRange): vscode.Range | null {
  if (range.path !== scriptPath(document)) return null;
  const notebook = notebookOf(document);
  if (!notebook) return toRange(range);
  const cells = programCells(notebook);
  const place = mapOf(cells).toCell(range);
  return place && cells[place.cell] === document ? toRange(place.range) : null;
}

/** Where a range of the records stands in the editor; in the file itself when its notebook is not open. */
export function locationOf(range: SourceRange): vscode.Location {
  const notebook = openNotebook(range.path);
  const cells = notebook ? programCells(notebook) : [];
  const place = mapOf(cells).toCell(range);
  const cell = place && cells[place.cell];
  return place && cell
    ? new vscode.Location(cell.uri, toRange(place.range))
    : new vscode.Location(uriOf(range.path), toRange(range));
}

/** The open notebook with this path in the records. */
export function openNotebook(path: string): vscode.NotebookDocument | null {
  return vscode.workspace.notebookDocuments.find(({ uri }) => pathOf(uri) === path) ?? null;
}

/** The Python cells of an open notebook with their numbers among all cells and their lines; null for other paths. */
export function cellsOf(path: string): { readonly number: number; readonly lines: number }[] | null {
  const cells = openNotebook(path)?.getCells().filter(isProgramCell);
  return cells?.map(({ index, document }) => ({ number: index + 1, lines: document.lineCount })) ?? null;
}

/** Edits of a fix, each in the document that it is about. */
export function toWorkspaceEdit(edits: readonly TextEdit[]): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const one of edits) {
    const { uri, range } = locationOf(one);
    edit.replace(uri, range, one.newText);
  }
  return edit;
}

/** The changes of one event, last in the text first, as the editor reports them: each one holds in the text left by those before. */
export function toChanges({ document, contentChanges }: vscode.TextDocumentChangeEvent): readonly TextChange[] {
  const sorted = [...contentChanges].sort((a, b) => b.rangeOffset - a.rangeOffset);
  return sorted.map((change) => ({ ...toRecord(document, change.range), newText: change.text }));
}

/** Shows a place of a script in the editor that has it, or in the first column, and selects it. */
export async function showPlace(place: SourceRange, preserveFocus = false): Promise<void> {
  const { uri, range } = locationOf(place);
  if (uri.scheme === cellScheme) {
    // A cell has no editor of its own: opening its address shows its notebook there, in the active column unless told.
    const options = { viewColumn: columnOfCell(uri) ?? vscode.ViewColumn.One, selection: range, preserveFocus };
    await vscode.commands.executeCommand('vscode.open', uri, options);
    return;
  }
  const document = await vscode.workspace.openTextDocument(uri);
  const column = vscode.window.visibleTextEditors.find((editor) => editor.document === document)?.viewColumn;
  const options = { viewColumn: column ?? vscode.ViewColumn.One, selection: range, preserveFocus };
  const editor = await vscode.window.showTextDocument(document, options);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** Where the notebook of a cell is in sight. */
function columnOfCell(cell: vscode.Uri): vscode.ViewColumn | undefined {
  const holds = (notebook: vscode.NotebookDocument): boolean =>
    notebook.getCells().some(({ document }) => document.uri.toString() === cell.toString());
  return vscode.window.visibleNotebookEditors.find(({ notebook }) => holds(notebook))?.viewColumn;
}

function mapOf(cells: readonly vscode.TextDocument[]): SpanMap {
  return new SpanMap(
    cells.map((document) => ({
      lines: document.lineCount,
      lastLength: document.lineAt(document.lineCount - 1).text.length,
    })),
  );
}

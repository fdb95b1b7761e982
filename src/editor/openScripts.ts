import * as vscode from 'vscode';
import { isNotebookPath } from '../source/notebook/notebook';
import { programText } from '../source/notebook/program';
import { pathOf, uriOf } from './convert';
import { notebookOf, openNotebook, programCells } from './places';

/** A script as the editor has it: a Python document, or the Python cells of a notebook. */
export interface OpenScript {
  readonly path: string;
  /** Another one after every change of the text. */
  readonly version: string;
  readonly isClosed: boolean;
  text(): string;
}

/** Longer texts are not training scripts. */
const longestText = 2_000_000;

/** The schemes of what is shown but not worked on: the left side of a comparison, output. */
const shownOnly = ['git', 'output', 'vscode-scm', 'vscode-notebook-cell'];

/** The script that a document is, or that it is a cell of; null when it is none. */
export function scriptOf(document: vscode.TextDocument): OpenScript | null {
  const notebook = notebookOf(document);
  if (notebook) return scriptOfNotebook(notebook);
  const isScript =
    document.languageId === 'python' && !shownOnly.includes(document.uri.scheme) && lengthOf(document) < longestText;
  return isScript ? plainScript(document) : null;
}

/** The script that a notebook's Python cells are; null when it is only shown, or has none. */
export function scriptOfNotebook(notebook: vscode.NotebookDocument): OpenScript | null {
  const isScript = notebook.notebookType === 'jupyter-notebook' && !shownOnly.includes(notebook.uri.scheme);
  if (!isScript || programCells(notebook).length === 0) return null;
  return {
    path: pathOf(notebook.uri),
    get version() {
      return programCells(notebook)
        .map(({ uri, version }) => `${uri.fragment} ${version}`)
        .join();
    },
    get isClosed() {
      return notebook.isClosed;
    },
    text: () => programText(programCells(notebook).map((document) => document.getText())),
  };
}

/** All scripts that are open now. */
export function openScripts(): OpenScript[] {
  const plain = vscode.workspace.textDocuments.filter(({ uri }) => !shownOnly.includes(uri.scheme)).map(scriptOf);
  const notebooks = vscode.workspace.notebookDocuments.map(scriptOfNotebook);
  return [...plain, ...notebooks].filter((script) => script !== null);
}

/** The script in sight: that of the active editor, or of another while something else (a walkthrough, the panel) is active. */
export function shownScript(): OpenScript | null {
  const { activeTextEditor, activeNotebookEditor, visibleTextEditors, visibleNotebookEditors } = vscode.window;
  if (activeTextEditor) return scriptOf(activeTextEditor.document);
  if (activeNotebookEditor) return scriptOfNotebook(activeNotebookEditor.notebook);
  const plain = visibleTextEditors.map(({ document }) => scriptOf(document));
  const notebooks = visibleNotebookEditors.map(({ notebook }) => scriptOfNotebook(notebook));
  return [...plain, ...notebooks].find((script) => script !== null) ?? null;
}

/** Opens the script with a path of the records; null when it is none any more. Rejects when there is no such file. */
export async function openScript(path: string): Promise<OpenScript | null> {
  if (isNotebookPath(path)) {
    return scriptOfNotebook(openNotebook(path) ?? (await vscode.workspace.openNotebookDocument(uriOf(path))));
  }
  return scriptOf(await vscode.workspace.openTextDocument(uriOf(path)));
}

function plainScript(document: vscode.TextDocument): OpenScript {
  return {
    path: pathOf(document.uri),
    get version() {
      return String(document.version);
    },
    get isClosed() {
      return document.isClosed;
    },
    text: () => document.getText(),
  };
}

function lengthOf(document: vscode.TextDocument): number {
  return document.lineCount === 0 ? 0 : document.offsetAt(document.lineAt(document.lineCount - 1).range.end);
}

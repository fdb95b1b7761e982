import { fail, ok, type Result } from '../../base/result';
import { placedStrings } from './jsonLines';
import { cellSize, programText } from './program';
import { SpanMap } from './spanMap';

/** A cell whose text is Python. */
export interface NotebookCell {
  /** Its position among all cells of the notebook, text and code, from 1: as editors number them. */
  readonly number: number;
  readonly text: string;
  /** The line of the file on which each of its lines stands, from 1. */
  readonly fileLines: readonly number[];
}

/** A notebook file as one Python program. */
export interface Notebook {
  readonly cells: readonly NotebookCell[];
  readonly text: string;
  readonly map: SpanMap;
}

/** Whether a path names a notebook file. */
export const isNotebookPath = (path: string): boolean => /\.ipynb$/i.test(path);

/** Reads the JSON of an `.ipynb` file (nbformat 4). Cells in another language have no part in the program. */
export function readNotebook(json: string): Result<Notebook, string> {
  let file: unknown;
  try {
    file = JSON.parse(json);
  } catch (error) {
    return fail(`is not a notebook: ${error instanceof Error ? error.message : String(error)}`);
  }
  const all = member(file, 'cells');
  if (!Array.isArray(all)) {
    const old = member(file, 'worksheets') !== undefined;
    return fail(old ? 'is a notebook of format 3; open it in Jupyter and save it again' : 'is not a notebook: it has no cells');
  }
  const lines = sourceLines(json);
  const cells = isPython(file)
    ? all.flatMap((cell: unknown, index) => (isPythonCell(cell) ? [toCell(index + 1, lines.get(index) ?? [])] : []))
    : [];
  const texts = cells.map(({ text }) => text);
  return ok({ cells, text: programText(texts), map: new SpanMap(texts.map(cellSize)) });
}

interface Piece {
  readonly value: string;
  readonly line: number;
}

/** The pieces of each cell's source by its index: mostly a piece a line, sometimes one for all. */
function sourceLines(json: string): Map<number, Piece[]> {
  const pieces = new Map<number, Piece[]>();
  for (const { path, value, line } of placedStrings(json)) {
    const [top, index, part] = path;
    if (top !== 'cells' || typeof index !== 'number' || part !== 'source') continue;
    const list = pieces.get(index) ?? [];
    list.push({ value, line });
    pieces.set(index, list);
  }
  return pieces;
}

function toCell(number: number, pieces: readonly Piece[]): NotebookCell {
  const starts = pieces.flatMap(({ value, line }) => Array.from(value.matchAll(/\n/g), () => line));
  const last = pieces[pieces.length - 1]?.line ?? 1;
  return { number, text: pieces.map(({ value }) => value).join(''), fileLines: [...starts, last] };
}

/** The language of the notebook; those that do not say are Python's. */
function isPython(file: unknown): boolean {
  const metadata = member(file, 'metadata');
  const name = member(member(metadata, 'language_info'), 'name') ?? member(member(metadata, 'kernelspec'), 'language');
  return typeof name !== 'string' || /^i?python$/i.test(name);
}

function isPythonCell(cell: unknown): boolean {
  const own = member(member(member(cell, 'metadata'), 'vscode'), 'languageId');
  return member(cell, 'cell_type') === 'code' && (own === undefined || own === 'python');
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}

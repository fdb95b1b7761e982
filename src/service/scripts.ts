import { readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { TextDecoder } from 'node:util';
import { fail, ok, type Result } from '../base/result';
import { projectTextAt } from '../data/files/projectText';
import { FileLook } from '../data/look';
import { isNotebookPath, readNotebook, type Notebook } from '../source/notebook/notebook';
import type { ProjectFiles } from '../source/read';

/** A script as it was asked for: `given` is the path as the person wrote it. */
export interface Script {
  readonly given: string;
  readonly path: string;
  /** Python; of a notebook, the program that its cells are. */
  readonly text: string;
  /** Null for a plain file. */
  readonly notebook: Notebook | null;
}

/** Reads a script or notebook as UTF-8; a sentence when that does not work. */
export function openScript(given: string, folder: string): Result<Script, string> {
  const path = resolve(folder, given);
  try {
    if (statSync(path).isDirectory()) return fail(`${given}: is a folder; name the script itself`);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
    if (!isNotebookPath(path)) return ok({ given, path, text, notebook: null });
    const notebook = readNotebook(text);
    return notebook.ok
      ? ok({ given, path, text: notebook.value.text, notebook: notebook.value })
      : fail(`${given}: ${notebook.error}`);
  } catch (error) {
    if (error instanceof TypeError) return fail(`${given}: is not UTF-8 text; save it as UTF-8`);
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return fail(`${given}: no such file`);
    if (code === 'EACCES') return fail(`${given}: no permission to read it`);
    return fail(`${given}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The folders in which data and imported files are looked for: the working folder when the script is in it, else the script's. */
export function workspaceOf(path: string, folder: string): readonly string[] {
  const inside = relative(folder, path);
  return inside.startsWith('..') || isAbsolute(inside) ? [dirname(path)] : [folder];
}

/** The project's files on disk, each read once, kept in `texts`; never outside the workspace's folders. */
export function projectOnDisk(folders: readonly string[], texts: Record<string, string>, dataPath?: string): ProjectFiles {
  return {
    folders,
    tables: new FileLook(() => ({ folders, ...(dataPath === undefined ? {} : { dataPath }) })),
    read: (path) => {
      const known = texts[path];
      if (known !== undefined) return known;
      if (!projectTextAt(path, folders)) return null;
      try {
        const text = readFileSync(path, 'utf8');
        texts[path] = text;
        return text;
      } catch {
        return null;
      }
    },
  };
}

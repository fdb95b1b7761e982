import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** A file or folder that was found. */
export interface Located {
  readonly path: string;
  /** Which of the places it was, in words; null when the script names it in full. */
  readonly place: string | null;
  readonly size: number;
  /** Modification time in ms. */
  readonly modified: number;
  readonly isFolder: boolean;
}

/** Where files are looked for. */
export interface Places {
  /** The script's folder. */
  readonly script: string;
  /** Workspace folders. */
  readonly folders: readonly string[];
}

/**
 * The places in which a relative path is looked for, in order: the script's folder, the workspace
 * folders, the parents of the script's folder inside its workspace folder.
 */
export function searchFolders({ script, folders }: Places): { folder: string; words: string }[] {
  const places = [{ folder: script, words: "the script's folder" }];
  const which = (folder: string): string => (folders.length > 1 ? ` ${basename(folder)}` : '');
  for (const folder of folders) places.push({ folder: resolve(folder), words: `the workspace folder${which(folder)}` });
  for (const folder of folders) {
    const top = resolve(folder);
    if (!isWithin(script, top)) continue;
    for (let parent = dirname(script); isWithin(parent, top) && parent !== top; parent = dirname(parent)) {
      places.push({ folder: parent, words: `the folder ${basename(parent)} above the script` });
    }
  }
  return places.filter(({ folder }, at) => places.findIndex((other) => other.folder === folder) === at);
}

/** Finds `path` as the script writes it; null when it is in none of the places. `missed` gets the paths where it was not. */
export async function locate(path: string, places: Places, missed: Set<string>): Promise<Located | null> {
  for (const { candidate, words } of candidates(path, places)) {
    const found = await examine(candidate, words);
    if (found) return found;
    missed.add(candidate);
  }
  return null;
}

/** The full paths at which `path` is looked for, in order. */
export const candidatesFor = (path: string, places: Places): string[] =>
  candidates(path, places).map(({ candidate }) => candidate);

const candidates = (path: string, places: Places): { candidate: string; words: string | null }[] =>
  spellings(path).flatMap((written): { candidate: string; words: string | null }[] =>
    isAbsolute(written)
      ? [{ candidate: written, words: null }]
      : searchFolders(places).map(({ folder, words }) => ({ candidate: join(folder, written), words })),
  );

/** What is at `path`; null when nothing is, or it may not be looked at. */
export async function examine(path: string, place: string | null): Promise<Located | null> {
  try {
    const entry = await stat(path);
    return { path, place, size: entry.size, modified: entry.mtimeMs, isFolder: entry.isDirectory() };
  } catch {
    return null;
  }
}

/** Scripts written on Windows separate with backslashes. */
const spellings = (path: string): string[] => (sep === '/' && path.includes('\\') ? [path, path.replaceAll('\\', '/')] : [path]);

const isWithin = (inner: string, outer: string): boolean => {
  const way = relative(outer, inner);
  return way === '' || (!way.startsWith('..') && !isAbsolute(way));
};

import { realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';

/** Modules and settings files above this size, in bytes, are not read. */
const longest = 1_000_000;

/**
 * When the module or settings file at `path` was changed, in milliseconds; null for what is not to be read: what lies outside
 * `folders`, also behind a link, what is too long, and what is no file (a device has no end).
 */
export function projectTextAt(path: string, folders: readonly string[]): { readonly modified: number } | null {
  if (!folders.some((folder) => isInside(folder, path))) return null;
  try {
    const target = realpathSync(path);
    if (!folders.some((folder) => isInside(realpathSync(folder), target))) return null;
    const entry = statSync(target);
    return entry.isFile() && entry.size <= longest ? { modified: entry.mtimeMs } : null;
  } catch {
    return null; // There is no such file: imports are tried at several places.
  }
}

function isInside(folder: string, path: string): boolean {
  const rest = relative(folder, path);
  return !/^\.\.([/\\]|$)/.test(rest) && !isAbsolute(rest);
}

import { readFileSync, statSync } from 'node:fs';
import { relative, isAbsolute } from 'node:path';
import * as vscode from 'vscode';
import type { ProjectFiles } from '../source/read';
import { pathOf } from './convert';

/** Imported files above this size are not read. */
const longestFile = 1_000_000;

interface CachedFile {
  readonly modified: number;
  readonly text: string;
}

/** The project's files as the editor has them: unsaved text of open documents first, then the disk, never outside the workspace. */
export class OpenProject implements ProjectFiles {
  private readonly cache = new Map<string, CachedFile>();

  get folders(): readonly string[] {
    return (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
  }

  read(path: string): string | null {
    const open = vscode.workspace.textDocuments.find((document) => pathOf(document.uri) === path);
    if (open) return open.getText();
    return this.folders.some((folder) => isInside(folder, path)) ? this.fromDisk(path) : null;
  }

  private fromDisk(path: string): string | null {
    try {
      const { mtimeMs, size } = statSync(path);
      const known = this.cache.get(path);
      if (known?.modified === mtimeMs) return known.text;
      if (size > longestFile) return null;
      const text = readFileSync(path, 'utf8');
      this.cache.set(path, { modified: mtimeMs, text });
      return text;
    } catch {
      return null; // There is no such file: imports are tried at several places.
    }
  }
}

function isInside(folder: string, path: string): boolean {
  const rest = relative(folder, path);
  return !rest.startsWith('..') && !isAbsolute(rest);
}

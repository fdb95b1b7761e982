import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { projectTextAt } from '../data/files/projectText';
import type { ProjectFiles } from '../source/read';
import { pathOf } from './convert';

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
    return this.fromDisk(path);
  }

  private fromDisk(path: string): string | null {
    const found = projectTextAt(path, this.folders);
    if (!found) return null;
    const known = this.cache.get(path);
    if (known?.modified === found.modified) return known.text;
    try {
      const text = readFileSync(path, 'utf8');
      this.cache.set(path, { modified: found.modified, text });
      return text;
    } catch {
      return null; // It may not be read, or is gone by now.
    }
  }
}

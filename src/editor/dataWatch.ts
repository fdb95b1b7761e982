import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import type { ReadFile, RunRecord } from './model/runRecord';
import type { ComparisonRecord, Scripts } from './model/scripts';

/** Watches the data files that runs have read: what was measured on a file that changed is stale. */
export class DataWatch implements vscode.Disposable {
  private readonly watchers = new Map<string, vscode.FileSystemWatcher>();
  private readonly subscription: { dispose(): void };

  constructor(private readonly scripts: Scripts) {
    this.subscription = scripts.onChange(() => this.watchAll());
  }

  dispose(): void {
    this.subscription.dispose();
    for (const watcher of this.watchers.values()) watcher.dispose();
  }

  private watchAll(): void {
    for (const [, { files }] of this.readers()) for (const file of files) this.watch(file.path);
  }

  private watch(path: string): void {
    if (this.watchers.has(path)) return;
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.file(dirname(path)), basename(path)),
    );
    this.watchers.set(path, watcher);
    const check = (): void => void this.check(path);
    watcher.onDidChange(check);
    watcher.onDidCreate(check);
    watcher.onDidDelete(check);
  }

  private async check(path: string): Promise<void> {
    const now = await stat(path).catch(() => null);
    for (const [key, record] of this.readers()) {
      const then = record.files.find((file) => file.path === path);
      if (then && isOther(then, now)) this.mark(key, record);
    }
  }

  /** All that rests on data files, by unit. */
  private readers(): (readonly [string, RunRecord | ComparisonRecord])[] {
    return [...this.scripts.allRecords, ...this.scripts.allComparisons];
  }

  private mark(key: string, record: RunRecord | ComparisonRecord): void {
    if (record.dataChanged) return;
    record.dataChanged = true;
    this.scripts.changed(key.slice(0, key.lastIndexOf('#')));
  }
}

function isOther(then: ReadFile, now: { readonly size: number; readonly mtimeMs: number } | null): boolean {
  return now === null || now.size !== then.size || Math.abs(now.mtimeMs - then.modified) > 1;
}

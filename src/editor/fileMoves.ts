import * as vscode from 'vscode';
import { pathOf } from './convert';
import type { Scripts } from './model/scripts';
import type { PanelHost } from './panel';
import type { Remembered } from './remembered';
import type { Runs } from './runs';

/** The parts that know scripts by their path. */
export interface PathHolders {
  readonly scripts: Scripts;
  readonly runs: Runs;
  readonly remembered: Remembered;
  readonly panel: PanelHost;
}

/**
 * Keeps up with scripts that are renamed, moved or deleted in the editor. Runs that go on end. What was measured of a moved
 * script, what a person gave for it, and the panel that shows it follow it to its new path; of a deleted one nothing stays.
 */
export function followFiles({ scripts, runs, remembered, panel }: PathHolders): vscode.Disposable {
  const letGo = (gone: vscode.Uri, keep: () => void): void => {
    const isGone = (path: string): boolean => moved(path, gone, gone) !== null;
    runs.cancelWhere(isGone);
    keep();
    scripts.forget(isGone);
  };
  return vscode.Disposable.from(
    vscode.workspace.onDidRenameFiles(({ files }) => {
      for (const { oldUri, newUri } of files) {
        const follow = (path: string): string | null => moved(path, oldUri, newUri);
        void remembered.move(follow);
        letGo(oldUri, () => scripts.move(follow));
        panel.move(follow);
      }
    }),
    vscode.workspace.onDidDeleteFiles(({ files }) => files.forEach((gone) => letGo(gone, () => undefined))),
  );
}

/** Where a path is after a file, or a folder above it, went from one address to another; null when that did not touch it. */
function moved(path: string, from: vscode.Uri, to: vscode.Uri): string | null {
  const [old, now] = [pathOf(from), pathOf(to)];
  const rest = path.slice(old.length);
  return path.startsWith(old) && (rest === '' || /^[\\/]/.test(rest)) ? now + rest : null;
}

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
 * Lets go of scripts that are renamed, moved or deleted: their runs end, and what was measured goes with the path. What a
 * person gave for a script, and the panel that shows it, follow it to its new path.
 */
export function followFiles({ scripts, runs, remembered, panel }: PathHolders): vscode.Disposable {
  const letGo = (gone: vscode.Uri): void => {
    const isGone = (path: string): boolean => moved(path, gone, gone) !== null;
    runs.cancelWhere(isGone);
    scripts.forget(isGone);
  };
  return vscode.Disposable.from(
    vscode.workspace.onDidRenameFiles(({ files }) => {
      for (const { oldUri, newUri } of files) {
        const follow = (path: string): string | null => moved(path, oldUri, newUri);
        void remembered.move(follow);
        letGo(oldUri);
        panel.move(follow);
      }
    }),
    vscode.workspace.onDidDeleteFiles(({ files }) => files.forEach(letGo)),
  );
}

/** Where a path is after a file, or a folder above it, went from one address to another; null when that did not touch it. */
function moved(path: string, from: vscode.Uri, to: vscode.Uri): string | null {
  const [old, now] = [pathOf(from), pathOf(to)];
  const rest = path.slice(old.length);
  return path.startsWith(old) && (rest === '' || /^[\\/]/.test(rest)) ? now + rest : null;
}

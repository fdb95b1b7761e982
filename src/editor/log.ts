import * as vscode from 'vscode';

/** The output channel of the extension, with levels that the person sets. */
export type Log = vscode.LogOutputChannel;

export function createLog(): Log {
  return vscode.window.createOutputChannel('Descent Lens', { log: true });
}

/** Runs what nobody waits for: an error that gets here is one of ours and is logged. */
export function inBackground(log: Log, what: string, work: Promise<unknown>): void {
  work.catch((error: unknown) =>
    log.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  );
}

import * as vscode from 'vscode';

/**
 * Waits for `get` to give something, asking again and again; rejects after a while. The limit is far beyond what a slow and
 * busy machine takes: it only ends a test that would wait for ever.
 */
export async function eventually<T>(
  what: string,
  get: () => T | undefined | null | false | Thenable<T | undefined | null | false>,
  limit = 120_000,
): Promise<T> {
  const end = Date.now() + limit;
  for (;;) {
    const value = await get();
    if (value !== undefined && value !== null && value !== false) return value;
    if (Date.now() > end) throw new Error(`still waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** A file of the workspace. */
export function workspaceFile(path: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (!folder) throw new Error('no workspace');
  return vscode.Uri.joinPath(folder, path);
}

export async function open(path: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(workspaceFile(path));
  return vscode.window.showTextDocument(document);
}

/** Our diagnostics on a document. */
export function ours(document: vscode.TextDocument): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'descent-lens');
}

/** The rule of a diagnostic. */
export function ruleOf({ code }: vscode.Diagnostic): string {
  return typeof code === 'object' ? String(code.value) : String(code);
}

export async function lenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
  const all = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 50);
  return all.filter(({ command }) => command?.command.startsWith('descentLens.') === true);
}

export async function quickFixes(document: vscode.TextDocument, range: vscode.Range): Promise<vscode.CodeAction[]> {
  const all = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, range);
  return all.filter((action) => action.kind !== undefined && vscode.CodeActionKind.QuickFix.contains(action.kind));
}

/** Replaces `from` by `to` where it stands first. */
export async function replace(document: vscode.TextDocument, from: string, to: string): Promise<void> {
  const start = document.getText().indexOf(from);
  if (start < 0) throw new Error(`${from} is not in the text`);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(start + from.length)), to);
  await vscode.workspace.applyEdit(edit);
}

export const extensionId = 'descent-lens.descent-lens';

/** Writes what the launch configurations of the workspace offer for command lines, and waits until the window knows it. */
export async function offerValues(document: vscode.TextDocument, values: readonly string[]): Promise<void> {
  const launch = {
    configurations: [{ name: 'Train', type: 'debugpy', request: 'launch', program: '${file}', args: values }],
  };
  await vscode.workspace.fs.writeFile(workspaceFile('.vscode/launch.json'), new TextEncoder().encode(JSON.stringify(launch)));
  // The window sees a new launch.json when its watcher does.
  await eventually('the launch configuration', () => {
    const known = vscode.workspace.getConfiguration('launch', document.uri).get<typeof launch.configurations>('configurations');
    return JSON.stringify(known?.[0]?.args) === JSON.stringify(values);
  });
}

/** Accepts what input boxes offer, one after another, until `work` is done. */
export async function acceptOffers<T>(work: Thenable<T>): Promise<T> {
  let isDone = false;
  const done = work.then((result) => {
    isDone = true;
    return result;
  });
  await eventually('the boxes', async () => {
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    return isDone;
  });
  return done;
}

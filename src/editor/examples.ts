import * as vscode from 'vscode';

const walkthroughId = 'descent-lens.descent-lens#start';

/** The example that the walkthrough begins with. */
const firstExample = ['faults', 'lr-diverges', 'train.py'] as const;

/**
 * Opens the first example from a copy that can be written to, beside what is open. A copy that is there stays as it is,
 * but for the first example, which shall have its fault again.
 */
export async function openExamples(context: vscode.ExtensionContext): Promise<void> {
  const shipped = vscode.Uri.joinPath(context.extensionUri, 'examples');
  const copy = vscode.Uri.joinPath(context.globalStorageUri, 'examples');
  const first = vscode.Uri.joinPath(copy, ...firstExample);
  if (await exists(first))
    await vscode.workspace.fs.copy(vscode.Uri.joinPath(shipped, ...firstExample), first, { overwrite: true });
  else await vscode.workspace.fs.copy(shipped, copy, { overwrite: true });
  const document = await vscode.workspace.openTextDocument(first);
  await vscode.window.showTextDocument(document, { preview: false, viewColumn: vscode.ViewColumn.Beside });
}

export async function openWalkthrough(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthroughId, false);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

import * as vscode from 'vscode';

const walkthroughId = 'descent-lens.descent-lens#start';

/** Copies the examples of the walkthrough to a folder that can be written to, and opens the first one. */
export async function openExamples(context: vscode.ExtensionContext): Promise<void> {
  const target = vscode.Uri.joinPath(context.globalStorageUri, 'examples');
  const source = vscode.Uri.joinPath(context.extensionUri, 'media', 'walkthrough', 'examples');
  await vscode.workspace.fs.copy(source, target, { overwrite: true });
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(target, 'train.py'));
  await vscode.window.showTextDocument(document, { preview: false });
}

export async function openWalkthrough(_context: vscode.ExtensionContext): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthroughId, false);
}

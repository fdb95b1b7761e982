import * as vscode from 'vscode';

/**
 * Whether the workspace is trusted. Reading needs no trust; running the engine on project data does. When it is
 * missing the person is told and may open the trust editor.
 */
export async function ensureTrust(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = 'Manage trust';
  const text = 'Descent Lens trains on the data of this folder only once you trust it. Until then scripts are only read.';
  const answer = await vscode.window.showWarningMessage(text, manage);
  if (answer === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return vscode.workspace.isTrusted;
}

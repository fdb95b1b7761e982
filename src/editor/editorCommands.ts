import * as vscode from 'vscode';
import type { ShownFinding } from './model/findings';
import { findingsAt, fixAllEdits, fixTitle } from './model/fixes';
import type { Scripts } from './model/scripts';
import { inDocument, scriptPath, toRecord, toWorkspaceEdit } from './places';
import { withSuppression } from '../protocol/suppressions';

/** Applies a fix of a finding at the cursor; asks when there are several. */
export async function applyFixHere(scripts: Scripts): Promise<void> {
  const fixes = here(scripts).flatMap(({ finding }) => finding.fixes);
  const items = fixes.map((fix) => ({ label: fixTitle(fix), fix }));
  const picked = items.length > 1 ? await vscode.window.showQuickPick(items, { title: 'Apply a fix' }) : items[0];
  if (picked) await vscode.workspace.applyEdit(toWorkspaceEdit(picked.fix.edits));
  else if (items.length === 0) nothing('There is no fix at the cursor.');
}

/** Applies all fixes of the active script that were seen to help, as one undo. */
export async function fixAllHere(scripts: Scripts): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  const edits = document ? fixAllEdits(scripts.findingsIn(scriptPath(document))) : [];
  if (edits.length === 0) nothing('No fix of this script was seen to help yet.');
  else await vscode.workspace.applyEdit(toWorkspaceEdit(edits));
}

/** Silences the worst finding at the cursor by a comment on its line. */
export async function suppressHere(scripts: Scripts): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const first = here(scripts)[0];
  const place = editor && first && inDocument(editor.document, first.finding.range);
  if (!place) {
    nothing('There is no finding at the cursor.');
    return;
  }
  const line = editor.document.lineAt(place.start.line);
  await editor.edit((edit) => edit.replace(line.range, withSuppression(line.text, first.finding.rule)));
}

function here(scripts: Scripts): readonly ShownFinding[] {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return [];
  const cursor = toRecord(editor.document, editor.selection);
  return findingsAt(scripts.findingsIn(cursor.path), cursor);
}

function nothing(text: string): void {
  void vscode.window.showInformationMessage(`Descent Lens: ${text}`);
}

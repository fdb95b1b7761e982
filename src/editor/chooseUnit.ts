import * as vscode from 'vscode';
import { pathOf, uriOf } from './convert';
import type { Scripts, Unit } from './model/scripts';
import { unitKey } from './model/scripts';
import type { ScriptReader } from './reading';

/**
 * The training unit that a command is about: the one named by its arguments, else that of the script
 * in sight, or the person's choice among several. Null when there is none; then a message says so.
 */
export async function chosenUnit(
  { scripts, reader }: { readonly scripts: Scripts; readonly reader: ScriptReader },
  args: readonly unknown[],
): Promise<Unit | null> {
  const [path, name] = args;
  const document = typeof path === 'string' ? await vscode.workspace.openTextDocument(uriOf(path)) : shownScript();
  if (document) await reader.readNow(document);
  const units = document ? (scripts.get(pathOf(document.uri))?.units ?? []) : [];
  if (typeof path === 'string' && typeof name === 'string') {
    const named = scripts.unit(unitKey(path, name));
    if (named) return named;
  }
  if (units.length === 0) {
    void vscode.window.showInformationMessage(
      'Descent Lens: no training unit (an optimizer with its loss and step) was found in this script.',
    );
    return null;
  }
  if (units.length === 1) return units[0] ?? null;
  return pickUnit(units);
}

/** The active script, or the one in sight while something else (a walkthrough, the panel) is active. */
function shownScript(): vscode.TextDocument | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  return (activeTextEditor ?? visibleTextEditors.find(({ document }) => document.languageId === 'python'))?.document;
}

async function pickUnit(units: readonly Unit[]): Promise<Unit | null> {
  const items = units.map((unit) => ({ label: unit.name, description: `line ${unit.range.line}`, unit }));
  const picked = await vscode.window.showQuickPick(items, { title: 'Which training unit?' });
  return picked?.unit ?? null;
}

import * as vscode from 'vscode';
import type { Scripts, Unit } from './model/scripts';
import { unitKey } from './model/scripts';
import type { OpenScript } from './openScripts';
import { openScript, shownScript } from './openScripts';
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
  const script = typeof path === 'string' ? await opened(path) : shownScript();
  if (script === undefined) return null;
  if (script === null) {
    void vscode.window.showInformationMessage('Descent Lens: open a training script first.');
    return null;
  }
  await reader.readNow(script);
  const units = scripts.get(script.path)?.units ?? [];
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

/** The script of a path; undefined, which a message says, when it cannot be opened any more. */
async function opened(path: string): Promise<OpenScript | null | undefined> {
  try {
    return await openScript(path);
  } catch {
    void vscode.window.showWarningMessage(`Descent Lens: ${path} cannot be opened. It may have been moved or deleted.`);
    return undefined;
  }
}

async function pickUnit(units: readonly Unit[]): Promise<Unit | null> {
  const items = units.map((unit) => ({ label: unit.name, description: `line ${unit.range.line}`, unit }));
  const picked = await vscode.window.showQuickPick(items, { title: 'Which training unit?' });
  return picked?.unit ?? null;
}

import * as vscode from 'vscode';
import { isRuleId } from '../protocol/projectSettings';
import { chosenUnit } from './chooseUnit';
import type { DiagnosticsPublisher } from './diagnostics';
import { explainRule, pickRule } from './documentation';
import { applyFixHere, fixAllHere, suppressHere } from './editorCommands';
import { openExamples, openWalkthrough } from './examples';
import type { Log } from './log';
import type { Scripts, Unit } from './model/scripts';
import { unitKey } from './model/scripts';
import { commands } from './names';
import type { PanelHost } from './panel';
import type { ScriptReader } from './reading';
import type { Runs } from './runs';
import { ensureTrust } from './trust';

/** The parts of the extension that commands act on. */
export interface Parts {
  readonly context: vscode.ExtensionContext;
  readonly scripts: Scripts;
  readonly reader: ScriptReader;
  readonly runs: Runs;
  readonly panel: PanelHost;
  readonly diagnostics: DiagnosticsPublisher;
  readonly log: Log;
}

/** Registers every command of package.json. Those on a unit take its path and name, or ask. */
export function registerCommands(parts: Parts): vscode.Disposable[] {
  const { context, runs, panel, scripts, diagnostics, log } = parts;
  const on = (command: string, run: (...args: readonly unknown[]) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(command, run);
  return [
    on(commands.diagnose, async (...args) => {
      const unit = await chosenUnit(parts, args);
      if (unit) await diagnose(parts, unit);
    }),
    on(commands.cancel, (path, name) =>
      runs.cancel(typeof path === 'string' && typeof name === 'string' ? unitKey(path, name) : undefined),
    ),
    on(commands.openPanel, async (...args) => panel.show(await chosenUnit(parts, args), false)),
    on(commands.clearFindings, () => {
      for (const key of [...scripts.allRecords.keys()]) if (runs.running?.key !== key) scripts.setRecord(key, null);
      diagnostics.clear();
    }),
    on(commands.showLog, () => log.show()),
    on(commands.explain, async (name) => {
      const rule = typeof name === 'string' && isRuleId(name) ? name : await pickRule();
      if (rule) await explainRule(rule);
    }),
    on(commands.applyFix, () => applyFixHere(scripts)),
    on(commands.fixAll, () => fixAllHere(scripts)),
    on(commands.suppress, () => suppressHere(scripts)),
    on(commands.pickData, async (...args) => {
      const unit = await chosenUnit(parts, args);
      if (unit) await pickData(parts, unit);
    }),
    on(commands.openExamples, () => openExamples(context)),
    on(commands.walkthrough, () => openWalkthrough()),
  ];
}

async function diagnose(parts: Parts, unit: Unit): Promise<void> {
  if (parts.scripts.get(unit.path)?.options.mayRun === false) {
    void vscode.window.showInformationMessage('Descent Lens: runs are switched off by the setting descentLens.runOnSave.');
    return;
  }
  if (!(await ensureTrust())) return;
  parts.runs.request(unit.path, unit.name);
  parts.panel.show({ path: unit.path, name: unit.name }, true);
}

/** Lets the person name the file that takes the place of the script's own path, remembers it and runs. */
async function pickData(parts: Parts, unit: Unit): Promise<void> {
  const picked = await vscode.window.showOpenDialog({
    title: `Data of ${unit.name}`,
    openLabel: 'Use this',
    canSelectFiles: true,
    canSelectFolders: true,
    canSelectMany: false,
  });
  const file = picked?.[0];
  if (!file) return;
  await parts.context.workspaceState.update(unit.key, file.fsPath);
  await diagnose(parts, unit);
}

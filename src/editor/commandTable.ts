import * as vscode from 'vscode';
import { isRuleId } from '../protocol/projectSettings';
import { chosenUnit } from './chooseUnit';
import type { Comparisons } from './comparisons';
import type { DiagnosticsPublisher } from './diagnostics';
import { explainRule, pickRule } from './documentation';
import { applyFixHere, fixAllHere, suppressHere } from './editorCommands';
import { openExamples, openWalkthrough } from './examples';
import type { Log } from './log';
import { criticalPoint } from './model/criticalPoints';
import { missingValues } from './model/missing';
import type { Scripts, Unit } from './model/scripts';
import { comparedWords } from './model/trustLine';
import { unitKey } from './model/scripts';
import { commands } from './names';
import { openScript, shownScript } from './openScripts';
import type { PanelHost } from './panel';
import type { ScriptReader } from './reading';
import type { Remembered } from './remembered';
import type { Runs } from './runs';
import { ensureTrust } from './trust';

/** The parts of the extension that commands act on. */
export interface Parts {
  readonly context: vscode.ExtensionContext;
  readonly scripts: Scripts;
  readonly reader: ScriptReader;
  readonly runs: Runs;
  readonly comparisons: Comparisons;
  readonly panel: PanelHost;
  readonly diagnostics: DiagnosticsPublisher;
  readonly remembered: Remembered;
  readonly log: Log;
}

/** Registers every command of package.json. Those on a unit take its path and name, or ask; `pickData` also the path of the file. */
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
    on(commands.compare, async (...args) => {
      const unit = await chosenUnit(parts, args);
      if (!unit || !(await ensureTrust())) return null;
      await parts.comparisons.compare(unit, args[2] === 'agreed');
      return comparedWords(scripts.comparedWith(unit));
    }),
    on(commands.openPanel, async (...args) => {
      // Without a script in sight the panel shows what it showed last, or how to begin.
      const isAboutUnit = args.length > 0 || shownScript() !== null;
      panel.show(isAboutUnit ? await chosenUnit(parts, args) : null, false);
    }),
    on(commands.clearFindings, () => {
      for (const key of [...scripts.allRecords.keys()]) if (runs.running?.key !== key) scripts.setRecord(key, null);
      for (const key of [...scripts.allComparisons.keys()]) scripts.setComparison(key, null);
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
      if (unit) await pickData(parts, unit, args[2]);
    }),
    on(commands.standIn, async (...args) => {
      const unit = await chosenUnit(parts, args);
      if (!unit) return;
      await parts.remembered.setStandIn(unit.key);
      await diagnose(parts, unit);
    }),
    on(commands.giveValue, async (path, name, value) => {
      const unit = await chosenUnit(parts, [path, name]);
      if (unit) await giveValues(parts, unit, typeof value === 'string' ? [value] : null);
    }),
    on(commands.inspectCriticalPoint, async (...args) => {
      const unit = await chosenUnit(parts, args);
      if (unit) inspectCriticalPoint(parts, unit, args[2]);
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
  if (!(await giveMissing(parts, unit))) return;
  parts.runs.request(unit.path, unit.name);
  parts.panel.show({ path: unit.path, name: unit.name }, true);
}

/** Lets the person name the file that takes the place of the script's own path (or takes the one that is given), remembers it and runs. */
async function pickData(parts: Parts, unit: Unit, given: unknown): Promise<void> {
  const path = typeof given === 'string' ? given : await askForData(unit);
  if (path === null) return;
  await parts.remembered.setDataPath(unit.key, path);
  await diagnose(parts, unit);
}

async function askForData(unit: Unit): Promise<string | null> {
  const picked = await vscode.window.showOpenDialog({
    title: `Data of ${unit.name}`,
    openLabel: 'Use this',
    canSelectFiles: true,
    canSelectFolders: true,
    canSelectMany: false,
  });
  return picked?.[0]?.fsPath ?? null;
}

/** Asks for every value without which the unit cannot be read, also for those that are missing once others are there. */
async function giveMissing(parts: Parts, unit: Unit): Promise<boolean> {
  const asked = new Set<string>();
  for (let now: Unit | undefined = unit; now; now = parts.scripts.unit(unit.key)) {
    const names = missingValues(now.experiment).filter((name) => !asked.has(name));
    if (names.length === 0) break;
    if (!(await giveValues(parts, unit, names))) return false;
    for (const name of names) asked.add(name);
    const script = await openScript(unit.path);
    if (script) await parts.reader.readNow(script);
  }
  return true;
}

/**
 * Asks for values that only the command line gives: those that are named, else those that are missing or were given
 * before. False when the person leaves one out.
 */
async function giveValues({ remembered, scripts }: Parts, unit: Unit, names: readonly string[] | null): Promise<boolean> {
  const known = [...missingValues(unit.experiment), ...Object.keys(remembered.values(unit.path))];
  const wanted = names ?? [...new Set(known)];
  if (wanted.length === 0)
    void vscode.window.showInformationMessage('Descent Lens: this script lacks no value of its command line.');
  const accepted = scripts.get(unit.path)?.commandLine ?? {};
  for (const name of wanted) if (!(await remembered.ask(unit.path, name, accepted[name] ?? { type: 'any' }))) return false;
  return true;
}

/** Opens the panel on the loss surface: at a step, else where the unit's run found a critical point, else nearest to its end. */
function inspectCriticalPoint({ panel, scripts }: Parts, unit: Unit, step: unknown): void {
  const findings = scripts.findingsOf(unit).map(({ finding }) => finding);
  const point = typeof step === 'number' ? { step, nearest: false } : criticalPoint(scripts.record(unit.key), findings);
  if (point) panel.inspect(unit, point);
  else
    void vscode.window.showInformationMessage(
      'Descent Lens: diagnose this training unit first; then its points can be inspected.',
    );
}

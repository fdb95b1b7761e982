import * as vscode from 'vscode';
import type { LensText } from './model/lensTexts';
import { lensTexts } from './model/lensTexts';
import type { Scripts, Unit } from './model/scripts';
import { commands } from './names';
import { inDocument, scriptPath } from './places';
import type { Runs } from './runs';

/** The line above each training unit: run or cancel, and the last verdict, which opens the panel. */
export class Lenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<void>();
  private readonly subscriptions: readonly { dispose(): void }[];
  readonly onDidChangeCodeLenses = this.emitter.event;

  constructor(
    private readonly scripts: Scripts,
    private readonly runs: Runs,
  ) {
    const refresh = (): void => this.emitter.fire();
    this.subscriptions = [scripts.onChange(refresh), runs.onChange(refresh), vscode.workspace.onDidGrantWorkspaceTrust(refresh)];
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const script = this.scripts.get(scriptPath(document));
    return (script?.units ?? []).flatMap((unit) => {
      const range = inDocument(document, unit.range);
      return range ? this.lensesOf(unit, range) : [];
    });
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.emitter.dispose();
  }

  private lensesOf(unit: Unit, range: vscode.Range): vscode.CodeLens[] {
    const texts = lensTexts({
      experiment: unit.experiment,
      record: this.scripts.record(unit.key),
      waitsFor: this.runs.before(unit.key),
      isRunning: this.runs.running?.key === unit.key,
      isTrusted: vscode.workspace.isTrusted,
      mayRun: this.scripts.get(unit.path)?.options.mayRun ?? true,
      shown: this.scripts.findingsOf(unit),
    });
    return texts.map(({ action, title, tooltip }) => {
      return new vscode.CodeLens(range, { title, tooltip, command: commandOf[action], arguments: [unit.path, unit.name] });
    });
  }
}

const commandOf: Readonly<Record<LensText['action'], string>> = {
  run: commands.diagnose,
  cancel: commands.cancel,
  panel: commands.openPanel,
  trust: 'workbench.trust.manage',
  inspect: commands.inspectCriticalPoint,
  give: commands.giveValue,
};

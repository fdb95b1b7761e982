import * as vscode from 'vscode';
import { counted, percent } from './model/format';
import { seriousWords } from './model/lensTexts';
import { timeLeft } from './model/longRun';
import type { Scripts } from './model/scripts';
import { commands, pythonSelector } from './names';
import { scriptPath } from './places';
import type { Runs } from './runs';

/** One status bar item while a run exists; a language status item for what is known of the open script. */
export class Status implements vscode.Disposable {
  private readonly bar = vscode.window.createStatusBarItem('descentLens.run', vscode.StatusBarAlignment.Left, 50);
  private readonly language = vscode.languages.createLanguageStatusItem('descentLens.script', [...pythonSelector]);
  private readonly subscriptions: readonly { dispose(): void }[];

  constructor(
    private readonly scripts: Scripts,
    private readonly runs: Runs,
  ) {
    this.bar.name = 'Descent Lens run';
    this.language.name = 'Descent Lens';
    const refresh = (): void => this.refresh();
    this.subscriptions = [
      scripts.onChange(refresh),
      runs.onChange(refresh),
      vscode.window.onDidChangeActiveTextEditor(refresh),
      vscode.workspace.onDidGrantWorkspaceTrust(refresh),
      this.bar,
      this.language,
    ];
    this.refresh();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private refresh(): void {
    this.refreshBar();
    this.refreshLanguage();
  }

  private refreshBar(): void {
    const running = this.runs.running;
    const record = running ? this.scripts.record(running.key) : null;
    if (!running || !record?.isRunning) {
      this.bar.hide();
      return;
    }
    this.bar.text = `$(sync~spin) ${running.name} ${percent(record.fraction)}`;
    const left = timeLeft(record.elapsedSeconds, record.fraction);
    const { waiting } = this.runs;
    const others = waiting > 0 ? `${counted(waiting, 'more run')} ${waiting === 1 ? 'waits' : 'wait'}.\n` : '';
    this.bar.tooltip = `Descent Lens: ${[record.text, left].filter(Boolean).join(' · ')}\n${others}Click to open the panel.`;
    this.bar.accessibilityInformation = { label: `Descent Lens diagnoses ${running.name}, ${percent(record.fraction)}` };
    this.bar.command = { command: commands.openPanel, title: 'Open panel', arguments: [running.path, running.name] };
    this.bar.show();
  }

  private refreshLanguage(): void {
    const document = vscode.window.activeTextEditor?.document;
    const script = document ? this.scripts.get(scriptPath(document)) : undefined;
    this.language.busy = this.runs.running !== null;
    if (!script) {
      this.language.text = 'No training unit';
      this.language.detail = undefined;
      this.language.command = { command: commands.showLog, title: 'Show log' };
      return;
    }
    const findings = this.scripts.findingsIn(script.path);
    this.language.text =
      script.units.length === 0
        ? 'No training unit'
        : `${counted(script.units.length, 'training unit')}, ${seriousWords(findings) || 'no warning'}`;
    this.language.detail = script.isBroken
      ? 'syntax error: the last good reading is shown'
      : vscode.workspace.isTrusted
        ? undefined
        : 'only read until the folder is trusted';
    this.language.severity = script.isBroken ? vscode.LanguageStatusSeverity.Warning : vscode.LanguageStatusSeverity.Information;
    this.language.command =
      script.units.length > 0
        ? { command: commands.diagnose, title: 'Diagnose' }
        : { command: commands.showLog, title: 'Show log' };
  }
}

import { homedir } from 'node:os';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { CancelSource, never } from '../base/cancel';
import {
  agrees,
  comparedSteps,
  comparisonWords,
  differenceWords,
  shortVersion,
  type CompareResult,
  type Interpreter,
} from '../protocol/comparison';
import type { Comparison, ComparisonFailure } from '../records/comparison';
import { pathOf, uriOf } from './convert';
import type { Engine } from './engine';
import type { Log } from './log';
import { inBackground } from './log';
import { interpreterPath } from './model/interpreterPath';
import type { Scripts, Unit } from './model/scripts';
import { showPlace } from './places';
import type { Runs } from './runs';

const consentKey = (interpreter: string): string => `compare ${interpreter}`;

/**
 * Compares units with PyTorch, one at a time: the only part of the extension that has Python started, by the engine
 * process, when a person asks for it in a trusted folder and has agreed to this interpreter once.
 */
export class Comparisons implements vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<void>();
  readonly onChange = this.emitter.event;
  private current: string | null = null;

  constructor(
    private readonly scripts: Scripts,
    private readonly runs: Runs,
    private readonly engine: Engine,
    private readonly memory: vscode.Memento,
    private readonly log: Log,
  ) {}

  /** Key of the unit that is being compared. */
  get running(): string | null {
    return this.current;
  }

  /** Asks where that was not done, runs and compares; what came out is kept with the unit. `isAgreed`: the caller has asked. */
  async compare(unit: Unit, isAgreed: boolean): Promise<void> {
    if (this.current !== null) {
      void vscode.window.showInformationMessage('Descent Lens: another comparison with PyTorch is still going on.');
      return;
    }
    this.now(unit.key);
    try {
      const interpreter = await this.interpreterFor(unit.path);
      if (interpreter && (isAgreed || (await this.agreed(unit, interpreter)))) await this.run(unit, interpreter);
    } finally {
      this.now(null);
    }
  }

  dispose(): void {
    this.emitter.dispose();
  }

  private now(key: string | null): void {
    this.current = key;
    this.emitter.fire();
  }

  /** The interpreter of the settings, else the first with PyTorch; a message and null when there is none. */
  private async interpreterFor(path: string): Promise<Interpreter | null> {
    const found = await this.engine.request('findPython', { path: configured(path) }, () => undefined, never);
    if (found.ok && found.value.found) return found.value.interpreter;
    const why = found.ok ? (found.value.found ? '' : found.value.text) : found.error.text;
    this.log.warn(`compare: ${why}`);
    this.tell(`Descent Lens: no Python with PyTorch was found (${why}).`, 'Set the Interpreter', async () => {
      await vscode.commands.executeCommand('workbench.action.openSettings', 'descentLens.python');
    });
    return null;
  }

  /** Whether the person lets this interpreter run scripts of the workspace: asked once for each. */
  private async agreed({ path }: Unit, { path: interpreter, python, torch }: Interpreter): Promise<boolean> {
    if (this.memory.get<boolean>(consentKey(interpreter)) === true) return true;
    const run = 'Run It';
    const detail = [
      `${interpreter} (Python ${python}, PyTorch ${shortVersion(torch)}) will run ${basename(path)}, your own code, from its start until its optimizer has taken ${comparedSteps} steps, and stop there.`,
      'Parameters, rows, batches and dropout masks are those of the run here. Files that it writes in Python into the folders of this workspace are withheld; everything else that the script does until then happens.',
      'You are asked once for each interpreter in this workspace.',
    ].join('\n\n');
    const answer = await vscode.window.showWarningMessage(
      `Run ${basename(path)} in Python to compare it with PyTorch?`,
      { modal: true, detail },
      run,
    );
    if (answer !== run) return false;
    await this.memory.update(consentKey(interpreter), true);
    return true;
  }

  private async run(unit: Unit, interpreter: Interpreter): Promise<void> {
    this.log.info(`compare ${unit.name} in ${unit.path} with PyTorch ${interpreter.torch} of ${interpreter.path}`);
    const parameters = await this.runs.parametersFor(unit.key, unit.experiment);
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: `Descent Lens: comparing ${unit.name} with PyTorch`,
      cancellable: true,
    };
    const outcome = await vscode.window.withProgress(options, (progress, token) => {
      const cancel = new CancelSource();
      token.onCancellationRequested(() => cancel.cancel());
      const wanted = { ...parameters, interpreter: interpreter.path, steps: comparedSteps };
      return this.engine.request('compare', wanted, ({ text }) => progress.report({ message: text }), cancel.token);
    });
    if (outcome.ok) this.take(unit, outcome.value);
    else if (outcome.error.code !== 'cancelled') this.tellFailure(unit, { kind: 'script', text: outcome.error.text, line: null });
  }

  private take(unit: Unit, result: CompareResult): void {
    if (result.status === 'failed') this.tellFailure(unit, result.failure);
    if (result.status !== 'compared') return;
    const { comparison, files } = result;
    this.scripts.setComparison(unit.key, { comparison, fingerprint: unit.fingerprint, files, dataChanged: false });
    for (const line of logLines(comparison)) this.log.info(`compare ${unit.name}: ${line}`);
    if (!agrees(comparison)) this.offerLog(`Descent Lens: ${unit.name} ${comparisonWords(comparison)}.`);
  }

  private tellFailure({ name, path }: Unit, { text, line }: ComparisonFailure): void {
    const place = line === null ? '' : ` (line ${line} of ${basename(path)})`;
    this.log.warn(`compare ${name}: ${text}${place}`);
    const message = `Descent Lens: not compared with PyTorch: ${text}`;
    this.tell(message, line === null ? null : 'Show the Line', () =>
      showPlace({ path, line: line ?? 1, column: 1, endLine: line ?? 1, endColumn: 1 }),
    );
  }

  private offerLog(text: string): void {
    this.tell(text, 'Show Log', () => this.log.show());
  }

  /** A message with something to do; the comparison is over, whether or not the person answers. */
  private tell(text: string, action: string | null, act: () => Promise<void> | void): void {
    const answered = Promise.resolve(vscode.window.showWarningMessage(text, ...(action === null ? [] : [action])));
    inBackground(
      this.log,
      'compare',
      answered.then((answer) => (answer === action && action !== null ? act() : undefined)),
    );
  }
}

function configured(path: string): string | null {
  const uri = uriOf(path);
  const own = vscode.workspace.getConfiguration('descentLens', uri).get<string>('python', '');
  const theirs = vscode.workspace.getConfiguration('python', uri).get<string>('defaultInterpreterPath', '');
  const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri;
  return interpreterPath(own, theirs, { folder: folder ? pathOf(folder) : null, home: homedir(), environment: process.env });
}

/** All that a comparison found, for the log. */
function logLines(comparison: Comparison): string[] {
  const { steps, differences, notes, losses } = comparison;
  return [
    comparisonWords(comparison),
    ...differences.map((difference) => `differs ${differenceWords(difference, steps)}`),
    ...notes,
    `losses here ${losses.ours.join(' ')}`,
    `losses in PyTorch ${losses.pytorch.join(' ')}`,
  ];
}

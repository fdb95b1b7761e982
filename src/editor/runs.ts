import * as vscode from 'vscode';
import type { CancelToken } from '../base/cancel';
import type { Rejection } from '../protocol/channel';
import type { DiagnoseEvent, DiagnoseParameters } from '../protocol/diagnosis';
import type { Experiment } from '../records/experiment';
import { pathOf } from './convert';
import type { Engine } from './engine';
import type { Log } from './log';
import { inBackground } from './log';
import { RunQueue } from './model/runQueue';
import { cancelledText, RunRecord } from './model/runRecord';
import type { Scripts } from './model/scripts';
import { unitKey } from './model/scripts';
import type { OpenScript } from './openScripts';
import { openScript, scriptOf, scriptOfNotebook } from './openScripts';
import type { ScriptReader } from './reading';
import type { Remembered } from './remembered';
import type { SettingsReader } from './settings';

/** A training unit to be run. */
export interface RunTarget {
  readonly key: string;
  readonly path: string;
  readonly name: string;
  /** Somebody asked for this run; false when a save began it. */
  readonly isAsked: boolean;
}

/** What was told of a run, for the panel: it forwards the columns and draws the rest anew. */
export interface RunNews {
  readonly key: string;
  readonly event: DiagnoseEvent | null;
}

/** How often at most the editor's own parts are redrawn while a run goes on. */
const redrawMilliseconds = 200;

/** Runs training units in the engine, one at a time, and keeps what they measured in the scripts' records. */
export class Runs implements vscode.Disposable {
  private readonly queue: RunQueue<RunTarget>;
  private readonly changeEmitter = new vscode.EventEmitter<void>();
  private readonly newsEmitter = new vscode.EventEmitter<RunNews>();
  private redraw: NodeJS.Timeout | null = null;
  readonly onChange = this.changeEmitter.event;
  readonly onNews = this.newsEmitter.event;

  constructor(
    private readonly scripts: Scripts,
    private readonly reader: ScriptReader,
    private readonly engine: Engine,
    private readonly settings: SettingsReader,
    private readonly remembered: Remembered,
    private readonly log: Log,
  ) {
    this.queue = new RunQueue(
      (target, cancel) => this.run(target, cancel),
      () => this.changeEmitter.fire(),
    );
  }

  get running(): RunTarget | null {
    return this.queue.running;
  }

  /** How many runs wait. */
  get waiting(): number {
    return this.queue.waiting.length;
  }

  /** How many runs come before a unit that waits, the present one among them; null for a unit that does not wait. */
  before(key: string): number | null {
    const place = this.queue.waiting.findIndex((item) => item.key === key);
    return place < 0 ? null : place + 1;
  }

  request(path: string, name: string, isAsked = true): void {
    this.queue.request({ key: unitKey(path, name), path, name, isAsked });
  }

  /** Stops the unit's run, or without a unit, everything. */
  cancel(key?: string): void {
    this.queue.cancel(key);
  }

  /** Stops the runs of scripts, and those that wait. */
  cancelWhere(isMeant: (path: string) => boolean): void {
    const all = this.queue.running ? [...this.queue.waiting, this.queue.running] : [];
    for (const { key, path } of all) if (isMeant(path)) this.queue.cancel(key);
  }

  /** After a save: runs again what was diagnosed before and says something else now. */
  async afterSave(script: OpenScript): Promise<void> {
    const { path } = script;
    const { runOnSave } = await this.settings.read(path);
    if (runOnSave !== 'onSave' || !vscode.workspace.isTrusted) return;
    await this.reader.readNow(script);
    for (const unit of this.scripts.get(path)?.units ?? []) {
      const record = this.scripts.record(unit.key);
      const wasAsked = this.queue.running?.key === unit.key || record?.phase === 'done' || record?.phase === 'failed';
      if (record?.stale && wasAsked) this.request(path, unit.name, false);
    }
  }

  dispose(): void {
    this.queue.cancel();
    if (this.redraw) clearTimeout(this.redraw);
    this.changeEmitter.dispose();
    this.newsEmitter.dispose();
  }

  private async run(target: RunTarget, cancel: CancelToken): Promise<void> {
    try {
      await this.runUnit(target, cancel);
    } catch (error) {
      // Whatever went wrong here is ours; the queue must go on.
      this.log.error(`run of ${target.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      this.end(target.key, 'failed', 'The run ended by an error of the extension: see its log.');
    }
  }

  private async runUnit(target: RunTarget, cancel: CancelToken): Promise<void> {
    const { path, key } = target;
    const script = await openScript(path).catch((error: unknown) => {
      this.log.warn(`${path} cannot be opened any more: ${String(error)}`);
      return null;
    });
    if (script) await this.reader.readNow(script);
    const unit = this.scripts.unit(key);
    if (!unit) {
      this.log.warn(`${path} has no training unit ${target.name} any more`);
      return;
    }
    if (cancel.cancelled) return;
    const record = new RunRecord(unit.experiment);
    this.scripts.setRecord(key, record);
    this.tell(key, null);
    const parameters = await this.parametersFor(key, unit.experiment);
    record.parameters = parameters;
    const began = performance.now();
    this.log.info(`run of ${target.name} in ${path}`);
    const outcome = await this.engine.request('diagnose', parameters, (event) => this.accept(key, record, event), cancel);
    const seconds = ((performance.now() - began) / 1000).toFixed(2);
    if (outcome.ok) {
      record.finish(outcome.value);
      this.log.info(
        `run of ${target.name}: ${outcome.value.status}, ${outcome.value.findings.length} findings after ${seconds} s`,
      );
      this.finished(key);
    } else {
      this.end(key, outcome.error.code === 'cancelled' ? 'cancelled' : 'failed', failureText(outcome.error, record));
    }
  }

  /** What the engine is asked for a unit: texts as the editor has them, and what the person and the team decide. */
  async parametersFor(key: string, experiment: Experiment): Promise<DiagnoseParameters> {
    const settings = await this.settings.read(experiment.unit.path);
    const dataPath = this.remembered.dataPath(key) ?? settings.dataPath;
    const options = {
      folders: (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => pathOf(uri)),
      ...(dataPath !== null && { dataPath }),
      given: settings.given,
      standIn: this.remembered.standIn(key) || settings.standIn,
      ...(settings.seed !== null && { seed: settings.seed }),
      budgetSeconds: settings.budgetSeconds,
      off: settings.off,
    };
    return { experiment, texts: await this.textsOf(experiment), options };
  }

  private accept(key: string, record: RunRecord, event: DiagnoseEvent): void {
    record.accept(event);
    this.newsEmitter.fire({ key, event });
    if (event.kind === 'findings') this.scripts.changed(keyPath(key));
    else this.redrawSoon(key);
  }

  private end(key: string, phase: 'cancelled' | 'failed', text: string): void {
    this.scripts.record(key)?.stop(phase, text);
    this.log.info(`run ${phase}: ${text}`);
    this.finished(key);
  }

  private finished(key: string): void {
    this.scripts.changed(keyPath(key));
    this.tell(key, null);
  }

  private tell(key: string, event: DiagnoseEvent | null): void {
    this.newsEmitter.fire({ key, event });
    this.changeEmitter.fire();
  }

  private redrawSoon(key: string): void {
    this.redraw ??= setTimeout(() => {
      this.redraw = null;
      this.tell(key, null);
    }, redrawMilliseconds);
  }

  /** The texts that the Experiment was read from, as the editor has them: unsaved ones count. */
  private async textsOf(experiment: Experiment): Promise<Record<string, string>> {
    const texts: Record<string, string> = {};
    for (const path of experiment.files) {
      try {
        texts[path] = (await openScript(path))?.text() ?? '';
      } catch (error) {
        this.log.warn(`${path}: ${String(error)}`);
      }
    }
    return texts;
  }
}

/** Re-runs on save without anyone waiting for it. */
export function runOnSave(runs: Runs, log: Log): vscode.Disposable {
  const saved = (script: OpenScript | null): void => {
    if (script) inBackground(log, 'run on save', runs.afterSave(script));
  };
  return vscode.Disposable.from(
    vscode.workspace.onDidSaveTextDocument((document) => saved(scriptOf(document))),
    vscode.workspace.onDidSaveNotebookDocument((notebook) => saved(scriptOfNotebook(notebook))),
  );
}

function keyPath(key: string): string {
  return key.slice(0, key.lastIndexOf('#'));
}

function failureText(rejection: Rejection, record: RunRecord): string {
  if (rejection.code === 'cancelled') return cancelledText(record);
  if (rejection.code === 'version') return 'The engine belongs to another version of the extension: reload the window.';
  return rejection.text;
}

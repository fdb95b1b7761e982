import * as vscode from 'vscode';
import { loadAnalysis } from './loadAnalysis';
import { pathOf, toChanges } from './convert';
import type { Log } from './log';
import { inBackground } from './log';
import type { Scripts } from './model/scripts';
import { OpenProject } from './projectFiles';
import type { SettingsReader } from './settings';

/** Pause in typing after which a script is read anew. */
const pauseMilliseconds = 120;

/** Longer texts are not training scripts. */
const longestText = 2_000_000;

/** Keeps the scripts in step with the open Python documents: places at once, what they say after a short pause. */
export class ScriptReader implements vscode.Disposable {
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly project = new OpenProject();
  private readonly readVersions = new Map<string, number>();
  private readonly subscriptions: readonly vscode.Disposable[];

  constructor(
    private readonly scripts: Scripts,
    private readonly settings: SettingsReader,
    private readonly log: Log,
  ) {
    this.subscriptions = [
      vscode.workspace.onDidOpenTextDocument((document) => this.opened(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.closed(document)),
      vscode.workspace.onDidChangeTextDocument((event) => this.edited(event)),
      settings.onChange(() => this.readAll()),
    ];
    for (const document of vscode.workspace.textDocuments) this.opened(document);
  }

  /** Reads the document as it is now, unless that was done already. */
  async readNow(document: vscode.TextDocument): Promise<void> {
    if (!isScript(document)) return;
    const path = pathOf(document.uri);
    this.forgetTimer(path);
    if (this.readVersions.get(path) === document.version && this.scripts.get(path)) return;
    await this.read(document);
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private opened(document: vscode.TextDocument): void {
    if (!isScript(document)) return;
    this.scripts.open(pathOf(document.uri), document.getText());
    this.readSoon(document, 0);
  }

  private closed(document: vscode.TextDocument): void {
    const path = pathOf(document.uri);
    this.forgetTimer(path);
    this.readVersions.delete(path);
    this.scripts.close(path, document.getText());
  }

  private edited(event: vscode.TextDocumentChangeEvent): void {
    if (!isScript(event.document) || event.contentChanges.length === 0) return;
    const path = pathOf(event.document.uri);
    this.scripts.edit(path, toChanges(path, event.contentChanges));
    this.readSoon(event.document, pauseMilliseconds);
  }

  private readAll(): void {
    this.readVersions.clear();
    for (const document of vscode.workspace.textDocuments) if (isScript(document)) this.readSoon(document, pauseMilliseconds);
  }

  private readSoon(document: vscode.TextDocument, delay: number): void {
    const path = pathOf(document.uri);
    this.forgetTimer(path);
    const timer = setTimeout(() => {
      this.timers.delete(path);
      inBackground(this.log, `reading ${path}`, this.readNow(document));
    }, delay);
    this.timers.set(path, timer);
  }

  private async read(document: vscode.TextDocument): Promise<void> {
    const path = pathOf(document.uri);
    const [analysis, { rules, off, runOnSave }] = await Promise.all([loadAnalysis(), this.settings.read(path)]);
    if (document.isClosed) return;
    const began = performance.now();
    const reading = analysis.read(path, document.getText(), this.project, off);
    this.readVersions.set(path, document.version);
    this.scripts.update(path, reading, { levels: rules, mayRun: runOnSave !== 'off' });
    this.log.debug(`read ${path} in ${(performance.now() - began).toFixed(1)} ms: ${reading.units.length} training units`);
  }

  private forgetTimer(path: string): void {
    clearTimeout(this.timers.get(path));
    this.timers.delete(path);
  }
}

/** Python text that a person edits: not the left side of a comparison, not output, and not too long. */
function isScript(document: vscode.TextDocument): boolean {
  const schemes = ['git', 'output', 'vscode-scm', 'vscode-notebook-cell'];
  return document.languageId === 'python' && !schemes.includes(document.uri.scheme) && lengthOf(document) < longestText;
}

function lengthOf(document: vscode.TextDocument): number {
  return document.lineCount === 0 ? 0 : document.offsetAt(document.lineAt(document.lineCount - 1).range.end);
}

import * as vscode from 'vscode';
import { loadAnalysis } from './loadAnalysis';
import { pathOf } from './convert';
import type { Log } from './log';
import { inBackground } from './log';
import type { Scripts } from './model/scripts';
import { NotebookLayouts } from './notebookLayouts';
import type { OpenScript } from './openScripts';
import { openScripts, scriptOf, scriptOfNotebook } from './openScripts';
import { notebookOf, toChanges } from './places';
import { OpenProject } from './projectFiles';
import type { SettingsReader } from './settings';

/** Pause in typing after which a script is read anew. */
const pauseMilliseconds = 120;

/**
 * Keeps the scripts in step with the open Python documents and notebooks: places at once, what they say after a short
 * pause.
 */
export class ScriptReader implements vscode.Disposable {
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly project = new OpenProject();
  private readonly readVersions = new Map<string, string>();
  private readonly layouts = new NotebookLayouts();
  private readonly subscriptions: readonly vscode.Disposable[];

  constructor(
    private readonly scripts: Scripts,
    private readonly settings: SettingsReader,
    private readonly log: Log,
  ) {
    const { workspace } = vscode;
    this.subscriptions = [
      // Cells come and go with their notebook.
      workspace.onDidOpenTextDocument((document) => !notebookOf(document) && this.opened(scriptOf(document))),
      workspace.onDidCloseTextDocument((document) => this.closed(pathOf(document.uri), document.getText())),
      workspace.onDidChangeTextDocument((event) => this.edited(event)),
      workspace.onDidOpenNotebookDocument((notebook) => this.notebookOpened(notebook)),
      workspace.onDidCloseNotebookDocument((notebook) => this.notebookClosed(notebook)),
      workspace.onDidChangeNotebookDocument((event) => this.cellsChanged(event)),
      settings.onChange(() => this.readAll()),
      // Imports and data are looked for in the folders.
      workspace.onDidChangeWorkspaceFolders(() => this.readAll()),
    ];
    for (const notebook of workspace.notebookDocuments) this.layouts.note(notebook);
    for (const script of openScripts()) this.opened(script);
  }

  /** Reads the script as it is now, unless that was done already. */
  async readNow(script: OpenScript): Promise<void> {
    const { path, version } = script;
    this.forgetTimer(path);
    if (this.readVersions.get(path) === version && this.scripts.get(path)) return;
    await this.read(script);
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private opened(script: OpenScript | null): void {
    if (!script) return;
    this.scripts.open(script.path, script.text());
    this.readSoon(script, 0);
  }

  private closed(path: string, text: string): void {
    this.forgetTimer(path);
    this.readVersions.delete(path);
    this.scripts.close(path, text);
  }

  private edited(event: vscode.TextDocumentChangeEvent): void {
    const script = scriptOf(event.document);
    if (!script || event.document.languageId !== 'python' || event.contentChanges.length === 0) return;
    this.scripts.edit(script.path, toChanges(event));
    const notebook = notebookOf(event.document);
    if (notebook) this.layouts.note(notebook);
    this.readSoon(script, pauseMilliseconds);
  }

  private notebookOpened(notebook: vscode.NotebookDocument): void {
    this.layouts.note(notebook);
    this.opened(scriptOfNotebook(notebook));
  }

  private notebookClosed(notebook: vscode.NotebookDocument): void {
    this.layouts.forget(notebook);
    this.closed(pathOf(notebook.uri), scriptOfNotebook(notebook)?.text() ?? '');
  }

  private cellsChanged(event: vscode.NotebookDocumentChangeEvent): void {
    const changes = this.layouts.changes(event);
    const script = scriptOfNotebook(event.notebook);
    if (changes.length === 0 || !script) return;
    this.scripts.edit(script.path, changes);
    this.scripts.changed(script.path);
    this.readSoon(script, pauseMilliseconds);
  }

  private readAll(): void {
    this.readVersions.clear();
    for (const script of openScripts()) this.readSoon(script, pauseMilliseconds);
  }

  private readSoon(script: OpenScript, delay: number): void {
    const { path } = script;
    this.forgetTimer(path);
    const timer = setTimeout(() => {
      this.timers.delete(path);
      inBackground(this.log, `reading ${path}`, this.readNow(script));
    }, delay);
    this.timers.set(path, timer);
  }

  private async read(script: OpenScript): Promise<void> {
    const { path } = script;
    const [analysis, { rules, off, runOnSave, given, lookPath }] = await Promise.all([loadAnalysis(), this.settings.read(path)]);
    if (script.isClosed) return;
    const began = performance.now();
    const { version } = script;
    const reading = analysis.read(path, script.text(), this.project, off, { given, dataPath: lookPath });
    this.readVersions.set(path, version);
    this.scripts.update(path, reading, { levels: rules, mayRun: runOnSave !== 'off' });
    this.log.debug(`read ${path} in ${(performance.now() - began).toFixed(1)} ms: ${reading.units.length} training units`);
  }

  private forgetTimer(path: string): void {
    clearTimeout(this.timers.get(path));
    this.timers.delete(path);
  }
}

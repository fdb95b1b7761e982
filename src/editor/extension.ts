import * as vscode from 'vscode';
import { registerCommands } from './commandTable';
import { Comparisons } from './comparisons';
import { DataWatch } from './dataWatch';
import { DiagnosticsPublisher } from './diagnostics';
import { DocumentationPages } from './documentation';
import { Engine } from './engine';
import { followFiles } from './fileMoves';
import { Hovers } from './hovers';
import { LimitHints } from './inlayHints';
import { Inspections } from './inspections';
import { Lenses } from './lenses';
import { createLog } from './log';
import { LongRuns } from './longRuns';
import { Scripts } from './model/scripts';
import { documentationScheme, panelType, pythonSelector } from './names';
import { PanelHost } from './panel';
import { QuickFixes } from './quickFixes';
import { ScriptReader } from './reading';
import { Remembered } from './remembered';
import { runOnSave, Runs } from './runs';
import { SettingsReader } from './settings';
import { Status } from './status';

/** Wires the parts together. The parser, the rules and the engine are loaded when they are first needed. */
export function activate(context: vscode.ExtensionContext): void {
  const began = performance.now();
  const own = <T extends vscode.Disposable>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const log = own(createLog());
  const scripts = new Scripts();
  const remembered = own(new Remembered(context.workspaceState));
  const settings = own(new SettingsReader(remembered, log));
  const diagnostics = own(new DiagnosticsPublisher(scripts));
  const reader = own(new ScriptReader(scripts, settings, log));
  const tell = (text: string): void => void vscode.window.showWarningMessage(`Descent Lens: ${text}`);
  const backend = (): string => vscode.workspace.getConfiguration('descentLens').get('engine.backend', 'auto');
  const program = vscode.Uri.joinPath(context.extensionUri, 'dist', 'cli.js').fsPath;
  const engine = own(new Engine(program, log, backend, tell));
  own(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('descentLens.engine.backend')) engine.kill();
    }),
  );
  const runs = own(new Runs(scripts, reader, engine, settings, remembered, log));
  const inspections = own(new Inspections(scripts, engine, log));
  const comparisons = own(new Comparisons(scripts, runs, engine, context.workspaceState, log));
  const panel = own(new PanelHost(context.extensionUri, scripts, runs, inspections, comparisons, context.workspaceState, log));
  const lenses = own(new Lenses(scripts, runs));
  const hints = own(new LimitHints(scripts, settings));
  own(new Status(scripts, runs));
  own(new LongRuns(scripts, runs));
  own(new DataWatch(scripts));
  own(followFiles({ scripts, runs, remembered, panel }));
  own(runOnSave(runs, log));
  const selector = [...pythonSelector];
  own(vscode.languages.registerCodeLensProvider(selector, lenses));
  own(vscode.languages.registerHoverProvider(selector, new Hovers(scripts)));
  own(vscode.languages.registerInlayHintsProvider(selector, hints));
  own(vscode.languages.registerCodeActionsProvider(selector, new QuickFixes(scripts), QuickFixes.metadata));
  own(vscode.workspace.registerTextDocumentContentProvider(documentationScheme, new DocumentationPages()));
  own(vscode.window.registerWebviewPanelSerializer(panelType, panel));
  for (const command of registerCommands({ context, scripts, reader, runs, comparisons, panel, diagnostics, remembered, log }))
    own(command);
  log.info(`activated in ${(performance.now() - began).toFixed(1)} ms`);
}

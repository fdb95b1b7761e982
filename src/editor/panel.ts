import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { newsOf } from '../protocol/inspection';
import type { FromPanel, ToPanel } from '../protocol/panel';
import { explainRule, openGuide } from './documentation';
import type { Comparisons } from './comparisons';
import type { Inspections } from './inspections';
import type { Log } from './log';
import { inBackground } from './log';
import type { CriticalPoint } from './model/criticalPoints';
import { panelState } from './model/panelState';
import { findingKey } from './model/fixes';
import type { Scripts } from './model/scripts';
import { unitKey } from './model/scripts';
import { commands, panelType } from './names';
import { cellsOf, showPlace } from './places';
import { applyEdits } from './quickFixes';
import { isRuleId } from '../protocol/projectSettings';
import type { RunNews, Runs } from './runs';

const unitMemory = 'panel.unit';

/** The commands that ask the person for what a unit lacks. */
const givingCommands = { data: commands.pickData, standIn: commands.standIn, value: commands.giveValue } as const;

interface ChosenUnit {
  readonly path: string;
  readonly name: string;
}

/**
 * The one panel, in the editor area. It keeps no run data: a hidden panel is told nothing and gets a full snapshot
 * from the scripts' records when it is ready again.
 */
export class PanelHost implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private panel: vscode.WebviewPanel | null = null;
  private chosen: ChosenUnit | null;
  private isReady = false;
  /** A point to be inspected as soon as the panel is there. */
  private awaited: CriticalPoint | null = null;
  private readonly subscriptions: readonly { dispose(): void }[];

  constructor(
    private readonly extension: vscode.Uri,
    private readonly scripts: Scripts,
    private readonly runs: Runs,
    private readonly inspections: Inspections,
    private readonly comparisons: Comparisons,
    private readonly memory: vscode.Memento,
    private readonly log: Log,
  ) {
    this.chosen = memory.get<ChosenUnit>(unitMemory) ?? null;
    const sendState = (): void => this.sendState();
    this.subscriptions = [
      scripts.onChange((path) => path === this.chosen?.path && sendState()),
      runs.onChange(sendState),
      comparisons.onChange(sendState),
      runs.onNews((news) => this.forward(news)),
      inspections.onNews(({ key, news }) => key === this.key && this.post({ kind: 'inspection', news })),
      vscode.workspace.onDidGrantWorkspaceTrust(sendState),
    ];
  }

  /** Shows a unit beside the code, in the panel that is there or a new one; without a unit, the one shown last. */
  show(unit: ChosenUnit | null, preserveFocus: boolean): void {
    if (unit) this.choose(unit);
    if (this.panel) {
      if (!this.panel.visible || !preserveFocus) this.panel.reveal(undefined, preserveFocus);
      this.sendSnapshot();
      return;
    }
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus };
    this.adopt(vscode.window.createWebviewPanel(panelType, 'Descent Lens', column, this.options()));
  }

  /** Shows a unit and looks at the loss surface around a point of its run. */
  inspect(unit: ChosenUnit, point: CriticalPoint): void {
    this.show({ path: unit.path, name: unit.name }, false);
    this.awaited = point;
    if (this.isReady) this.inspectAwaited();
  }

  /** Follows the script that is shown to its new path; `follow` gives null when it stays. */
  move(follow: (path: string) => string | null): void {
    const path = this.chosen && follow(this.chosen.path);
    if (!this.chosen || path === null) return;
    this.choose({ path, name: this.chosen.name });
    this.sendSnapshot();
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    panel.webview.options = this.options();
    this.adopt(panel);
    return Promise.resolve();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.panel?.dispose();
  }

  /** Key of the unit that is shown; empty before one was chosen. */
  private get key(): string {
    return this.chosen ? unitKey(this.chosen.path, this.chosen.name) : '';
  }

  private choose(unit: ChosenUnit): void {
    this.chosen = unit;
    inBackground(this.log, 'remember the panel', Promise.resolve(this.memory.update(unitMemory, unit)));
  }

  private options(): vscode.WebviewOptions {
    return {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(this.extension, 'dist'), vscode.Uri.joinPath(this.extension, 'media')],
    };
  }

  private adopt(panel: vscode.WebviewPanel): void {
    if (this.panel && this.panel !== panel) this.panel.dispose();
    this.panel = panel;
    this.isReady = false;
    panel.iconPath = {
      light: vscode.Uri.joinPath(this.extension, 'media', 'icons', 'panel-light.svg'),
      dark: vscode.Uri.joinPath(this.extension, 'media', 'icons', 'panel-dark.svg'),
    };
    panel.webview.onDidReceiveMessage((message: FromPanel) => this.receive(message));
    panel.onDidChangeViewState(() => {
      // A hidden webview is torn down; it says `ready` when it is back.
      if (!panel.visible) this.isReady = false;
    });
    panel.onDidDispose(() => {
      if (this.panel === panel) this.panel = null;
    });
    panel.webview.html = panelHtml(panel.webview, this.extension);
  }

  private receive(message: FromPanel): void {
    switch (message.kind) {
      case 'ready':
        this.isReady = true;
        this.sendSnapshot();
        this.inspectAwaited();
        break;
      case 'run':
        if (this.chosen) inBackground(this.log, 'run', this.execute(commands.diagnose, this.chosen));
        break;
      case 'cancel':
        this.runs.cancel(this.key);
        break;
      case 'give':
        if (this.chosen) inBackground(this.log, 'give', this.execute(givingCommands[message.what], this.chosen));
        break;
      case 'compare':
        if (this.chosen) inBackground(this.log, 'compare', this.execute(commands.compare, this.chosen));
        break;
      case 'reveal':
        inBackground(this.log, 'reveal', showPlace(message.range));
        break;
      case 'fix':
        inBackground(this.log, 'fix', this.fix(findingKey(message.finding), message.fix));
        break;
      case 'inspect':
        inBackground(this.log, 'inspect', this.inspections.inspect(this.key, message.step, message.nearest, message.pair));
        break;
      case 'guide':
        inBackground(this.log, 'guide', openGuide(this.extension));
        break;
      case 'leaveInspection':
        this.inspections.leave();
        break;
      case 'explain':
        if (isRuleId(message.rule)) inBackground(this.log, 'explain', explainRule(message.rule));
        break;
    }
  }

  private execute(command: string, { path, name }: ChosenUnit): Promise<unknown> {
    return Promise.resolve(vscode.commands.executeCommand(command, path, name));
  }

  /** The panel turns to the point at the news of its inspection, so that it must be there by then. */
  private inspectAwaited(): void {
    const point = this.awaited;
    this.awaited = null;
    if (point) inBackground(this.log, 'inspect', this.inspections.inspect(this.key, point.step, point.nearest));
  }

  /** Applies a fix of a finding as it stands now: the text may have changed since the panel drew it. */
  private async fix(key: string, index: number): Promise<void> {
    const shown = this.chosen ? this.scripts.findingsIn(this.chosen.path) : [];
    const fix = shown.find(({ finding }) => findingKey(finding) === key)?.finding.fixes[index];
    if (!fix || !(await applyEdits(fix.edits))) this.log.warn('The text changed since: the fix was not applied.');
  }

  private forward({ key, event }: RunNews): void {
    if (key !== this.key) return;
    if (event === null) {
      const record = this.scripts.record(key);
      const isStart = record?.isRunning && record.columns.sequence < 0;
      if (isStart) this.inspections.forget(key);
      // The start of a run empties the figures.
      if (isStart) this.sendSnapshot();
      else this.sendState();
    } else if (event.kind === 'measurements') {
      this.post({ kind: 'measurements', batch: event.batch });
    }
  }

  private sendSnapshot(): void {
    const columns = this.scripts.record(this.key)?.columns;
    const inspection = newsOf(this.inspections.logOf(this.key));
    this.post({
      kind: 'snapshot',
      state: this.state(),
      sequence: columns?.sequence ?? -1,
      columns: columns?.snapshot() ?? [],
      inspection,
    });
  }

  private sendState(): void {
    this.post({ kind: 'state', state: this.state() });
  }

  private state(): Extract<ToPanel, { kind: 'state' }>['state'] {
    const { key } = this;
    const unit = this.scripts.unit(key) ?? null;
    return panelState({
      unit,
      record: this.scripts.record(key),
      shown: unit ? this.scripts.findingsOf(unit) : [],
      waitsFor: this.runs.before(key),
      isTrusted: vscode.workspace.isTrusted,
      compared: unit && this.scripts.comparedWith(unit),
      isComparing: this.comparisons.running === key,
      cells: this.chosen && cellsOf(this.chosen.path),
    });
  }

  private post(message: ToPanel): void {
    if (this.panel && this.isReady) void this.panel.webview.postMessage(message);
  }
}

function panelHtml(webview: vscode.Webview, extension: vscode.Uri): string {
  const nonce = randomBytes(18).toString('base64');
  const built = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(extension, 'dist', name)).toString();
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta property="csp-nonce" content="${nonce}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Descent Lens</title>
    <link rel="stylesheet" href="${built('webview.css')}" />
  </head>
  <body>
    <div id="root"></div>
    <script nonce="${nonce}" src="${built('webview.js')}"></script>
  </body>
</html>`;
}

import * as vscode from 'vscode';
import type { ProjectSettings, RuleLevel } from '../protocol/projectSettings';
import { isRuleId, isRuleLevel, noProjectSettings, readProjectSettings } from '../protocol/projectSettings';
import type { RuleId } from '../records/finding';
import type { GivenValues } from '../records/given';
import { ruleIds } from '../records/finding';
import type { RuleLevels } from '../protocol/projectSettings';
import { uriOf } from './convert';
import type { Log } from './log';
import type { Remembered } from './remembered';

/** `manual`: by a click only. `onSave`: also on saves after that. `off`: scripts are only read. */
export type RunOnSave = 'manual' | 'onSave' | 'off';

/** Everything that the person or the project's pyproject.toml decides about one script. */
export interface Settings {
  readonly runOnSave: RunOnSave;
  readonly inlayHints: boolean;
  readonly rules: RuleLevels;
  readonly off: readonly RuleId[];
  readonly seed: number | null;
  readonly budgetSeconds: number | null;
  /** The team's data, in place of what the script names and is not there. */
  readonly dataPath: string | null;
  /** Where tables are looked for while the script is read: what the person picked for its units, else the team's data. */
  readonly lookPath: string | null;
  /** What the script is given in place of its command line: by the team, and by the person, who wins. */
  readonly given: GivenValues;
  /** Whether the team runs on made-up data where its own cannot be loaded. */
  readonly standIn: boolean;
}

interface ProjectFile {
  readonly folder: vscode.Uri;
  readonly settings: ProjectSettings;
}

/**
 * Reads settings for a script. What is set in the editor wins over `[tool.descent-lens]` of the nearest
 * pyproject.toml; for rules, one by one. The files are cached and watched.
 */
export class SettingsReader implements vscode.Disposable {
  private readonly files = new Map<string, Promise<ProjectFile | null>>();
  private readonly watcher = vscode.workspace.createFileSystemWatcher('**/pyproject.toml');
  private readonly emitter = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[];
  readonly onChange = this.emitter.event;

  constructor(
    private readonly remembered: Remembered,
    private readonly log: Log,
  ) {
    const forget = (): void => {
      this.files.clear();
      this.emitter.fire();
    };
    this.subscriptions = [
      this.watcher,
      this.emitter,
      this.remembered.onChange(() => this.emitter.fire()),
      this.watcher.onDidChange(forget),
      this.watcher.onDidCreate(forget),
      this.watcher.onDidDelete(forget),
      vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('descentLens') && this.emitter.fire()),
    ];
  }

  async read(path: string): Promise<Settings> {
    const uri = uriOf(path);
    const own = vscode.workspace.getConfiguration('descentLens', uri);
    const project = await this.projectFile(uri);
    const shared = project?.settings ?? noProjectSettings;
    const rules: RuleLevels = { ...shared.rules, ...ownRules(own.get('rules')) };
    const dataPath = project && shared.data !== undefined ? vscode.Uri.joinPath(project.folder, shared.data).fsPath : null;
    return {
      runOnSave: own.get<RunOnSave>('runOnSave', 'onSave'),
      inlayHints: own.get<boolean>('inlayHints', false),
      rules,
      off: ruleIds.filter((rule) => rules[rule] === 'off'),
      seed: own.get<number | null>('seed', null) ?? shared.seed ?? null,
      budgetSeconds: own.get<number | null>('budget', null) ?? shared.budget ?? null,
      dataPath,
      lookPath: this.remembered.dataPathOf(path) ?? dataPath,
      standIn: shared.standIn ?? false,
      given: { ...shared.values, ...this.remembered.values(path) },
    };
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** The nearest pyproject.toml with settings of ours, from the script's folder up to its workspace folder. */
  private async projectFile(uri: vscode.Uri): Promise<ProjectFile | null> {
    const root = vscode.workspace.getWorkspaceFolder(uri)?.uri;
    if (!root) return null;
    let folder = vscode.Uri.joinPath(uri, '..');
    for (;;) {
      const file = await this.load(folder);
      if (file) return file;
      const parent = vscode.Uri.joinPath(folder, '..');
      if (folder.path === root.path || parent.path === folder.path || folder.path.length < root.path.length) return null;
      folder = parent;
    }
  }

  private load(folder: vscode.Uri): Promise<ProjectFile | null> {
    const key = folder.toString();
    const known = this.files.get(key);
    if (known) return known;
    const loading = this.readFile(folder);
    this.files.set(key, loading);
    return loading;
  }

  private async readFile(folder: vscode.Uri): Promise<ProjectFile | null> {
    const file = vscode.Uri.joinPath(folder, 'pyproject.toml');
    let bytes: Uint8Array;
    try {
      bytes = await vscode.workspace.fs.readFile(file);
    } catch {
      return null; // There is none: the usual case.
    }
    const settings = readProjectSettings(new TextDecoder().decode(bytes));
    if (!settings.ok) this.log.warn(`${file.fsPath}: ${settings.error.text} The file is ignored.`);
    return settings.ok ? { folder, settings: settings.value } : null;
  }
}

function ownRules(value: unknown): RuleLevels {
  if (typeof value !== 'object' || value === null) return {};
  const levels: Partial<Record<RuleId, RuleLevel>> = {};
  for (const [rule, level] of Object.entries(value)) if (isRuleId(rule) && isRuleLevel(level)) levels[rule] = level;
  return levels;
}

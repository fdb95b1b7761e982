import * as vscode from 'vscode';
import { brief } from './model/format';
import { hasDiverged, measuredLimit } from './model/hoverText';
import type { Scripts } from './model/scripts';
import { inDocument, scriptPath } from './places';
import type { SettingsReader } from './settings';

/** After a learning rate: the measured limit of stability. Only where measured, and only when switched on. */
export class LimitHints implements vscode.InlayHintsProvider, vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<void>();
  private readonly subscriptions: readonly { dispose(): void }[];
  readonly onDidChangeInlayHints = this.emitter.event;

  constructor(
    private readonly scripts: Scripts,
    private readonly settings: SettingsReader,
  ) {
    this.subscriptions = [scripts.onChange(() => this.emitter.fire()), settings.onChange(() => this.emitter.fire())];
  }

  async provideInlayHints(document: vscode.TextDocument, visible: vscode.Range): Promise<vscode.InlayHint[]> {
    const path = scriptPath(document);
    if (!(await this.settings.read(path)).inlayHints) return [];
    const hints: vscode.InlayHint[] = [];
    for (const unit of this.scripts.get(path)?.units ?? []) {
      const record = this.scripts.record(unit.key);
      const limit = record && !record.stale ? measuredLimit(record.columns.measurements(), hasDiverged(record)) : null;
      if (!limit) continue;
      for (const parameter of unit.hyperparameters) {
        if (parameter.name !== 'learning rate' || parameter.isDefault) continue;
        const range = inDocument(document, parameter.place);
        if (!range || !visible.contains(range.end)) continue;
        const hint = new vscode.InlayHint(range.end, ` limit ${brief(limit.value)}`, vscode.InlayHintKind.Type);
        hint.tooltip = `The learning rate at the limit of stability, measured at step ${limit.step.toLocaleString('en-US')}.`;
        hint.paddingLeft = true;
        hints.push(hint);
      }
    }
    return hints;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.emitter.dispose();
  }
}

import * as vscode from 'vscode';
import type { Fix } from '../records/finding';
import type { SourceRange } from '../records/source';
import { toDiagnostic, unusedSuppressionCode } from './diagnostics';
import type { ShownFinding } from './model/findings';
import { criticalStep } from '../protocol/criticalSteps';
import { findingsAt, fixAllEdits, fixTitle, offeredFixes, preferredFix } from './model/fixes';
import type { Scripts } from './model/scripts';
import { withSuppression, withoutRules } from '../protocol/suppressions';
import { touches } from './model/ranges';
import { commands } from './names';
import { inDocument, showPlace, toRecord, toWorkspaceEdit } from './places';

export const fixAllKind = vscode.CodeActionKind.SourceFixAll.append('descentLens');

/**
 * What can be done about a finding, always in the same order: apply a fix, try it on the data, silence the rule
 * on this line, explain. After them the comments that silence nothing, and fix all.
 */
export class QuickFixes implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, fixAllKind],
  };

  constructor(private readonly scripts: Scripts) {}

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range, context: vscode.CodeActionContext): vscode.CodeAction[] {
    const cursor = toRecord(document, range);
    const { path } = cursor;
    const shown = this.scripts.findingsIn(path);
    if (context.only && fixAllKind.contains(context.only)) return fixAllActions(shown, fixAllKind);
    if (
      context.only &&
      !context.only.contains(vscode.CodeActionKind.QuickFix) &&
      !vscode.CodeActionKind.QuickFix.contains(context.only)
    )
      return context.only.contains(fixAllKind) ? fixAllActions(shown, fixAllKind) : [];
    const here = findingsAt(shown, cursor);
    return [
      ...offeredFixes(here).map(({ shown: one, fix }) => applyAction(one, fix)),
      ...here.flatMap((one) => tryActions(path, one)),
      ...here.flatMap((one) => inspectActions(path, one)),
      ...here.flatMap((one) => suppressActions(document, one)),
      ...here.map((one) => explainAction(one)),
      ...this.obstacleActions(path, cursor),
      ...this.unusedActions(document, cursor),
      ...(here.length > 0 && offeredFixes(shown).filter(({ shown: one, fix }) => fix === preferredFix(one)).length > 1
        ? fixAllActions(shown, vscode.CodeActionKind.QuickFix)
        : []),
    ];
  }

  /** What a person can do where a unit could not be trained. */
  private obstacleActions(path: string, cursor: SourceRange): vscode.CodeAction[] {
    const here = this.scripts.obstacles(path).filter(({ reason }) => touches(reason.range, cursor));
    return here.flatMap(({ unit, reason, isStandIn }) => {
      const offer = (title: string, command: string, ...more: readonly string[]): vscode.CodeAction =>
        withCommand(new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix), command, path, unit, ...more);
      const { missing } = reason;
      if (missing?.kind === 'value') return [offer(`Give the value of ${missing.name}`, commands.giveValue, missing.name)];
      const again = offer('Diagnose again', commands.diagnose);
      const standIn = isStandIn ? [] : [offer('Run on stand-in data', commands.standIn)];
      if (missing?.kind === 'rows') return [...standIn, again];
      if (missing?.kind !== 'data') return [again];
      return [offer('Pick the data file', commands.pickData), ...standIn, again];
    });
  }

  private unusedActions(document: vscode.TextDocument, cursor: SourceRange): vscode.CodeAction[] {
    const here = this.scripts.unusedSuppressions(cursor.path).filter(({ suppression }) => touches(suppression.range, cursor));
    return here.flatMap(({ suppression, rules }) => {
      const place = inDocument(document, suppression.range);
      if (!place) return [];
      const action = new vscode.CodeAction('Remove what silences nothing', vscode.CodeActionKind.QuickFix);
      const line = document.lineAt(place.start.line);
      const rest = withoutRules(line.text, rules);
      action.edit = new vscode.WorkspaceEdit();
      if (rest === null) action.edit.delete(document.uri, line.rangeIncludingLineBreak);
      else action.edit.replace(document.uri, line.range, rest);
      action.isPreferred = true;
      action.diagnostics = vscode.languages
        .getDiagnostics(document.uri)
        .filter(({ code, range }) => code === unusedSuppressionCode && range.intersection(line.range));
      return [action];
    });
  }
}

function applyAction(shown: ShownFinding, fix: Fix): vscode.CodeAction {
  const action = quickFix(shown, fixTitle(fix));
  action.edit = toWorkspaceEdit(fix.edits);
  action.isPreferred = fix === preferredFix(shown);
  return action;
}

function tryActions(path: string, shown: ShownFinding): vscode.CodeAction[] {
  if (!vscode.workspace.isTrusted) return [];
  const isOpen = shown.stale || shown.finding.fixes.some((fix: Fix) => !fix.verified);
  if (!isOpen) return [];
  const title = shown.stale ? 'Measure again' : 'Try on the data';
  return [withCommand(quickFix(shown, title), commands.diagnose, path, shown.unit)];
}

function inspectActions(path: string, shown: ShownFinding): vscode.CodeAction[] {
  const step = criticalStep(shown.finding);
  if (step === null || shown.stale || !vscode.workspace.isTrusted) return [];
  return [withCommand(quickFix(shown, 'Inspect critical point'), commands.inspectCriticalPoint, path, shown.unit, step)];
}

function suppressActions(document: vscode.TextDocument, shown: ShownFinding): vscode.CodeAction[] {
  const { rule } = shown.finding;
  const range = inDocument(document, shown.finding.range);
  if (!range || range.start.line >= document.lineCount) return [];
  const line = document.lineAt(range.start.line);
  const action = quickFix(shown, `Silence ${rule} on this line`);
  action.edit = new vscode.WorkspaceEdit();
  action.edit.replace(document.uri, line.range, withSuppression(line.text, rule));
  return [action];
}

function explainAction(shown: ShownFinding): vscode.CodeAction {
  const { rule } = shown.finding;
  return withCommand(quickFix(shown, `Explain ${rule}`), commands.explain, rule);
}

function fixAllActions(shown: readonly ShownFinding[], kind: vscode.CodeActionKind): vscode.CodeAction[] {
  const edits = fixAllEdits(shown);
  if (edits.length === 0) return [];
  const action = new vscode.CodeAction('Apply all Descent Lens fixes that were seen to help', kind);
  action.edit = toWorkspaceEdit(edits);
  return [action];
}

function quickFix(shown: ShownFinding, title: string): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = [toDiagnostic(shown)];
  return action;
}

function withCommand(action: vscode.CodeAction, command: string, ...args: readonly (string | number)[]): vscode.CodeAction {
  action.command = { command, title: action.title, arguments: [...args] };
  return action;
}

/** Applies edits of one fix as one undo and shows where. False when the text could not be changed. */
export async function applyEdits(edits: Fix['edits']): Promise<boolean> {
  const first = edits[0];
  if (!first) return false;
  await showPlace(first);
  return vscode.workspace.applyEdit(toWorkspaceEdit(edits));
}

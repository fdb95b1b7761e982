import * as vscode from 'vscode';
import type { Severity } from '../records/finding';
import type { SourceRange } from '../records/source';

/** A document's path in records: the file's own, or the whole address of anything that is not a file. */
export function pathOf(uri: vscode.Uri): string {
  return uri.scheme === 'file' ? uri.fsPath : uri.toString();
}

export function uriOf(path: string): vscode.Uri {
  return /^[a-z][a-z0-9+.-]+:/i.test(path) ? vscode.Uri.parse(path, true) : vscode.Uri.file(path);
}

/** Records count lines and columns from 1, the editor from 0; both in UTF-16 units with exclusive ends. */
export function toRange(range: SourceRange): vscode.Range {
  const from0 = (position: number): number => Math.max(0, position - 1);
  return new vscode.Range(from0(range.line), from0(range.column), from0(range.endLine), from0(range.endColumn));
}

export function fromRange(path: string, range: vscode.Range): SourceRange {
  const { start, end } = range;
  return { path, line: start.line + 1, column: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1 };
}

const severities: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

export function toSeverity(severity: Severity): vscode.DiagnosticSeverity {
  return severities[severity];
}

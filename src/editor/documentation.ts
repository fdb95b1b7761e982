import * as vscode from 'vscode';
import type { RuleId } from '../records/finding';
import { ruleIds } from '../records/finding';
import { isRuleId } from '../protocol/projectSettings';
import { loadAnalysis } from './loadAnalysis';
import { commands, documentationScheme } from './names';

/** Rule pages, written from the registry and read inside the editor. */
export class DocumentationPages implements vscode.TextDocumentContentProvider {
  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const rule = uri.path.replace(/^\//, '').replace(/\.md$/, '');
    if (!isRuleId(rule)) return `# ${rule}\n\nThere is no such rule.\n`;
    const { documentationPage } = await loadAnalysis();
    return documentationPage(rule);
  }
}

/** Lets the person choose a rule by name; undefined when they leave. */
export async function pickRule(): Promise<RuleId | undefined> {
  const picked = await vscode.window.showQuickPick([...ruleIds], { title: 'Explain a rule', placeHolder: 'lr-diverges' });
  return picked !== undefined && isRuleId(picked) ? picked : undefined;
}

/** Opens the page of a rule as a rendered document beside the code. */
export async function explainRule(rule: RuleId): Promise<void> {
  await showPage(pageUri(rule));
}

async function showPage(uri: vscode.Uri): Promise<void> {
  try {
    await vscode.commands.executeCommand('markdown.showPreviewToSide', uri);
  } catch {
    // The built-in Markdown extension may be switched off: then the page is shown as text.
    await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside, preview: true });
  }
}

/** Opens the page about the view of the loss surface beside the code. */
export async function openGuide(extension: vscode.Uri): Promise<void> {
  await showPage(vscode.Uri.joinPath(extension, 'docs', 'loss-surface.md'));
}

/** What a click on a diagnostic's code does. */
export function documentationCommand(rule: RuleId): vscode.Uri {
  return vscode.Uri.parse(`command:${commands.explain}?${encodeURIComponent(JSON.stringify([rule]))}`);
}

export function pageUri(rule: RuleId): vscode.Uri {
  return vscode.Uri.from({ scheme: documentationScheme, path: `/${rule}.md` });
}

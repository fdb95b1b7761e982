import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually, open, ours, ruleOf, workspaceFile } from './wait';

const fault = 'faults/missing-zero-grad/train.py';
const rule = 'missing-zero-grad';

const found = (document: vscode.TextDocument): vscode.Diagnostic | undefined =>
  ours(document).find((one) => ruleOf(one) === rule);

describe('settings', () => {
  it('change a severity and switch a rule off', async () => {
    const { document } = await open(fault);
    await eventually('the finding', () => found(document));
    const configuration = vscode.workspace.getConfiguration('descentLens');
    await configuration.update('rules', { [rule]: 'hint' }, vscode.ConfigurationTarget.Workspace);
    await eventually('a hint', () => found(document)?.severity === vscode.DiagnosticSeverity.Hint);
    await configuration.update('rules', { [rule]: 'off' }, vscode.ConfigurationTarget.Workspace);
    await eventually('nothing', () => !found(document));
    await configuration.update('rules', undefined, vscode.ConfigurationTarget.Workspace);
    await eventually('the finding again', () => found(document));
  });

  it('are shared in pyproject.toml', async () => {
    const { document } = await open(fault);
    await eventually('the finding', () => found(document));
    const file = workspaceFile('faults/missing-zero-grad/pyproject.toml');
    const toml = `[tool.descent-lens.rules]\n${rule} = "information"\n`;
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(toml));
    await eventually('information', () => found(document)?.severity === vscode.DiagnosticSeverity.Information);
    await vscode.workspace.fs.delete(file);
    await eventually('the own severity', () => found(document)?.severity !== vscode.DiagnosticSeverity.Information);
  });

  it('clear findings until something changes', async () => {
    const { document } = await open(fault);
    await eventually('the finding', () => found(document));
    await vscode.commands.executeCommand('descentLens.clearFindings');
    assert.deepEqual(ours(document), []);
    const configuration = vscode.workspace.getConfiguration('descentLens');
    await configuration.update('inlayHints', true, vscode.ConfigurationTarget.Workspace);
    await eventually('the finding', () => found(document));
    await configuration.update('inlayHints', undefined, vscode.ConfigurationTarget.Workspace);
  });
});

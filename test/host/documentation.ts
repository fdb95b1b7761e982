import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually } from './wait';

describe('documentation', () => {
  it('has a page for a rule, opened inside the editor', async () => {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse('descent-lens-docs:/lr-diverges.md'));
    assert.match(document.getText(), /^# lr-diverges/);
    assert.match(document.getText(), /How it is measured/);
    await vscode.commands.executeCommand('descentLens.explainRule', 'lr-diverges');
    await eventually('a tab', () =>
      vscode.window.tabGroups.all.some((group) => group.tabs.some((tab) => tab.label.includes('lr-diverges'))),
    );
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually, ours, ruleOf } from './wait';

describe('the walkthrough', () => {
  it('opens an example in a folder that can be written to, and reaches a finding there', async () => {
    await vscode.commands.executeCommand('descentLens.openExamples');
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(document);
    assert.match(document.uri.path, /globalStorage.*faults\/lr-diverges\/train\.py$/);
    await vscode.commands.executeCommand('descentLens.diagnose');
    await eventually('the finding', () => ours(document).some((one) => ruleOf(one) === 'lr-diverges'));
  });
});

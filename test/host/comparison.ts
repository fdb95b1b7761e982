import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually, lenses, open, replace } from './wait';

/** The Python that has PyTorch, where one is installed. */
const python = process.env['REFERENCE_PYTHON'] ?? '/usr/bin/python3';
const hasTorch = spawnSync(python, ['-c', 'import torch']).status === 0;

/** Compares as one who has agreed already, and gives what the line of trust says of PyTorch then. */
async function compared(document: vscode.TextDocument): Promise<string> {
  await eventually('a lens', async () => (await lenses(document)).length > 0);
  const [name] = (await lenses(document)).flatMap(({ command }) => (command?.arguments?.slice(1) ?? []) as string[]);
  const words = await vscode.commands.executeCommand('descentLens.compare', document.uri.fsPath, name, 'agreed');
  return String(words);
}

describe('a comparison with PyTorch', () => {
  it('becomes part of the line of trust, and follows the unsaved text', async function () {
    if (!hasTorch) return this.skip();
    const configuration = vscode.workspace.getConfiguration('descentLens');
    await configuration.update('python', python, vscode.ConfigurationTarget.Workspace);
    const { document } = await open('healthy/digits-adam/train.py');
    assert.match(await compared(document), /^compared with PyTorch \d+\.\d+.*: 20 steps agree, loss to \de-\d$/);
    // A rate that the reader cannot see: the script no longer is what was read.
    const hidden = "setattr(optimizer, 'param_groups', [{**g, 'lr': 0.002} for g in optimizer.param_groups])\n";
    const loop = 'for epoch in range(20):';
    await replace(document, loop, hidden + loop);
    assert.match(await compared(document), /^differs from PyTorch .* from step 1 on \(learning rate 50 %\): see log$/);
    await vscode.commands.executeCommand('undo');
    await configuration.update('python', undefined, vscode.ConfigurationTarget.Workspace);
  });
});

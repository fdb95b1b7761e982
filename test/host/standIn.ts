import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually, lenses, open, ours, quickFixes, ruleOf, workspaceFile } from './wait';

/** A script that gets its batches from a module that is not there. */
const script = `import torch
from torch import nn
from batches import train_loader

model = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3), nn.Softmax(dim=1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(20):
    for x, y in train_loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
`;

async function verdict(document: vscode.TextDocument): Promise<string> {
  return (await lenses(document)).map(({ command }) => command?.title ?? '').join(' | ');
}

describe('rows that come from where the reader does not follow', () => {
  it('leave the rules of the text, and stand-in data by the quick fix', async () => {
    await vscode.workspace.fs.writeFile(workspaceFile('outside/train.py'), new TextEncoder().encode(script));
    const { document } = await open('outside/train.py');
    const softmax = await eventually('the finding of the text', () =>
      ours(document).find((one) => ruleOf(one) === 'softmax-before-cross-entropy'),
    );
    assert.match(document.getText(softmax.range), /Softmax/);
    await vscode.commands.executeCommand('descentLens.diagnose', document.uri.fsPath);
    const told = await eventually('why it was not trained', () => ours(document).find((one) => ruleOf(one) === 'not-trained'));
    assert.match(told.message, /batches\.train_loader.*stand-in/);
    const offers = await quickFixes(document, told.range);
    assert.ok(!offers.some(({ title }) => title === 'Pick the data file'));
    const standIn = offers.find(({ title }) => title === 'Run on stand-in data');
    assert.ok(standIn?.command);
    await vscode.commands.executeCommand(standIn.command.command, ...(standIn.command.arguments ?? []));
    await eventually('curves on stand-in data', async () => /on stand-in data/.test(await verdict(document)));
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { acceptOffers, eventually, lenses, offerValues, open, ours, quickFixes, workspaceFile } from './wait';

/** A script whose rate only its command line gives. */
const script = `import argparse
import torch
from sklearn.datasets import load_iris
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, required=True)
args = parser.parse_args()

X, y = load_iris(return_X_y=True)
X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y)
model = nn.Linear(4, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=args.lr)
for epoch in range(20):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(X), y)
    loss.backward()
    optimizer.step()
`;

async function write(path: string, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(workspaceFile(path), new TextEncoder().encode(text));
}

const isAsked = (document: vscode.TextDocument): vscode.Diagnostic | undefined =>
  ours(document).find(({ message }) => /comes from the command line/.test(message));

async function verdict(document: vscode.TextDocument): Promise<string> {
  return (await lenses(document)).map(({ command }) => command?.title ?? '').join(' | ');
}

describe('a value that only the command line gives', () => {
  it('is asked for at its place, offered from launch.json, and remembered', async () => {
    await write('missing/train.py', script);
    const { document } = await open('missing/train.py');
    const diagnostic = await eventually('the question', () => isAsked(document));
    assert.match(document.getText(diagnostic.range), /--lr/);
    assert.match(await verdict(document), /Give lr/);
    const give = (await quickFixes(document, diagnostic.range)).find(({ title }) => title === 'Give the value of lr');
    assert.ok(give?.command);
    await offerValues(document, ['--lr', '0.05']);
    // The box opens with the launch configuration's value, so that accepting it is enough.
    await acceptOffers(vscode.commands.executeCommand(give.command.command, ...(give.command.arguments ?? [])));
    await eventually('the value', async () => !isAsked(document) && !/Give lr/.test(await verdict(document)));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      document.positionAt(document.getText().indexOf('"--lr"') + 2),
    );
    assert.match(
      hovers.flatMap(({ contents }) => contents.map((one) => (typeof one === 'string' ? one : one.value))).join(),
      /0\.05/,
    );
    await vscode.commands.executeCommand('descentLens.diagnose', document.uri.fsPath);
    await eventually('a verdict', async () => /Diagnose again/.test(await verdict(document)));
    assert.match(await verdict(document), /loss/);
  });
});

describe('a critical point', () => {
  it('is inspected from the lens, from the finding, and by command', async () => {
    const { document } = await open('faults/saddle-point/train.py');
    await vscode.commands.executeCommand('descentLens.diagnose', document.uri.fsPath);
    await eventually('a verdict', async () => /Diagnose again/.test(await verdict(document)));
    assert.match(await verdict(document), /Inspect critical point/);
    const finding = ours(document).find(({ message }) => /smallest eigenvalue/.test(message));
    assert.ok(finding);
    const inspect = (await quickFixes(document, finding.range)).find(({ title }) => title === 'Inspect critical point');
    assert.equal(inspect?.command?.command, 'descentLens.inspectCriticalPoint');
    await vscode.commands.executeCommand('descentLens.inspectCriticalPoint', ...(inspect?.command?.arguments ?? []));
    await eventually('the panel', () =>
      vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label === 'Descent Lens')),
    );
  });
});

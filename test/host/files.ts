import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { acceptOffers, eventually, lenses, offerValues, open, ours, workspaceFile } from './wait';

const script = (rate: string): string => `import torch
from torch import nn

torch.manual_seed(0)
X = torch.randn(64, 4)
y = X.sum(1, keepdim=True)
model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=${rate})
for epoch in range(200):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(X), y)
    loss.backward()
    optimizer.step()
`;

async function written(path: string, text: string): Promise<vscode.TextDocument> {
  await vscode.workspace.fs.writeFile(workspaceFile(path), new TextEncoder().encode(text));
  return (await open(path)).document;
}

const verdict = async (document: vscode.TextDocument): Promise<string> =>
  (await lenses(document)).map(({ command }) => command?.title ?? '').join(' | ');

const diagnose = (document: vscode.TextDocument): Thenable<unknown> =>
  vscode.commands.executeCommand('descentLens.diagnose', document.uri.fsPath);

const isDone = (document: vscode.TextDocument): Promise<boolean> =>
  eventually(`a verdict on ${document.uri.path}`, async () => /Diagnose again/.test(await verdict(document)));

const found = (document: vscode.TextDocument): Promise<boolean> =>
  eventually('the finding', () => ours(document).some(({ message }) => /lr = 20\.0/.test(message)));

async function changeFiles(change: (edit: vscode.WorkspaceEdit) => void): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  change(edit);
  assert.equal(await vscode.workspace.applyEdit(edit), true);
}

const markedAt = (uri: vscode.Uri): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'descent-lens');

describe('several runs that are asked for at once', () => {
  it('all come to a verdict, one after another', async () => {
    const documents: vscode.TextDocument[] = [];
    for (const name of ['first', 'second', 'third', 'fourth']) documents.push(await written(`line/${name}.py`, script('0.05')));
    for (const document of documents) await diagnose(document);
    for (const document of documents) await isDone(document);
  });
});

describe('a script that is moved', () => {
  it('leaves nothing at its old place, and keeps what was measured at the new one', async () => {
    const old = await written('moved/before.py', script('20.0'));
    await diagnose(old);
    await isDone(old);
    await found(old);
    const now = workspaceFile('moved/after.py');
    await changeFiles((edit) => edit.renameFile(old.uri, now));
    await eventually('the old place to be empty', () => markedAt(old.uri).length === 0);
    const { document } = await open('moved/after.py');
    await isDone(document);
    await found(document);
    assert.doesNotMatch(await verdict(document), /out of date/);
    assert.deepEqual(markedAt(old.uri), []);
  });

  it('takes what was picked for it along, with the folder above it, also while its run goes on', async () => {
    const asking = script('args.lr').replace(
      'torch.manual_seed',
      'import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument("--lr", type=float, required=True)\nargs = parser.parse_args()\ntorch.manual_seed',
    );
    const old = await written('folder/train.py', asking);
    await eventually('the question', async () => /Give lr/.test(await verdict(old)));
    await offerValues(old, ['--lr', '0.05']);
    await acceptOffers(diagnose(old));
    await changeFiles((edit) => edit.renameFile(workspaceFile('folder'), workspaceFile('elsewhere')));
    const { document } = await open('elsewhere/train.py');
    await eventually('the lens without a question', async () => {
      const text = await verdict(document);
      return /Diagnose/.test(text) && !/Give lr/.test(text);
    });
    await diagnose(document);
    await isDone(document);
  });
});

describe('a script that is deleted', () => {
  it('leaves nothing behind, and cannot be run any more', async () => {
    const document = await written('gone/train.py', script('20.0'));
    const { uri } = document;
    await diagnose(document);
    await isDone(document);
    await found(document);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await changeFiles((edit) => edit.deleteFile(uri));
    await eventually('the place to be empty', () => markedAt(uri).length === 0);
    // Says so in a message.
    await vscode.commands.executeCommand('descentLens.diagnose', uri.fsPath, 'optimizer');
    const again = await written('gone/train.py', script('20.0'));
    await eventually('the lens of a script that was not run', async () => /Diagnose \||Diagnose$/.test(await verdict(again)));
  });
});

describe('a script in two editors', () => {
  it('is marked once, and stays marked when one of them is closed', async () => {
    const document = await written('twice/train.py', script('20.0'));
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: false });
    await diagnose(document);
    await isDone(document);
    await found(document);
    const messages = ours(document).map(({ message }) => message);
    assert.equal(new Set(messages).size, messages.length);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    assert.ok(ours(document).length > 0, 'the other editor keeps them');
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { acceptOffers, eventually, lenses, offerValues, open, ours, ruleOf, workspaceFile } from './wait';

const tail = `optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(args.epochs):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(X), y)
    loss.backward()
    optimizer.step()
`;

const asking = `import argparse
import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, required=True)
parser.add_argument("--width", type=int, choices=[4, 8], required=True)
args = parser.parse_args()
X, y = torch.randn(64, 4), torch.randn(64, 1)
model = nn.Sequential(nn.Linear(4, args.width), nn.Tanh(), nn.Linear(args.width, 1))
${tail}`;

const elsewhere = `import argparse
import pandas as pd
import torch
from torch import nn

args = argparse.Namespace(epochs=20)
df = pd.read_csv("not/here/points.csv")
names = [name for name in df.columns if name != "target"]
X = torch.tensor(df[names].values, dtype=torch.float32)
y = torch.tensor(df[["target"]].values, dtype=torch.float32)
model = nn.Linear(len(names), 1)
${tail}`;

const points = ['a,b,c,target', ...Array.from({ length: 30 }, (_, i) => `${i / 30},${(i % 7) / 7},${(i % 5) / 5},${i % 3}`), ''];

async function write(path: string, text: string): Promise<vscode.TextDocument> {
  await vscode.workspace.fs.writeFile(workspaceFile(path), new TextEncoder().encode(text));
  return (await open(path)).document;
}

const verdict = async (document: vscode.TextDocument): Promise<string> =>
  (await lenses(document)).map(({ command }) => command?.title ?? '').join(' | ');

describe('what a person gives', () => {
  it('is asked for until nothing is missing, also what is missing only once others are there', async () => {
    const document = await write('given/asking.py', asking);
    await eventually('the first question', async () => /Give width/.test(await verdict(document)));
    await offerValues(document, ['--epochs', '30', '--width', '8']);
    await acceptOffers(vscode.commands.executeCommand('descentLens.diagnose', document.uri.fsPath));
    await eventually('a verdict', async () => /Diagnose again/.test(await verdict(document)));
    assert.doesNotMatch(await verdict(document), /Give/);
  });

  it('is refused at its place where the project gives what the command line would not take', async () => {
    await write('given/team/pyproject.toml', '[tool.descent-lens.values]\nepochs = "many"\nwidth = 8\n');
    const document = await write('given/team/asking.py', asking);
    const told = await eventually('the refusal', () => ours(document).find(({ message }) => /many/.test(message)));
    assert.match(told.message, /`--epochs` was given many\. A whole number is needed/);
    assert.equal(document.getText(told.range), '"--epochs"');
    assert.doesNotMatch(await verdict(document), /Give width/);
  });

  it('is a data file that the reader looks at too', async () => {
    const picked = await write('given/points.csv', points.join('\n'));
    const document = await write('given/elsewhere.py', elsewhere);
    await eventually('what cannot be read without it', async () => /Read in part/.test(await verdict(document)));
    await vscode.commands.executeCommand('descentLens.pickData', document.uri.fsPath, undefined, picked.uri.fsPath);
    await eventually('a verdict', async () => /Diagnose again.*loss/.test(await verdict(document)));
    assert.deepEqual(
      ours(document).filter((one) => ruleOf(one) === 'not-trained'),
      [],
    );
  });
});

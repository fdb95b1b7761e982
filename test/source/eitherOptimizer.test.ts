import { describe, expect, it } from 'vitest';
import { read } from './reading';

const script = (choice: string): string => `
import argparse
import torch
from torch import nn
parser = argparse.ArgumentParser()
parser.add_argument('--opt', required=True)
args = parser.parse_args()
def make(params):
${choice}
X = torch.rand(64, 4)
y = X.sum(1, keepdim=True)
model = nn.Linear(4, 1)
optimizer = make(model.parameters())
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(X, y), batch_size=8)
for epoch in range(5):
    for i, (a, b) in enumerate(loader):
        nn.functional.mse_loss(model(a), b).backward()
        if (i + 1) % 4 == 0:
            optimizer.step()
            optimizer.zero_grad()
`;

const [sgd, adam] = ['torch.optim.SGD(params, lr=0.1)', 'torch.optim.Adam(params, lr=0.01)'];

describe('an optimizer that depends on a value which is not said', () => {
  it.each([
    ['returned', `    if args.opt == 'sgd':\n        return ${sgd}\n    return ${adam}`],
    ['held', `    if args.opt == 'sgd':\n        o = ${sgd}\n    else:\n        o = ${adam}\n    return o`],
    [
      'or none',
      `    if args.opt == 'sgd':\n        return ${sgd}\n    elif args.opt == 'adam':\n        return ${adam}\n    raise ValueError()`,
    ],
  ])('%s is found with its loop, and told at its place', (_, choice) => {
    const { experiments } = read(script(choice));
    expect(experiments.map(({ optimizer }) => [optimizer?.kind, optimizer?.learningRate.value])).toEqual([
      ['sgd', 0.1],
      ['adam', 0.01],
    ]);
    for (const { loop, unread, unit } of experiments) {
      expect(loop?.step).not.toBeNull();
      expect(loop).toMatchObject({ accumulation: 4, zeroGrad: { when: 'everyStep' } });
      expect(unread.map(({ text, range }) => [text.includes('depends on a value'), range])).toEqual([[true, unit.range]]);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { readUnit, shapeOfData } from './reading';

const training = `
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for epoch in range(4):
    for xb, yb in loader:
        opt.zero_grad()
        nn.functional.cross_entropy(net(xb), yb).backward()
        opt.step()
`;

const imports = `
import math
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, SubsetRandomSampler, TensorDataset
`;

describe('lists of numbers', () => {
  it.each([
    ['appended in a loop', 'X = []\nfor i in range(0, len(data) - 9):\n    X.append(data[i:i + 8])'],
    [
      'and their next ones',
      'X, Y = [], []\nfor i in range(len(data) - 9):\n    X.append(data[i:i + 8])\n    Y.append(data[i + 8])',
    ],
  ])('have windows, as Python makes them: %s', (_, loop) => {
    const unit = readUnit(`${imports}
text = 'the quick brown fox jumps over the lazy dog ' * 20
chars = sorted(set(text))
data = [chars.index(c) for c in text]
${loop}
X = torch.tensor(X)
y = torch.zeros(len(X), dtype=torch.long)
net = nn.Sequential(nn.Embedding(len(chars), 4), nn.Flatten(), nn.Linear(32, 2))
loader = DataLoader(TensorDataset(X, y), batch_size=16)
${training}`);
    expect(unit.unread).toEqual([]);
    const windows = unit.data.steps.find(({ kind }) => kind === 'literal');
    const text = 'the quick brown fox jumps over the lazy dog '.repeat(20);
    const numbers = [...text].map((c) => [...new Set(text)].sort().indexOf(c));
    expect(windows?.arguments).toMatchObject({
      shape: [text.length - 9, 8],
      values: numbers.slice(0, -9).flatMap((_one, i) => numbers.slice(i, i + 8)),
    });
  });

  it('of more than two thousand characters are known to their end', () => {
    const { unread, data } = readUnit(`${imports}
text = 'abcdefgh' * 400
places = {c: i for i, c in enumerate('abcdefgh')}
numbers = torch.tensor([places[c] for c in text])
X, y = numbers.view(-1, 8).float(), numbers[:400]
net = nn.Linear(8, 8)
loader = DataLoader(TensorDataset(X, y), batch_size=16)
${training}`);
    expect(unread).toEqual([]);
    expect(data.steps[0]?.arguments).toMatchObject({ shape: [3200] });
  });
});

describe('sorted', () => {
  it.each([
    ['sorted([3, 1, 2])', [1, 2, 3]],
    ['sorted([3, 1, 2], reverse=True)', [3, 2, 1]],
    ['sorted({3: 1, 1: 2})', [1, 3]],
    ['sorted([(2, 1), (1, 9), (1, 3)])', [1, 3, 1, 9, 2, 1]],
    ['sorted([3, -1, 2], key=lambda v: -v)', [3, 2, -1]],
    ['sorted([[1, 9], [2, 3]], key=lambda p: p[1])', [2, 3, 1, 9]],
    ['[list("acb").index(c) for c in sorted(set("bcab"))]', [0, 2, 1]],
  ])('%s', (text, values) => {
    const { data, unread } = readUnit(`${imports}
values = ${text}
X = torch.tensor(values).float().view(-1, 1)
net = nn.Linear(1, 2)
loader = DataLoader(TensorDataset(X, torch.zeros(len(X), dtype=torch.long)), batch_size=2)
${training}`);
    expect(unread).toEqual([]);
    expect(data.steps[0]?.arguments).toMatchObject({ values });
  });

  it('in place, and in an order that is not known', () => {
    const unit = (line: string): ReturnType<typeof readUnit> =>
      readUnit(`${imports}
rates = [0.1, 0.01, 0.3]
${line}
net = nn.Linear(4, 2)
X, y = torch.rand(32, 4), torch.zeros(32, dtype=torch.long)
loader = DataLoader(TensorDataset(X, y), batch_size=2)
${training.replace('lr=0.1', 'lr=rates[0]')}`);
    expect(unit('rates.sort()').optimizer?.learningRate.value).toBe(0.01);
    expect(unit('rates.sort(reverse=True)').optimizer?.learningRate.value).toBe(0.3);
    expect(unit('rates = sorted(rates, key=somewhere_else)').optimizer).toBeNull();
  });
});

describe('a share of rows that only the file numbers', () => {
  it.each(['int(np.floor(0.2 * len(ds)))', 'math.floor(0.2 * len(ds))', 'int(0.2 * len(ds))'])('%s', (share) => {
    const unit = readUnit(`${imports}
f = np.load('rows.npz')
ds = TensorDataset(torch.Tensor(f['x']), torch.LongTensor(f['y']))
indices = list(range(len(ds)))
split = ${share}
np.random.shuffle(indices)
loader = DataLoader(ds, batch_size=32, sampler=SubsetRandomSampler(indices[split:]))
net = nn.Linear(4, 3)
${training}`);
    expect(unit.unread).toEqual([]);
    expect(shapeOfData(unit)).toContain('slice');
    const start = unit.data.steps.find(({ kind }) => kind === 'slice')?.arguments;
    expect(JSON.stringify(start)).toContain('0.2');
  });
});

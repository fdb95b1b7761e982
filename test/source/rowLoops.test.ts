import { describe, expect, it } from 'vitest';
import { readUnit } from './reading';

const head = `import itertools, random
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_iris
from sklearn.model_selection import KFold, ShuffleSplit
from torch.utils.data import BatchSampler, DataLoader, RandomSampler, Subset, SubsetRandomSampler, TensorDataset, WeightedRandomSampler
d = load_iris()
X = torch.tensor(d.data, dtype=torch.float32)
y = torch.tensor(d.target)
t = torch.tensor(d.data[:, :1], dtype=torch.float32)
rows = TensorDataset(X, y)
model = nn.Linear(4, 3)
`;
const step = (inner: string): string =>
  ['opt.zero_grad()', 'loss = F.cross_entropy(model(xb), yb)', 'loss.backward()', 'opt.step()']
    .map((line) => `${inner}${line}\n`)
    .join('');
const classified = (lines: string, inner = '        '): string =>
  `${head}opt = torch.optim.SGD(model.parameters(), lr=0.1)\n${lines}\n${step(inner)}`;

interface Shape {
  readonly sampling: string | undefined;
  readonly batch: number | null | undefined;
  readonly shuffle: boolean | undefined;
  readonly epochs: number | undefined;
  readonly steps: number | null | undefined;
}

const shapeOf = (script: string): Shape => {
  const { unread, batches, loop } = readUnit(script);
  expect(unread).toEqual([]);
  return {
    sampling: batches?.sampling,
    batch: batches?.batchSize?.value ?? null,
    shuffle: batches?.shuffle.value,
    epochs: loop?.epochs.value,
    steps: loop?.steps?.value ?? null,
  };
};

const epochsOf = (batch: number | null, shuffle: boolean, epochs: number, steps: number | null = null): Shape => ({
  sampling: batch === null ? 'full' : 'epochs',
  batch,
  shuffle,
  epochs,
  steps,
});

describe('rows in the order that a loop takes them', () => {
  it.each([
    [
      'slices of a permutation',
      'for epoch in range(5):\n    perm = torch.randperm(len(X))\n    for i in range(0, len(X), 16):\n        xb, yb = X[perm[i:i + 16]], y[perm[i:i + 16]]',
      epochsOf(16, true, 5),
    ],
    [
      'single rows with an axis of the batch',
      'for epoch in range(3):\n    for a, b in zip(X, y):\n        xb, yb = a.unsqueeze(0), b.unsqueeze(0)',
      epochsOf(1, false, 3),
    ],
    ['single rows without it', 'for epoch in range(3):\n    for xb, yb in zip(X, y):', epochsOf(1, false, 3)],
    [
      'single rows by their number',
      'for epoch in range(3):\n    for i in range(len(X)):\n        xb, yb = X[i].view(1, -1), y[i].view(1)',
      epochsOf(1, false, 3),
    ],
    [
      'batches each made for itself',
      'pairs = [(torch.tensor([[0., 0., 1., 1.]]), torch.tensor([0])), (torch.tensor([[1., 0., 0., 1.]]), torch.tensor([2]))]\nfor epoch in range(3):\n    for xb, yb in pairs:',
      epochsOf(1, false, 3),
    ],
    [
      'starts in an array',
      'starts = torch.arange(0, len(X), 10)\nfor epoch in range(3):\n    for s in starts:\n        xb, yb = X[s:s + 10], y[s:s + 10]',
      epochsOf(10, false, 3),
    ],
    [
      'a batch sampler',
      'loader = DataLoader(rows, batch_sampler=BatchSampler(RandomSampler(rows), 12, True))\nfor epoch in range(3):\n    for xb, yb in loader:',
      epochsOf(12, true, 3),
    ],
    [
      'as many batches as a break leaves of each epoch',
      'loader = DataLoader(rows, batch_size=10, shuffle=True)\nfor epoch in range(4):\n    for i, (xb, yb) in enumerate(loader):\n        if i >= 6:\n            break',
      epochsOf(10, true, 1, 24),
    ],
    [
      'one batch that is drawn before',
      'xb, yb = next(iter(DataLoader(rows, batch_size=10, shuffle=True)))\nfor i in range(1):\n    for epoch in range(50):',
      epochsOf(null, false, 50),
    ],
    [
      'a loop that ends with its loss or its counter',
      'n = 0\nfor i in range(1):\n    while True:\n        n += 1\n        xb, yb = X, y\n        if F.cross_entropy(model(xb), yb) < 0.1 or n > 70:\n            break',
      epochsOf(null, false, 1, 70),
    ],
  ])('%s', (_name, lines, expected) => {
    expect(shapeOf(classified(lines))).toEqual(expected);
  });

  it('takes a number of passes, and says so, where only the loss ends the loop', () => {
    const { loop, assumptions, unread } = readUnit(
      classified('loss = torch.tensor(9.)\nwhile loss.item() > 0.1:\n    xb, yb = X, y', '    '),
    );
    expect(unread).toEqual([]);
    expect(loop?.epochs.value).toBe(1000);
    expect(assumptions.map(({ text }) => text)).toContain('How often this loop runs depends on the run: 1000 passes are taken');
  });

  const single = (rows: string, loss: string): string => `${head}net = nn.Linear(4, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for epoch in range(3):
    ${rows}
        opt.zero_grad()
        loss = ${loss}
        loss.backward()
        opt.step()
`;

  it('spreads the number that comes with a single row over its entries', () => {
    expect(shapeOf(single('for a, b in zip(X, X[:, 0]):', 'F.mse_loss(net(a), b)'))).toEqual(epochsOf(1, false, 3));
    expect(shapeOf(single('for a, b in zip(X, X[:, 0]):', '(net(a) - b).abs().mean()'))).toEqual(epochsOf(1, false, 3));
  });

  it('takes a row drawn by its number, over all rows alone', () => {
    const drawn = single('for j in range(150):\n        k = np.random.randint(X.size(0))', 'F.mse_loss(net(X[k]), t[k])');
    expect(shapeOf(drawn)).toMatchObject({ sampling: 'replacement', batch: 1, shuffle: true });
    const some = single('for j in range(150):\n        k = random.randint(0, 9)', 'F.mse_loss(net(X[:20][k]), t[:20][k])');
    expect(readUnit(some).unread.map(({ text }) => text)).toContain(
      'Batches of some rows alone, drawn by their numbers, are not read',
    );
  });

  it('does not train on single rows whose parts would mean something else in a batch', () => {
    const { unread } = readUnit(single('for a, b in zip(X, X[:, 0]):', '((net(a) - b) ** 2).sum(0)'));
    expect(unread.map(({ text }) => text)).toEqual(['This is not read for single rows that come without the axis of a batch']);
  });
});

describe('rows that a sampler or a splitter chooses', () => {
  const stepsOf = (lines: string): readonly string[] => {
    const { unread, data } = readUnit(classified(`${lines}\nfor epoch in range(2):\n    for xb, yb in loader:`));
    expect(unread).toEqual([]);
    return data.steps.map(({ kind }) => kind);
  };

  it('reads the first of the folds and says so', () => {
    const unit = readUnit(
      `${head}for fold, (a, b) in enumerate(KFold(5, shuffle=True, random_state=1).split(rows)):
    model = nn.Linear(4, 3)
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    for xb, yb in DataLoader(Subset(rows, a), batch_size=10):
${step('        ')}    for xb, yb in DataLoader(Subset(rows, b), batch_size=10):
        with torch.no_grad():
            F.cross_entropy(model(xb), yb)
`,
    );
    expect(unit.unread).toEqual([]);
    expect(unit.assumptions.map(({ text }) => text)).toContain('Of the 5 folds the first is read');
    const fold = unit.data.steps.find(({ kind }) => kind === 'foldRows');
    expect(fold?.arguments).toEqual({ folds: 5, fold: 0, shuffle: true, seed: 1 });
    const part = (split: typeof unit.train): unknown => {
      const taken = unit.data.steps[split?.inputs[0] ?? -1];
      return unit.data.steps[taken?.inputs[1] ?? -1]?.arguments;
    };
    expect([part(unit.train), part(unit.validation)]).toEqual([{ index: 0 }, { index: 1 }]);
  });

  it('takes the rows of a shuffled list of numbers', () => {
    expect(
      stepsOf(
        'idx = list(range(len(rows)))\nnp.random.shuffle(idx)\nloader = DataLoader(rows, 10, sampler=SubsetRandomSampler(idx[30:]))',
      ),
    ).toEqual(expect.arrayContaining(['randomPermutation', 'slice', 'takeRows']));
  });

  it('draws rows by their weights', () => {
    expect(
      stepsOf(
        'weights = torch.ones(len(rows))\nloader = DataLoader(rows, 10, sampler=WeightedRandomSampler(weights, len(rows)))',
      ),
    ).toEqual(expect.arrayContaining(['weightedRows', 'takeRows']));
  });

  it('does not take all rows where those of a sampler are not known', () => {
    const { unread } = readUnit(
      classified(
        'loader = DataLoader(rows, 10, sampler=SubsetRandomSampler(open("a.txt").readlines()))\nfor epoch in range(2):\n    for xb, yb in loader:',
      ),
    );
    expect(unread.length).toBeGreaterThan(0);
  });
});

describe('rows of a dataset of the script', () => {
  const script = (change: string): string => `${head}class Rows(torch.utils.data.Dataset):
    def __init__(self):
        self.x, self.y = d.data.astype('float32'), d.target
    def __len__(self):
        return len(self.x)
    def __getitem__(self, i):
        x = torch.from_numpy(self.x[i])
        ${change}
        return x, self.y[i]
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for xb, yb in DataLoader(Rows(), batch_size=10):
${step('    ')}`;

  it('are not read when each pass changes the data again', () => {
    expect(readUnit(script('x *= 0.5')).unread.map(({ text }) => text)).toEqual([
      'This changes the data themselves, again each time that the row is taken; the run would not',
    ]);
    expect(readUnit(script('x = x * 0.5')).unread).toEqual([]);
  });
});

describe('a dataset of the script that is shorter than its arrays', () => {
  it('has as many rows as it says', () => {
    const unit = readUnit(`${head}class Some(torch.utils.data.Dataset):
    def __len__(self):
        return len(X) // 3
    def __getitem__(self, i):
        return X[i], y[i]
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for xb, yb in DataLoader(Some(), batch_size=10):
${step('    ')}`);
    expect(unit.unread).toEqual([]);
    const taken = unit.data.steps[unit.train?.inputs[0] ?? -1];
    expect(taken).toMatchObject({ kind: 'slice', arguments: { axis: 0, start: null, end: 50 } });
  });
});

describe('batches of rows whose number only the data know', () => {
  const dropped = (loop: string): boolean | undefined => {
    const { unread, batches } = readUnit(`${head}a = torch.tensor(np.load('a.npy'))
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(3):
    ${loop}
        xb, yb = a[i:i + 16, :4], a[i:i + 16, 4].long() - 1
${step('        ')}`);
    expect(unread).toEqual([]);
    return batches?.dropLast;
  };

  it('keep a smaller last one, unless the loop leaves it out', () => {
    expect(dropped('for i in range(0, len(a), 16):')).toBe(false);
    expect(dropped('for i in range(0, len(a) - 15, 16):')).toBe(true);
    expect(dropped('for b in range(len(a) // 16):\n        i = b * 16')).toBe(true);
  });
});

describe('arrays that share memory', () => {
  const unreadOf = (lines: string): readonly string[] =>
    readUnit(`${head}${lines}
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(3):
${step('    ')}`).unread.map(({ text }) => text);

  it('are not read on when a part of them was changed', () => {
    expect(unreadOf('xb, yb = X[:50], y[:50]\nX[0] = 7.')).toEqual([
      'These numbers change with an array that shares their memory, which is not followed',
    ]);
  });

  it('are, when the changed part is another one or a copy', () => {
    expect(unreadOf('a, b = X[:, :-1], X[:, -1]\nb[b > 1] = 0\nmodel = nn.Linear(3, 3)\nxb, yb = a, y')).toEqual([]);
    expect(unreadOf('a = X.clone()\na[0] = 7.\nxb, yb = X, y')).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { readUnit, shapeOfData } from './reading';

const head = `import math
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset, TensorDataset
`;

/** A script around rows \`x\` and targets \`y\` of three classes. */
const trained = (before: string, loss = 'F.cross_entropy(model(x), y)'): string => `${head}${before}
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(10):
    opt.zero_grad()
    loss = ${loss}
    loss.backward()
    opt.step()
`;
const rows = 'x = torch.sin(torch.linspace(0, 50, 400)).view(100, 4)\nmodel = nn.Linear(4, 3)\n';
const places = (text: string): unknown[] =>
  readUnit(text).data.steps.flatMap((step) => (step.kind === 'reduce' ? [[step.arguments.function, step.arguments.axis]] : []));

describe('labels that are computed from the rows', () => {
  it('are the places of the largest of some numbers', () => {
    const text = trained(`${rows}y = (x @ torch.ones(4, 3)).argmax(dim=1)`);
    expect(readUnit(text).unread).toEqual([]);
    expect(places(text)).toEqual([['argMax', 1]]);
  });

  it('hang on whether one or all of some numbers are large, and on products', () => {
    const text = trained(`${rows}y = (x > 0.5).any(dim=1).long() + (x > -0.5).all(1).long() * (x.prod(dim=1) > 0).long()`);
    expect(readUnit(text).unread).toEqual([]);
    expect(places(text)).toEqual([
      ['max', 1],
      ['min', 1],
      ['product', 1],
    ]);
  });

  it('count their classes', () => {
    const text = trained(`${rows}y = torch.arange(100) % 3\nx = x / torch.bincount(y).sum()`);
    const unit = readUnit(text);
    expect(unit.unread).toEqual([]);
    expect(shapeOfData(unit)).toContain('oneHot');
  });
});

describe('rows around centres', () => {
  it('are drawn around each centre of a list', () => {
    const unit = readUnit(
      trained(`centers = [(-2.0, 0.0), (2.0, 0.0), (0.0, 3.0)]
x = torch.tensor(np.concatenate([np.random.normal(loc=c, scale=0.7, size=(50, 2)) for c in centers]), dtype=torch.float32)
y = torch.tensor(np.concatenate([np.full(50, i) for i in range(len(centers))]), dtype=torch.long)
model = nn.Linear(2, 3)`),
    );
    expect(unit.unread).toEqual([]);
    const kinds = unit.data.steps.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'randomNormal')).toHaveLength(3);
    const centres = unit.data.steps.flatMap((s) =>
      s.kind === 'literal' && s.arguments.shape.length === 1 ? [s.arguments.values] : [],
    );
    expect(centres.slice(0, 3)).toEqual([
      [-2, 0],
      [2, 0],
      [0, 3],
    ]);
  });
});

describe('rows that name other rows', () => {
  it('are looked up in each array', () => {
    const unit = readUnit(`${head}class Pairs(Dataset):
    def __init__(self):
        self.x = torch.sin(torch.linspace(0, 50, 400)).view(100, 4)
        self.t = torch.arange(100) % 3
        self.i, self.j = torch.arange(60) * 7 % 100, torch.arange(60) * 3 % 100
    def __len__(self):
        return len(self.i)
    def __getitem__(self, k):
        a, b = self.i[k], self.j[k]
        return self.x[a] - self.x[b], (self.t[a] == self.t[b]).float()
model = nn.Linear(4, 1)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(3):
    for x, y in DataLoader(Pairs(), batch_size=10):
        opt.zero_grad()
        F.binary_cross_entropy_with_logits(model(x).squeeze(1), y).backward()
        opt.step()
`);
    expect(unit.unread).toEqual([]);
    expect(unit.data.steps.filter(({ kind }) => kind === 'takeRows')).toHaveLength(4);
  });
});

describe('the least of some whole numbers', () => {
  it('is not taken for the largest', () => {
    const text = (name: string): string =>
      trained(`${rows}import pandas as pd\ny = torch.tensor(np.load('y.npy').astype(int))\nmodel = nn.Linear(4, ${name}(y) + 1)`);
    expect(readUnit(text('max')).model?.parameters[1]?.shape[0]).toMatchObject({ op: '+' });
    expect(readUnit(text('min')).unread).not.toEqual([]);
  });
});

describe('parameters in containers of their own', () => {
  it('are those of a ParameterDict, in the order of its keys, and of a list of tensors', () => {
    const unit = readUnit(`${head}x, y = torch.randn(20, 4), torch.randn(20, 1)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.ParameterDict({'out': nn.Parameter(torch.randn(8, 1) * 0.1), 'into': torch.randn(4, 8)})
        self.b = nn.ParameterList([torch.zeros(8), nn.Parameter(torch.zeros(1))])
    def forward(self, x):
        return torch.tanh(x @ self.w['into'] + self.b[0]) @ self.w['out'] + self.b[1]
model = Net()
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(3):
    opt.zero_grad()
    F.mse_loss(model(x), y).backward()
    opt.step()
`);
    expect(unit.unread).toEqual([]);
    expect(unit.model?.parameters.map(({ name, shape }) => [name, ...shape]).sort()).toEqual([
      ['b.0', 8],
      ['b.1', 1],
      ['w.into', 4, 8],
      ['w.out', 8, 1],
    ]);
    expect(unit.optimizer?.groups[0]?.parameters).toHaveLength(4);
  });
});

describe('models that are chosen by their name', () => {
  it('come out of the dictionary of their module', () => {
    const unit = readUnit(
      trained(`import models\nx, y = torch.randn(60, 4), torch.arange(60) % 3\nmodel = models.__dict__['small']()`),
      { '/project/models.py': 'import torch.nn as nn\ndef small():\n    return nn.Linear(4, 3)\n' },
    );
    expect(unit.unread).toEqual([]);
    expect(unit.model?.parameters).toHaveLength(2);
  });
});

describe('lists of numbers that a loop computes', () => {
  const loop = (passes: number, point: string): string =>
    trained(`points, y = [], []
for i in range(${passes}):
    r, turn = i / ${passes}, 4 * math.pi * i / ${passes}
    if i % 2 == 0:
        turn += math.pi
    points.append(${point})
    y.append(i % 2)
x, y = torch.tensor(points), torch.tensor(y)
model = nn.Linear(2, 2)`);

  it('are gone through pass by pass', () => {
    const unit = readUnit(loop(400, '[r * np.sin(turn), r * math.cos(turn)]'));
    expect(unit.unread).toEqual([]);
    const made = unit.data.steps.find((s) => s.kind === 'literal' && s.arguments.shape.join() === '400,2');
    const values = made?.kind === 'literal' ? made.arguments.values : [];
    Array.from({ length: 400 }, (_, i) => {
      const turn = (4 * Math.PI * i) / 400 + (i % 2 === 0 ? Math.PI : 0);
      expect(values[2 * i]).toBeCloseTo((i / 400) * Math.sin(turn), 12);
      expect(values[2 * i + 1]).toBeCloseTo((i / 400) * Math.cos(turn), 12);
    });
  });

  it('are made in one pass for all, where they are drawn or too many', () => {
    const made = (text: string): string[] => readUnit(text).data.steps.map(({ kind }) => kind);
    expect(readUnit(`import random\n${loop(400, '[random.gauss(0, 1), r]')}`).unread).toEqual([]);
    expect(made(`import random\n${loop(400, '[random.gauss(0, 1), r]')}`)).toContain('randomNormal');
    expect(readUnit(loop(100_000, '[r, turn]')).unread).toEqual([]);
    expect(made(loop(100_000, '[r, turn]'))).toContain('where');
  });
});

describe('models whose `forward` is called by its name', () => {
  it('are models all the same, with their own names of layers', () => {
    const unit = readUnit(
      trained(
        `x, y = torch.randn(60, 4), torch.arange(60) % 3
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(4, 8), nn.Linear(8, 3)
    def forward(self, x):
        return self.second.forward(torch.tanh(self.first(x)))
model = Net()`,
        'F.cross_entropy(model.forward(x), y)',
      ),
    );
    expect(unit.unread).toEqual([]);
    expect(unit.model?.parameters.map(({ name }) => name)).toEqual([
      'first.weight',
      'first.bias',
      'second.weight',
      'second.bias',
    ]);
  });
});

describe('generators of batches', () => {
  const drawn = `${head}def batches(count):
    for i in range(count):
        data = torch.randint(0, 3, (30, 4))
        yield data
model = nn.Sequential(nn.Embedding(3, 8), nn.Flatten(), nn.Linear(32, 3))
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(10):
    for x in batches(20):
        opt.zero_grad()
        loss = F.cross_entropy(model(x), x[:, 0])
        loss.backward()
        opt.step()
`;

  it('are not read as one batch that stays the same', () => {
    expect(readUnit(drawn).unread.map(({ text }) => text)).toEqual(['The batches that this generator makes are not read']);
  });

  it('are read where they cut rows', () => {
    const cut = drawn
      .replace('for i in range(count)', 'for i in range(0, 60, count)')
      .replace('data = torch.randint(0, 3, (30, 4))', 'data = rows[i:i + count]')
      .replace('def batches', 'rows = torch.arange(240).view(60, 4) % 3\ndef batches');
    const unit = readUnit(cut);
    expect(unit.unread).toEqual([]);
    expect(unit.batches?.batchSize?.value).toBe(20);
  });
});

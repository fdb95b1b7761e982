import { describe, expect, it } from 'vitest';
import { bindSize } from '../../src/graph/size';
import { readUnit, shapeOfData, shapeOfModel } from './reading';

const head = `import math
import numpy as np
import pandas as pd
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset
`;

/** A script around rows \`x\`, targets \`y\` and a \`model\`. */
const trained = (before: string, loss = 'F.mse_loss(model(x), y)'): string => `${head}${before}
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(10):
    opt.zero_grad()
    loss = ${loss}
    loss.backward()
    opt.step()
`;

describe('modules that inherit from a container', () => {
  it('hold the layers that are given to nn.Sequential, in order and under its names', () => {
    const unit = readUnit(
      trained(`class Block(nn.Sequential):
    def __init__(self, into, out):
        super().__init__(nn.Linear(into, out), nn.ReLU())
x, y = torch.randn(20, 3), torch.randn(20, 1)
model = nn.Sequential(Block(3, 8), Block(8, 4), nn.Linear(4, 1))`),
    );
    expect(unit.unread).toEqual([]);
    expect(shapeOfModel(unit)).toContain('linear(0) relu(1) linear(2) relu(3) linear(4)');
    expect(unit.model?.parameters.map(({ name, shape }) => [name, ...shape])).toEqual([
      ['0.0.weight', 8, 3],
      ['0.0.bias', 8],
      ['1.0.weight', 4, 8],
      ['1.0.bias', 4],
      ['2.weight', 1, 4],
      ['2.bias', 1],
    ]);
  });
});

describe('data that scripts make', () => {
  it('draws normal numbers around given ones, each with its own deviation', () => {
    const unit = readUnit(
      trained(`ones = torch.ones(100, 2)
x = torch.cat((torch.normal(2 * ones, 1), torch.normal(-2 * ones, 1)), 0)
y = torch.cat((torch.zeros(100), torch.ones(100))).view(-1, 1) + torch.normal(torch.zeros(200, 1))
model = nn.Linear(2, 1)`),
    );
    expect(unit.unread).toEqual([]);
    const drawn = unit.data.steps.filter((step) => step.kind === 'randomNormal').map((step) => step.arguments.shape);
    expect(drawn).toEqual([
      [100, 2],
      [100, 2],
      [200, 1],
    ]);
    expect(shapeOfData(unit)).toContain('concatenate');
  });

  it('computes with the inverse functions of angles', () => {
    const unit = readUnit(
      trained(`phase = np.arctan(-1.0)
x = torch.linspace(0, 1, 50).view(-1, 1)
y = torch.cos(x + phase) + math.atan(1.0)
model = nn.Linear(1, 1)`),
    );
    expect(unit.unread).toEqual([]);
    const numbers = unit.data.steps.flatMap((step) => (step.kind === 'literal' ? step.arguments.values : []));
    expect(numbers).toEqual([-Math.PI / 4, Math.PI / 4]);
  });
});

describe('tables with gaps', () => {
  it('fills them with a word, or with the most frequent value of the same column', () => {
    const unit = readUnit(
      trained(`df = pd.read_csv('p.csv')
df['port'] = df['port'].fillna('S')
df['deck'] = df['deck'].fillna(df['deck'].mode()[0])
df = pd.get_dummies(df, columns=['port', 'deck'])
x = torch.tensor(df[['a', 'b']].values, dtype=torch.float32)
y = torch.tensor(df[['c']].values, dtype=torch.float32)
model = nn.Linear(2, 1)`),
    );
    expect(unit.unread).toEqual([]);
    const fills = unit.data.steps.flatMap((step) => (step.kind === 'fillMissing' ? [step.arguments] : []));
    expect(fills).toEqual([
      { value: 'S', statistic: null },
      { value: null, statistic: 'mode' },
    ]);
  });

  it('does not fill with the most frequent value of another column', () => {
    const { unread } = readUnit(
      trained(`df = pd.read_csv('p.csv')
df['a'] = df['a'].fillna(df['b'].mode()[0])
x = torch.tensor(df[['a', 'b']].values, dtype=torch.float32)
y = torch.tensor(df[['c']].values, dtype=torch.float32)
model = nn.Linear(2, 1)`),
    );
    expect(unread.map(({ text }) => text)).toEqual(['What missing values are filled with could not be read']);
  });
});

describe('pictures', () => {
  it('have a black border of the padding before a crop', () => {
    const unit = readUnit(`import torch
import torch.nn as nn
from torchvision import datasets, transforms
tf = transforms.Compose([transforms.Pad(4), transforms.RandomCrop(32), transforms.ToTensor()])
loader = torch.utils.data.DataLoader(datasets.CIFAR10('data', transform=tf), batch_size=50, shuffle=True)
model = nn.Sequential(nn.Flatten(), nn.Linear(3072, 10))
opt = torch.optim.Adam(model.parameters())
crit = nn.CrossEntropyLoss()
for images, labels in loader:
    opt.zero_grad()
    crit(model(images), labels).backward()
    opt.step()
`);
    expect(unit.unread).toEqual([]);
    // One loop over the batches with none around it.
    expect(unit.loop?.epochs.value).toBe(1);
    const changes = unit.data.steps.flatMap((step) => (step.kind === 'changePictures' ? step.arguments.changes : []));
    expect(changes).toEqual([
      { kind: 'centerCrop', size: [40, 40] },
      { kind: 'centerCrop', size: [32] },
    ]);
  });
});

describe('what a loop over unknown values makes longer', () => {
  const script = (before: string, model: string): string => `${head}import glob
import os
${before}
model = ${model}
x = torch.randn(10, 4)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for i in range(10):
    opt.zero_grad()
    model(x).mean().backward()
    opt.step()
`;
  const loop = 'for name in glob.glob("data/*.txt"):';

  it.each([
    ['a list', `names = []\n${loop}\n    names.append(name)`, 'nn.Linear(4, len(names))'],
    ['a list by addition', `names = []\n${loop}\n    names += [name]`, 'nn.Linear(4, len(names))'],
    ['a dictionary', `ids = {}\n${loop}\n    ids[name] = len(ids)`, 'nn.Linear(4, len(ids))'],
    ['layers', `layers = [nn.Linear(4, 4)]\n${loop}\n    layers.append(nn.Linear(4, 4))`, 'nn.Sequential(*layers)'],
    ['a ModuleList', `layers = []\n${loop}\n    layers += [nn.Linear(4, 4)]`, 'nn.Sequential(*nn.ModuleList(layers))'],
    ['a container', `net = nn.Sequential()\n${loop}\n    net.add_module(name, nn.Linear(4, 4))`, 'net'],
  ])('is of a length that is not known: %s', (_, before, model) => {
    const unit = readUnit(script(before, model));
    expect(unit.optimizer?.learningRate?.value).toBe(0.1);
    expect(unit.unread.length).toBeGreaterThan(0);
  });

  it('is known where the loop is known, and where it is made anew in each pass', () => {
    const unit = readUnit(
      script(
        'sizes = []\nfor n in [8, 3]:\n    sizes.append(n)\nids = {n: i for i, n in enumerate(sizes)}',
        'nn.Linear(4, len(ids))',
      ),
    );
    expect(unit.unread).toEqual([]);
    expect(unit.model?.parameters[0]?.shape).toEqual([2, 4]);
  });

  it('has as many windows as the loop takes', () => {
    const unit = readUnit(
      trained(`series = np.loadtxt('s.csv')
rows, targets = [], []
for i in range(10, 200):
    rows.append(series[i - 10:i])
    targets.append(series[i])
n = int(len(rows) * 0.5)
x = torch.tensor(np.array(rows)[:n], dtype=torch.float32)
y = torch.tensor(np.array(targets)[:n], dtype=torch.float32).unsqueeze(1)
model = nn.Linear(10, 1)`),
    );
    expect(unit.unread).toEqual([]);
    // The loop makes 190 windows: the only size that the data decide is their count.
    const rows = Object.fromEntries(Object.keys(unit.data.symbols).map((name) => [name, 190]));
    expect(Object.values(unit.data.symbols).map(({ step }) => unit.data.steps[step]?.kind)).not.toContain('readText');
    const ends = unit.data.steps.flatMap((step) => (step.kind === 'slice' ? [bindSize(step.arguments.end ?? 0, rows)] : []));
    expect(ends).toEqual([95, 95]);
  });
});

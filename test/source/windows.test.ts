import { describe, expect, test } from 'vitest';
import { loaded } from '../data/program';
import { readUnit } from './reading';

/** Rows of the sequence: row i is (i, 1000 + i), or i alone. */
const total = 200;
const length = 7;

/** A script that trains on X and y, which `text` makes out of `data`. */
const script = (text: string): string => `
import numpy as np
import pandas as pd
import torch
import torch.nn as nn
from torch.utils.data import Dataset, DataLoader

data = np.stack([np.arange(${total}), np.arange(1000, ${1000 + total})], axis=1)
line = np.arange(${total})
L = ${length}
${text}
model = nn.Flatten()
net = nn.Linear(3, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for epoch in range(5):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(X) * net.bias, y)
    loss.backward()
    optimizer.step()
`;

/** Inputs and targets of the script, as nested rows. */
async function rowsOf(
  text: string,
): Promise<{ readonly x: number[][]; readonly y: number[]; readonly shape: readonly number[] }> {
  const unit = readUnit(script(text));
  expect(unit.unread).toEqual([]);
  const { train } = await loaded(unit);
  const [x, y] = [train.inputs[0], train.targets[0]];
  if (!x || !y) throw new Error('There are no rows');
  const count = x.shape[0] ?? 0;
  const width = x.values.length / count;
  const rows = Array.from({ length: count }, (_, i) => [...x.values.subarray(i * width, (i + 1) * width)]);
  return { x: rows, y: [...y.values], shape: x.shape };
}

const window = (start: number): number[] => Array.from({ length }, (_, k) => start + k);
const both = (start: number): number[] => window(start).flatMap((i) => [i, 1000 + i]);
const count = (size: number): number[] => Array.from({ length: size }, (_, i) => i);

const asTensors = '\nX = torch.tensor(X, dtype=torch.float32)\ny = torch.tensor(y, dtype=torch.float32)';

describe('windows of a sequence are read as people cut them', () => {
  test.each([
    [
      'a loop with append',
      'X, y = [], []\nfor i in range(len(line) - L):\n    X.append(line[i:i + L])\n    y.append(line[i + L])\nX, y = np.array(X), np.array(y)',
    ],
    [
      'a function',
      'def cut(d, n):\n    xs = []\n    ys = []\n    for i in range(len(d) - n):\n        _x = d[i:(i + n)]\n        _y = d[i + n]\n        xs.append(_x)\n        ys.append(_y)\n    return np.array(xs), np.array(ys)\nX, y = cut(line, L)',
    ],
    [
      'a loop that looks back',
      'X, y = [], []\nfor i in range(L, len(data)):\n    X.append(data[i - L:i, 0])\n    y.append(data[i, 0])\nX, y = np.array(X), np.array(y)',
    ],
    [
      'comprehensions',
      'X = np.array([line[i:i + L] for i in range(len(line) - L)])\ny = np.array([line[i + L] for i in range(len(line) - L)])',
    ],
    [
      'sliding_window_view',
      'from numpy.lib.stride_tricks import sliding_window_view\nX = sliding_window_view(line, L)[:-1]\ny = line[L:]',
    ],
    ['unfold', 'X = torch.tensor(line).unfold(0, L, 1)[:-1].float()\ny = line[L:]'],
    [
      'a data frame',
      'df = pd.DataFrame(data)\nX, y = [], []\nvalues = df.iloc[:, 0].values\nfor i in range(len(values) - L):\n    X.append(values[i:i + L])\n    y.append(values[i + L])\nX, y = np.array(X), np.array(y)',
    ],
  ])('%s', async (_, text) => {
    const { x, y, shape } = await rowsOf(text + asTensors);
    expect(shape).toEqual([total - length, length]);
    expect(x).toEqual(count(total - length).map(window));
    expect(y).toEqual(count(total - length).map((i) => i + length));
  });

  test('with several columns, strides and targets further ahead', async () => {
    const { x, y, shape } = await rowsOf(
      `X, y = [], []\nfor i in range(0, len(data) - L - 2, 3):\n    X.append(data[i:i + L])\n    y.append(data[i + L + 1, 1])\nX, y = np.array(X), np.array(y)${asTensors}`,
    );
    const starts = count(Math.ceil((total - length - 2) / 3)).map((k) => 3 * k);
    expect(shape).toEqual([starts.length, length, 2]);
    expect(x).toEqual(starts.map(both));
    expect(y).toEqual(starts.map((i) => 1000 + i + length + 1));
  });

  test('of short sequences, pass by pass', async () => {
    const { x, y } = await rowsOf(
      `X, y = [], []\nfor i in range(40 - L):\n    X.append(line[i:i + L])\n    y.append(line[i + L])\nX, y = np.array(X), np.array(y)${asTensors}`,
    );
    expect(x).toEqual(count(40 - length).map(window));
    expect(y).toEqual(count(40 - length).map((i) => i + length));
  });

  test('in a Dataset of the script', () => {
    const text = `class Windows(Dataset):
    def __init__(self, values):
        self.values = torch.tensor(values, dtype=torch.float32)
    def __len__(self):
        return len(self.values) - L
    def __getitem__(self, i):
        return self.values[i:i + L].unsqueeze(-1), self.values[i + L]
loader = DataLoader(Windows(line), batch_size=16, shuffle=True)
net = nn.Linear(3, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for epoch in range(5):
    for X, y in loader:
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(X.mean((1, 2)) * net.bias, y)
        loss.backward()
        optimizer.step()
`;
    const unit = readUnit(script('').split('model =')[0] + text);
    expect(unit.unread).toEqual([]);
    return loaded(unit).then(({ train }) => {
      expect(train.inputs[0]?.shape).toEqual([total - length, length, 1]);
      expect([...(train.targets[0]?.values ?? [])]).toEqual(count(total - length).map((i) => i + length));
    });
  });
});

describe('slices that begin further on than the first row', () => {
  test('are targets of windows, of one row each', () => {
    const unit = readUnit(
      script(`X, y = [], []
for i in range(len(line) - L):
    X.append(line[i:i + L])
    y.append(line[i + L:i + L + 1])
X, y = np.array(X), np.array(y).reshape(-1)${asTensors}`),
    );
    expect(unit.unread).toEqual([]);
    return loaded(unit).then(({ train }) => {
      expect([...(train.targets[0]?.values ?? [])]).toEqual(count(total - length).map((i) => i + length));
    });
  });

  test('are no batches that begin with the first', () => {
    const text = `import torch
from torch import nn
data = torch.arange(400) % 7
model = nn.Sequential(nn.Embedding(7, 8), nn.Linear(8, 7))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for i in range(0, 399, 20):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(data[i:i + 20]), data[i + 1:i + 21])
    loss.backward()
    optimizer.step()
`;
    expect(readUnit(text).unread.map(({ text: why }) => why)).toEqual(['The slice could not be read']);
  });
});

describe('rows that a loop makes in another way are said not to be read', () => {
  test.each([
    [
      'under a condition',
      'X, y = [], []\nfor i in range(len(line) - L):\n    if line[i] > 3:\n        X.append(line[i:i + L])\n        y.append(line[i + L])\nX, y = np.array(X), np.array(y)',
    ],
    [
      'of growing length',
      'X, y = [], []\nfor i in range(len(line) - L):\n    X.append(line[0:i])\n    y.append(line[i + L])\nX, y = np.array(X), np.array(y)',
    ],
  ])('%s', (_, text) => {
    expect(readUnit(script(text + asTensors)).unread).not.toEqual([]);
  });
});

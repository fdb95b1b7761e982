import { describe, expect, it } from 'vitest';
import { never } from '../../src/base/cancel';
import { loadDataset } from '../../src/data/load';
import type { Experiment } from '../../src/records/experiment';
import { read, readUnit } from './reading';

/** Twelve rows, numbered. */
const rows = `import numpy as np
import torch
from torch import nn
from tensorflow import keras
from tensorflow.keras import layers
X = np.arange(24.0).reshape(12, 2)
y = np.arange(12.0)

def build():
    model = keras.Sequential([layers.Dense(4, activation='relu', input_shape=(2,)), layers.Dense(1)])
    model.compile(optimizer='rmsprop', loss='mse')
    return model

k = 4
n = len(X) // k
`;
const cut = `    x_val, y_val = X[i * n:(i + 1) * n], y[i * n:(i + 1) * n]
    x_train = np.concatenate([X[:i * n], X[(i + 1) * n:]], axis=0)
    y_train = np.concatenate([y[:i * n], y[(i + 1) * n:]], axis=0)
`;

async function rowsOf(experiment: Experiment) {
  expect(experiment.unread).toEqual([]);
  const data = await loadDataset(experiment, { folders: [], bundled: '', maximumBytes: 2 ** 22, seed: 0, cancel: never });
  if (!data.ok) throw new Error(data.error.text);
  const { train, validation } = data.value;
  const first = (split: typeof train): number[][] => [...split.inputs, ...split.targets].map(({ values }) => [...values]);
  return { train: first(train), validation: validation && first(validation) };
}

const from = (start: number, end: number): number[] => Array.from({ length: end - start }, (_, i) => start + i);

describe('folds that a loop cuts by its number', () => {
  it('are read as the first of them, with the model that it trains anew', async () => {
    const unit = readUnit(`${rows}for i in range(k):
${cut}    model = build()
    model.fit(x_train, y_train, epochs=20, batch_size=3, validation_data=(x_val, y_val), verbose=0)
`);
    expect(unit.assumptions.map(({ text }) => text)).toContain('Of the 4 folds that this loop cuts the first is read');
    expect(unit.loop?.epochs?.value).toBe(20);
    const { train, validation } = await rowsOf(unit);
    expect(train).toEqual([from(6, 24), from(3, 12)]);
    expect(validation).toEqual([from(0, 6), from(0, 3)]);
  });

  it('are read so in PyTorch, where the optimizer is made in the loop', async () => {
    const unit = readUnit(`${rows}for i in range(k):
${cut}    xt, yt = torch.tensor(x_train, dtype=torch.float32), torch.tensor(y_train, dtype=torch.float32).view(-1, 1)
    net = nn.Linear(2, 1)
    opt = torch.optim.SGD(net.parameters(), lr=1e-4)
    for epoch in range(30):
        opt.zero_grad()
        nn.functional.mse_loss(net(xt), yt).backward()
        opt.step()
`);
    expect(unit.loop?.epochs?.value).toBe(30);
    expect((await rowsOf(unit)).train).toEqual([from(6, 24), from(3, 12)]);
  });

  it('are no folds where one model goes on from pass to pass', () => {
    const { experiments } = read(`${rows}model = build()
for i in range(k):
    model.fit(X[i * n:(i + 1) * n], y[i * n:(i + 1) * n], epochs=20, batch_size=3)
`);
    const texts = experiments.flatMap(({ assumptions }) => assumptions.map(({ text }) => text));
    expect(experiments).toHaveLength(1);
    expect(texts.filter((text) => text.startsWith('Of the 4 folds'))).toEqual([]);
  });
});

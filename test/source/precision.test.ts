import { expect, it } from 'vitest';
import { readUnit } from './reading';

const words = 'Numbers of 64 bits are trained in 32 bits here';
const script = (first: string, model: string): string => `
import torch
from torch import nn
${first}
x, y = torch.randn(8, 2), torch.randn(8, 1)
model = ${model}
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(3):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()
`;

it.each([
  ['torch.set_default_dtype(torch.float64)', 'nn.Linear(2, 1)', 1],
  ['torch.set_default_dtype(torch.double)', 'nn.Linear(2, 1)', 1],
  ["torch.set_default_tensor_type('torch.DoubleTensor')", 'nn.Linear(2, 1)', 1],
  ['', 'nn.Linear(2, 1).double()', 1],
  ['torch.set_default_dtype(torch.float32)', 'nn.Linear(2, 1).float()', 0],
])('%s, %s: numbers of 64 bits are said to be trained in 32', (first, model, times) => {
  const unit = readUnit(script(first, model));
  expect(unit.unread).toEqual([]);
  expect(unit.assumptions.filter(({ text }) => text === words)).toHaveLength(times);
});

it('says so of Keras too', () => {
  const unit = readUnit(`
import numpy as np
from tensorflow import keras
keras.backend.set_floatx('float64')
model = keras.Sequential([keras.layers.Dense(1, input_shape=(2,))])
model.compile('sgd', 'mse')
model.fit(np.random.rand(8, 2), np.random.rand(8, 1), epochs=2)`);
  expect(unit.assumptions.map(({ text }) => text)).toContain(words);
});

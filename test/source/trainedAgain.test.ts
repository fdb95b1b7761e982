import { describe, expect, it } from 'vitest';
import { readUnit } from './reading';

const script = (calls: string): string => `
import torch
from torch import nn
X = torch.randn(64, 4)
y = X.sum(1, keepdim=True)
model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
def train(epochs):
    for epoch in range(epochs):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(X), y)
        loss.backward()
        optimizer.step()
${calls}
`;

describe('a training that is called', () => {
  it.each([
    ['once', 'train(10)', []],
    ['twice', 'train(10)\ntrain(20)', [13]],
    ['in a loop', 'for phase in range(3):\n    train(10)', [14]],
  ])('%s says what of it is looked at', (_, calls, lines) => {
    const { loop, assumptions } = readUnit(script(calls));
    expect(loop?.epochs.value).toBe(10);
    expect(assumptions.filter(({ text }) => text.includes('looked at')).map(({ range }) => range.line)).toEqual(lines);
  });

  it('says nothing where each pass of an outer loop begins anew', () => {
    const anew =
      script('').replace(/^model = .*\noptimizer = .*\n/m, '') +
      `
for seed in range(3):
    torch.manual_seed(seed)
    model = nn.Linear(4, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    train(10)
`;
    expect(readUnit(anew).assumptions.filter(({ text }) => text.includes('looked at'))).toEqual([]);
  });
});

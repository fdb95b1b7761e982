/** A softmax as the activation of a hidden layer, in the ways that people write one. */
import { describe, expect, it } from 'vitest';
import { softmaxBetweenLayers } from '../../src/diagnosis/rules/softmaxBetweenLayers';
import { readUnit } from '../source/reading';
import { applied, evenly, evidence, trial } from './evidence';
import { findingOf, kindOf } from './settle';

function script(forward: string, layers = 'nn.Linear(10, 8), nn.Linear(8, 3)') {
  const text = `import torch
from torch import nn
import torch.nn.functional as F
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Linear(10, 8), nn.Linear(8, 3), nn.Linear(10, 8)
        self.soft, self.drop = nn.Softmax(dim=1), nn.Dropout(0.1)
        self.all = nn.Sequential(${layers})
    def forward(self, x):
        return ${forward}
x, y = torch.randn(300, 10), torch.randint(0, 3, (300,))
net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=1e-2)
for epoch in range(100):
    optimizer.zero_grad()
    loss = F.cross_entropy(net(x), y)
    loss.backward()
    optimizer.step()
`;
  const measurements = { epochLoss: evenly([1.1, 1, 0.98, 0.97, 0.96, 0.96, 0.96, 0.96]) };
  const e = evidence({ experiment: readUnit(text), texts: { '/project/train.py': text }, baseline: trial(0.96), measurements });
  return { text, e };
}

const better = { 'softmax-between-layers:fix': trial(0.1), unchanged: trial(0.96) };

describe('a softmax between two layers', () => {
  it.each([
    ['self.b(F.softmax(self.a(x), dim=1))', 'self.b(F.relu(self.a(x)))'],
    ['self.b(torch.softmax(self.a(x), -1))', 'self.b(torch.relu(self.a(x)))'],
    ['self.b(self.a(x).softmax(1))', 'self.b(self.a(x).relu())'],
    ['self.b(self.drop(F.softmax(self.a(x), 1)))', 'self.b(self.drop(F.relu(self.a(x))))'],
  ])('becomes a ReLU: %s', (before, after) => {
    const { text, e } = script(before);
    const found = findingOf(softmaxBetweenLayers, e, better);
    expect(found).toMatchObject({ severity: 'warning', fixes: [{ verified: { helped: true } }] });
    expect(applied(text, found.fixes[0]?.edits ?? [])).toBe(script(after).text);
  });

  it('becomes a ReLU as a module', () => {
    const { text, e } = script('self.all(x)', 'nn.Linear(10, 8), nn.Softmax(dim=1), nn.Linear(8, 3)');
    const found = findingOf(softmaxBetweenLayers, e, better);
    expect(applied(text, found.fixes[0]?.edits ?? [])).toBe(
      script('self.all(x)', 'nn.Linear(10, 8), nn.ReLU(), nn.Linear(8, 3)').text,
    );
  });

  it('is passed where another activation learns no better', () => {
    const worse = { 'softmax-between-layers:fix': trial(0.95), unchanged: trial(0.96) };
    expect(kindOf(softmaxBetweenLayers, script('self.b(F.softmax(self.a(x), dim=1))').e, worse)).toBe('passed');
  });

  it.each([
    ['an output', 'F.softmax(self.b(F.relu(self.a(x))), dim=1)'],
    ['a gate', 'self.b(F.softmax(self.a(x), dim=1) * self.c(x))'],
    ['a softmax that is used beside', 'self.b(F.softmax(self.a(x), dim=1) + self.a(x))'],
  ])('is not %s', (_, forward) => {
    expect(kindOf(softmaxBetweenLayers, script(forward).e)).toBe('irrelevant');
  });
});

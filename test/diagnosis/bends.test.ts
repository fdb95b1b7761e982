/** Activations between layers, as text. */
import { describe, expect, it } from 'vitest';
import { bendEdits, linearStack } from '../../src/diagnosis/bends';
import type { Evidence } from '../../src/diagnosis/rule';
import { missingActivation } from '../../src/diagnosis/rules/missingActivation';
import { softmaxAxis } from '../../src/diagnosis/rules/softmaxAxis';
import { readUnit } from '../source/reading';
import { applied, evenly, evidence, statistics, trial } from './evidence';
import { findingOf, kindOf } from './settle';

const stackOf = ({ experiment: { model } }: Evidence) => (model === null ? [] : linearStack(model));

function script(model: string, loss = 'nn.BCEWithLogitsLoss()') {
  const text = `import torch
from torch import nn
import torch.nn.functional as F
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(10, 8)
        self.drop = nn.Dropout(0.1)
        self.fc2 = nn.Linear(8, 3)
    def forward(self, x):
        return self.fc2(self.drop(self.fc1(x)))
x = torch.randn(300, 10)
y = torch.rand(300, 3)
net = ${model}
loss_fn = ${loss}
optimizer = torch.optim.SGD(net.parameters(), lr=1e-2)
for epoch in range(100):
    optimizer.zero_grad()
    loss = loss_fn(net(x), y)
    loss.backward()
    optimizer.step()
`;
  const measurements = { epochLoss: evenly([1, 0.9, 0.85, 0.82, 0.8, 0.8, 0.8, 0.8]) };
  const e = evidence({ experiment: readUnit(text), texts: { '/project/train.py': text }, baseline: trial(0.8), measurements });
  return { text, e };
}

describe('a stack of layers without an activation', () => {
  it.each([
    ['nn.Sequential(nn.Linear(10, 8), nn.Linear(8, 3))', 'nn.Sequential(nn.Linear(10, 8), nn.ReLU(), nn.Linear(8, 3))'],
    [
      'nn.Sequential(nn.Linear(10, 8), nn.BatchNorm1d(8), nn.Linear(8, 3))',
      'nn.Sequential(nn.Linear(10, 8), nn.ReLU(), nn.BatchNorm1d(8), nn.Linear(8, 3))',
    ],
  ])('gets one in %s', (before, after) => {
    const { text, e } = script(before);
    expect(applied(text, bendEdits(e, stackOf(e)))).toBe(script(after).text);
  });

  it('gets one around the call in a forward pass', () => {
    const { text, e } = script('Net()');
    expect(applied(text, bendEdits(e, stackOf(e)))).toContain('self.fc2(self.drop(torch.relu(self.fc1(x))))');
  });

  it.each([
    'nn.Linear(10, 3)',
    'nn.Sequential(nn.Linear(10, 8), nn.ReLU(), nn.Linear(8, 3))',
    'nn.Sequential(nn.Linear(10, 8), nn.LayerNorm(8), nn.Linear(8, 3))',
    'nn.Sequential(nn.Linear(10, 8), nn.Softmax(dim=1), nn.Linear(8, 3))',
  ])('is none in %s', (model) => {
    const { e } = script(model);
    expect(stackOf(e)).toEqual([]);
    expect(kindOf(missingActivation, e)).toBe('irrelevant');
  });

  it('is a fault where activations get much further, and not where they get a little further', () => {
    const { e } = script('nn.Sequential(nn.Linear(10, 8), nn.Linear(8, 3))', 'nn.MSELoss()');
    const found = findingOf(missingActivation, e, { 'missing-activation:fix': trial(0.1), unchanged: trial(0.8) });
    expect(found).toMatchObject({ severity: 'warning', range: { line: 14 } });
    expect(found.fixes[0]?.verified?.helped).toBe(true);
    const little = { 'missing-activation:fix': trial(0.7), 'missing-activation:fix+lr': trial(0.65), unchanged: trial(0.8) };
    expect(kindOf(missingActivation, e, little)).toBe('passed');
  });

  it('is told at the word of scikit-learn that leaves it out', () => {
    const text = `from sklearn.datasets import make_circles
from sklearn.neural_network import MLPClassifier
X, y = make_circles(n_samples=600, noise=0.08, random_state=4)
clf = MLPClassifier((20, 20), activation="identity", max_iter=300)
clf.fit(X, y)
`;
    const measurements = { epochLoss: evenly([0.7, 0.69, 0.69, 0.69, 0.69, 0.69, 0.69, 0.69]) };
    const e = evidence({ experiment: readUnit(text), texts: { '/project/train.py': text }, baseline: trial(0.69), measurements });
    const found = findingOf(missingActivation, e, { 'missing-activation:fix': trial(0.01), unchanged: trial(0.69) });
    expect(found.range).toMatchObject({ line: 4, column: 42, endColumn: 52 });
    expect(applied(text, found.fixes[0]?.edits ?? [])).toBe(text.replace('"identity"', "'relu'"));
  });

  it('is none where the rate alone does as much', () => {
    const { e } = script('nn.Sequential(nn.Linear(10, 8), nn.Linear(8, 3))', 'nn.MSELoss()');
    const flat = {
      ...e,
      baseline: trial(0.98),
      measurements: { epochLoss: evenly([1, 0.98, 0.98, 0.98, 0.98, 0.98, 0.98, 0.98]) },
    };
    const results = { 'missing-activation:fix': trial(0.97), 'missing-activation:fix+lr': trial(0.2), unchanged: trial(0.98) };
    expect(kindOf(missingActivation, flat, { ...results, 'lr=0.1': trial(0.2) })).toBe('passed');
    expect(kindOf(missingActivation, flat, { ...results, 'lr=0.1': trial(0.98) })).toBe('found');
  });
});

describe('the axis of the last softmax', () => {
  const told = (model: string, loss: string) => {
    const { text, e } = script(model, loss);
    return { text, e: { ...e, run: null, statistics: statistics() } };
  };
  it.each([
    ['nn.LogSoftmax(dim=0)', 'nn.LogSoftmax(dim=1)'],
    ['nn.LogSoftmax(0)', 'nn.LogSoftmax(1)'],
    ['nn.LogSoftmax(-2)', 'nn.LogSoftmax(1)'],
  ])('is the classes in place of %s', (wrong, right) => {
    const { text, e } = told(`nn.Sequential(nn.Linear(10, 3), ${wrong})`, 'nn.NLLLoss()');
    const found = findingOf(softmaxAxis, e);
    expect(applied(text, found.fixes[0]?.edits ?? [])).toBe(text.replace(wrong, right));
  });

  it.each([
    ['nn.Sequential(nn.Linear(10, 3), nn.LogSoftmax(dim=1))', 'nn.NLLLoss()', 'passed'],
    ['nn.Sequential(nn.Linear(10, 3), nn.Softmax(dim=-1))', 'nn.MSELoss()', 'passed'],
    ['nn.Sequential(nn.Linear(10, 3), nn.Softmax(dim=0), nn.Linear(3, 3))', 'nn.CrossEntropyLoss()', 'irrelevant'],
  ])('%s under %s: %s', (model, loss, kind) => {
    expect(kindOf(softmaxAxis, told(model, loss).e)).toBe(kind);
  });
});

/** A decay that a group of parameters has, or scikit-learn's penalty. */
import { describe, expect, it } from 'vitest';
import { optimizerSettings } from '../../src/diagnosis/rules/optimizerSettings';
import { readUnit } from '../source/reading';
import { applied, evenly, evidence, trial } from './evidence';
import { findingOf, kindOf } from './settle';

const high = { epochLoss: evenly([2.4, 2.3, 2.3, 2.3, 2.3, 2.3, 2.3, 2.3]) };

function fitted(alpha: string) {
  const text = `from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier
X, y = load_digits(return_X_y=True)
clf = MLPClassifier(hidden_layer_sizes=(50,)${alpha}, max_iter=100)
clf.fit(X, y)
`;
  const texts = { '/project/train.py': text };
  return { text, e: evidence({ experiment: readUnit(text), texts, measurements: high, baseline: trial(2.3, { start: 2.4 }) }) };
}

describe('a penalty that outweighs the loss', () => {
  const helps = { 'optimizer-settings:alpha': trial(0.02, { start: 2.4 }), unchanged: trial(2.3, { start: 2.4 }) };

  it("is found in scikit-learn's alpha, as it is written", () => {
    const { text, e } = fitted(', alpha=1000');
    const found = findingOf(optimizerSettings, e, helps);
    expect(found.severity).toBe('warning');
    expect(found.message).toContain('alpha = 1000 pulls');
    const mended = applied(text, found.fixes[0]?.edits ?? []);
    expect(readUnit(mended).optimizer?.groups[0]?.weightDecay?.value).toBeCloseTo(1e-4 / 200, 12);
  });

  it('is none where a usual one does no better, or where it is small', () => {
    const same = { ...helps, 'optimizer-settings:alpha': trial(2.2, { start: 2.4 }) };
    expect(kindOf(optimizerSettings, fitted(', alpha=1000').e, same)).toBe('passed');
    expect(kindOf(optimizerSettings, fitted(', alpha=0.1').e)).toBe('passed');
    expect(kindOf(optimizerSettings, fitted('').e)).toBe('passed');
  });

  it("is found in one of PyTorch's groups", () => {
    const text = `import torch
from torch import nn
net = nn.Sequential(nn.Linear(10, 16), nn.ReLU(), nn.Linear(16, 3))
x = torch.randn(300, 10)
y = torch.randint(0, 3, (300,))
groups = [{'params': net[0].parameters(), 'weight_decay': 5.0}, {'params': net[2].parameters()}]
optimizer = torch.optim.Adam(groups, lr=1e-3)
for epoch in range(100):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(net(x), y)
    loss.backward()
    optimizer.step()
`;
    const texts = { '/project/train.py': text };
    const e = evidence({ experiment: readUnit(text), texts, measurements: high, baseline: trial(2.3, { start: 2.4 }) });
    const found = findingOf(optimizerSettings, e, { ...helps, 'optimizer-settings:weight_decay': trial(0.02, { start: 2.4 }) });
    expect(found).toMatchObject({ severity: 'warning', range: { line: 6 } });
    expect(applied(text, found.fixes[0]?.edits ?? [])).toContain("'weight_decay': 0.0001");
  });
});

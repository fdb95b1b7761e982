/** Losses that a script writes as log-probabilities of its labels. */
import { describe, expect, it } from 'vitest';
import { wrongSign } from '../../src/diagnosis/rules/wrongSign';
import { readUnit } from '../source/reading';
import { applied, unrun } from './evidence';
import { findingOf, kindOf } from './settle';

function script(loss: string, more = '') {
  const text = `import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import load_iris
X, labels = load_iris(return_X_y=True)
X = torch.tensor(X, dtype=torch.float32)
y = torch.tensor(labels)
rewards = torch.rand(150)
net = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3), nn.LogSoftmax(dim=1))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01${more})
for epoch in range(100):
    logp = net(X)
    loss = ${loss}
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
`;
  return { text, e: unrun({ experiment: readUnit(text), texts: { '/project/train.py': text } }) };
}

describe('wrong-sign', () => {
  it.each([
    'logp[torch.arange(150), y].mean()',
    'torch.mean(logp[torch.arange(150), y])',
    'logp.gather(1, y.unsqueeze(1)).sum()',
    '(logp * F.one_hot(y, 3)).sum(1).mean()',
  ])('finds the likelihood %s that is made small', (loss) => {
    const { text, e } = script(loss);
    const found = findingOf(wrongSign, e);
    expect(found).toMatchObject({ severity: 'error', range: { line: 13 } });
    expect(applied(text, found.fixes[0]?.edits ?? [])).toBe(script(`-${loss}`).text);
  });

  it('says nothing of one that the optimizer makes large', () => {
    expect(kindOf(wrongSign, script('logp[torch.arange(150), y].mean()', ', maximize=True').e)).not.toBe('found');
  });

  it.each([
    ['-logp[torch.arange(150), y].mean()', ''],
    ['(logp[torch.arange(150), y] * rewards).mean()', ''],
    ['F.nll_loss(logp, y)', ''],
  ])('passes %s%s', (loss, more) => {
    expect(kindOf(wrongSign, script(loss, more).e)).toBe('passed');
  });
});

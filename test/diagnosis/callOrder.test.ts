/** Where `zero_grad()` stands among backward and step, going round the loop. */
import { describe, expect, it } from 'vitest';
import { missingZeroGrad } from '../../src/diagnosis/rules/missingZeroGrad';
import { zeroGradMisplaced } from '../../src/diagnosis/rules/zeroGradMisplaced';
import { readUnit } from '../source/reading';
import { applied, unrun } from './evidence';
import { findingOf, kindOf } from './settle';

const loss = 'loss = nn.functional.mse_loss(net(x), y)';

function script(...calls: string[]) {
  const text = `import torch
from torch import nn
net = nn.Sequential(nn.Linear(1, 20), nn.Tanh(), nn.Linear(20, 1))
x = torch.randn(64, 1)
y = torch.randn(64, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=1e-2)
for epoch in range(100):
${calls.map((call) => `    ${call}\n`).join('')}`;
  return { text, e: unrun({ experiment: readUnit(text), texts: { '/project/train.py': text } }) };
}

describe('zero-grad-misplaced', () => {
  it.each([
    ['between the two', loss, 'loss.backward()', 'optimizer.zero_grad()', 'optimizer.step()'],
    ['of the module, between the two', loss, 'loss.backward()', 'net.zero_grad()', 'optimizer.step()'],
    ['with the step before the pass', 'optimizer.zero_grad()', 'optimizer.step()', loss, 'loss.backward()'],
  ])('finds the call %s', (_, ...calls) => {
    const { text, e } = script(...calls);
    const found = findingOf(zeroGradMisplaced, e);
    const line = 8 + calls.findIndex((call) => call.endsWith('zero_grad()'));
    expect(found).toMatchObject({ severity: 'error', range: { line } });
    expect(kindOf(missingZeroGrad, e)).toBe('passed');
    const mended = applied(text, found.fixes[0]?.edits ?? []);
    expect(kindOf(zeroGradMisplaced, unrun({ experiment: readUnit(mended), texts: { '/project/train.py': mended } }))).toBe(
      'passed',
    );
  });

  it.each([
    ['before the forward pass', 'optimizer.zero_grad()', loss, 'loss.backward()', 'optimizer.step()'],
    ['before backward', loss, 'optimizer.zero_grad()', 'loss.backward()', 'optimizer.step()'],
    ['after the step', loss, 'loss.backward()', 'optimizer.step()', 'optimizer.zero_grad()'],
    ['between a step and a later backward', 'optimizer.step()', 'optimizer.zero_grad()', loss, 'loss.backward()'],
    ['of one layer alone', loss, 'loss.backward()', 'net[0].zero_grad()', 'optimizer.step()', 'optimizer.zero_grad()'],
    ['now and then', loss, 'loss.backward()', 'if epoch % 10 == 0: optimizer.zero_grad()', 'optimizer.step()'],
  ])('passes a call %s', (_, ...calls) => {
    expect(kindOf(zeroGradMisplaced, script(...calls).e)).toBe('passed');
  });
});

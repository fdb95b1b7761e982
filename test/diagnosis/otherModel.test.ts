/** An optimizer that holds the parameters of another model than the loss depends on. */
import { describe, expect, it } from 'vitest';
import { parametersNotOptimized } from '../../src/diagnosis/rules/parametersNotOptimized';
import { readUnit } from '../source/reading';
import { unrun } from './evidence';
import { findingOf, kindOf } from './settle';

const script = (trained: string, again = ''): string => `import torch
import torch.nn as nn
old = nn.Linear(10, 3)
net = nn.Sequential(nn.Linear(10, 8), nn.ReLU(), nn.Linear(8, 3))
x = torch.randn(300, 10)
y = torch.randint(0, 3, (300,))
optimizer = torch.optim.SGD(${trained}.parameters(), lr=0.1)
${again}for epoch in range(100):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(net(x), y)
    loss.backward()
    optimizer.step()
`;
const evidenceOf = (text: string) => unrun({ experiment: readUnit(text), texts: { '/project/train.py': text } });

describe('an optimizer of another model', () => {
  it.each([
    ['another variable', script('old')],
    ['a model made anew', script('net', 'net = nn.Sequential(nn.Linear(10, 8), nn.ReLU(), nn.Linear(8, 3))\n')],
  ])('is an error at its argument: %s', (_, text) => {
    const found = findingOf(parametersNotOptimized, evidenceOf(text));
    expect(found).toMatchObject({ severity: 'error', range: { line: 7 } });
    expect(found.message).toContain('None of the 4 parameter tensors that the loss depends on is given to the optimizer');
  });

  it('is none where they are the same', () => {
    expect(kindOf(parametersNotOptimized, evidenceOf(script('net')))).toBe('passed');
  });
});

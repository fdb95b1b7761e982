import { describe, expect, it } from 'vitest';
import { readUnit, shapeOfModel } from './reading';

const script = (made: string) => `import torch
from torch import nn
x, y = torch.randn(60, 8), torch.randint(0, 30, (60,))
body = nn.Linear(8, 16)
criterion = nn.AdaptiveLogSoftmaxWithLoss(${made})
opt = torch.optim.SGD([*body.parameters(), *criterion.parameters()], lr=0.1)
for step in range(20):
    output, loss = criterion(torch.relu(body(x)), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
`;

describe('a softmax with clusters of classes', () => {
  it('has a head with a place for each cluster, and two layers behind each', () => {
    const unit = readUnit(script('16, 30, [10, 20], div_value=2.0, head_bias=True'));
    expect(unit.unread).toEqual([]);
    expect(unit.model?.parameters.map(({ shape }) => shape.join('x'))).toEqual([
      '16x8',
      '16',
      '12x16',
      '12',
      '8x16',
      '10x8',
      '4x16',
      '10x4',
    ]);
    expect(shapeOfModel(unit)).toMatch(/^input linear\(0\) relu\(1\) linear\(2\) logSoftmax\(3\).* nll\(/);
  });

  it('divides by four, and has no bias, unless it is told to', () => {
    const unit = readUnit(script('16, 30, (10,)'));
    expect(unit.model?.parameters.slice(2).map(({ shape }) => shape.join('x'))).toEqual(['11x16', '4x16', '20x4']);
  });

  it.each(['16, 30, [20, 10]', '16, 30, [10, 30]', '16, 30, []'])('refuses %s', (made) => {
    const { unread } = readUnit(script(made).replace(', *criterion.parameters()', ''));
    expect(unread.map(({ text }) => text).join('\n')).toContain('cutoffs');
  });
});

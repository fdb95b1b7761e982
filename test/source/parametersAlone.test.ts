import { describe, expect, test } from 'vitest';
import { readUnit } from './reading';

const trained = (loss: string): string => `
import torch
w = torch.tensor([3.0, -2.0], requires_grad=True)
v = torch.tensor(1.0, requires_grad=True)
opt = torch.optim.SGD([w, v], lr=0.09)
for step in range(100):
    loss = ${loss}
    opt.zero_grad()
    loss.backward()
    opt.step()
`;

describe('a loss of the parameters alone', () => {
  test.each(['10 * w[0] ** 2 + 0.5 * w[1] ** 2 + v ** 4', '(1 - v) ** 2 + 100 * (w.sum() - v ** 2) ** 2'])('%s', (loss) => {
    const unit = readUnit(trained(loss));
    expect(unit.unread).toEqual([]);
    expect(unit.model?.nodes.some(({ kind }) => kind === 'input' || kind === 'target')).toBe(false);
    expect(unit.data.steps.map((step) => [step.kind, step.arguments])).toEqual([['filled', { shape: [1, 1], value: 0 }]]);
    expect(unit.batches?.sampling).toBe('full');
  });

  test('is none where a part of it was not read, and where numbers are drawn they stay rows', () => {
    const drawn = readUnit(trained('((w * torch.randn(2)) ** 2).sum() + v ** 2'));
    expect(drawn.data.steps.map(({ kind }) => kind)).toEqual(['randomNormal']);
    expect(readUnit(trained('((w - unknown()) ** 2).sum() + v ** 2')).unread).not.toEqual([]);
  });
});

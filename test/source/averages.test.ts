import { describe, expect, test } from 'vitest';
import { readUnit } from './reading';

const script = (made: string, step: string, evaluate = 'average'): string => `
import torch
import torch.nn as nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, update_bn
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
x, y, vx, vy = torch.randn(64, 4), torch.randn(64, 2), torch.randn(32, 4), torch.randn(32, 2)
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=8, shuffle=True)
average = ${made}
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(5):
    model.train()
    for i, (a, b) in enumerate(loader):
        optimizer.zero_grad()
        loss = criterion(model(a), b)
        loss.backward()
        optimizer.step()
${step}
    average.eval()
    with torch.no_grad():
        print(criterion(${evaluate}(vx), vy))
`;

describe('an average of the weights beside the training is read', () => {
  test.each([
    ['AveragedModel(model)', '        average.update_parameters(model)', { decay: null, per: 'step', every: 1, evaluated: true }],
    [
      'AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.9))',
      '        average.update_parameters(model)',
      { decay: { value: 0.9 }, per: 'step', every: 1 },
    ],
    [
      'AveragedModel(model, avg_fn=lambda old, new, n: 0.8 * old + 0.2 * new)',
      '        if i % 4 == 0:\n            average.update_parameters(model)',
      { decay: { value: 0.8 }, per: 'step', every: 4 },
    ],
    ['AveragedModel(model)', '    average.update_parameters(model)', { decay: null, per: 'epoch', every: 1 }],
  ])('%s', (made, step, expected) => {
    const unit = readUnit(script(made, step));
    expect(unit.unread).toEqual([]);
    expect(unit.loop?.averaging).toMatchObject(expected);
    expect(unit.loop?.evaluation).toMatchObject({ evalMode: true, noGrad: true, per: 'epoch' });
  });

  test('and that the evaluation takes the weights themselves', () => {
    const unit = readUnit(script('AveragedModel(model)', '        average.update_parameters(model)', 'model'));
    expect(unit.loop?.averaging).toMatchObject({ evaluated: false });
  });

  test('one that begins at a time that is not known is told, and not followed', () => {
    const unit = readUnit(script('AveragedModel(model)', '        if loss < 0.1:\n            average.update_parameters(model)'));
    expect(unit.loop?.averaging).toBeUndefined();
    expect(unit.assumptions.map(({ text }) => text).join()).toMatch(/When this average begins could not be read/);
  });
});

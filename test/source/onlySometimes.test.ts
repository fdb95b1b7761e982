import { describe, expect, it } from 'vitest';
import { read } from './reading';

const head = `import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset
loader = DataLoader(TensorDataset(torch.randn(640, 4), torch.randn(640, 1)), batch_size=32, shuffle=True)
model = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1))
opt = torch.optim.SGD(model.parameters(), lr=0.1)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.9)
`;
const batches = `    for i, (x, y) in enumerate(loader):
        loss = nn.functional.mse_loss(model(x), y)
        opt.zero_grad()
        loss.backward()
`;
const unreadOf = (body: string): readonly string[] =>
  read(head + body).experiments.flatMap(({ unread }) => unread.map(({ text }) => text));

describe('what only some passes of the training do', () => {
  const schedule = 'A schedule that is stepped only sometimes is not followed';
  const clipping = 'Clipping that is done only sometimes is not followed';

  it.each([
    ['a schedule from an epoch on', `${batches}        opt.step()\n    if epoch > 10:\n        sched.step()\n`, schedule],
    [
      'a schedule every few epochs',
      `${batches}        opt.step()\n    if (epoch + 1) % 5 == 0:\n        sched.step()\n`,
      schedule,
    ],
    [
      'clipping from an epoch on',
      `${batches}        if epoch > 5:\n            nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n        opt.step()\n    sched.step()\n`,
      clipping,
    ],
  ])('is told: %s', (_, body, reason) => {
    expect(unreadOf(`for epoch in range(20):\n${body}`)).toEqual([reason]);
  });

  it('is told of parameters that are thawed in an epoch', () => {
    const body = `for p in model[0].parameters():
    p.requires_grad = False
for epoch in range(20):
    if epoch == 5:
        for p in model[0].parameters():
            p.requires_grad = True
${batches}        opt.step()
    sched.step()
`;
    expect(unreadOf(body)).toEqual(['Parameters that are frozen or thawed during training are not followed']);
  });

  it('is told of both optimizers when one takes the place of the other', () => {
    const body = `for epoch in range(20):
    if epoch == 10:
        opt = torch.optim.SGD(model.parameters(), lr=0.01)
${batches}        opt.step()
`;
    const replaced = 'An optimizer that takes the place of another one during training is not followed';
    expect(unreadOf(body).filter((text) => text === replaced)).toHaveLength(2);
  });

  it('is nothing where the step stands under the same condition', () => {
    const body = `for epoch in range(20):
${batches}        if (i + 1) % 4 == 0:
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()
            sched.step()
`;
    expect(unreadOf(body)).toEqual([]);
  });
});

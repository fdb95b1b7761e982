import { describe, expect, it } from 'vitest';
import { readUnit, read, textAt } from './reading';

const head = `import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset
x, y = torch.randn(100, 4), torch.randn(100, 1)
loader = DataLoader(TensorDataset(x, y), batch_size=10)
net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
`;

/** A training with lines before the forward pass, after the step, and after the epoch. */
const script = (before: string, after: string, atEnd = ''): string => `${head}for epoch in range(3):
    for xb, yb in loader:
        ${before || 'pass'}
        opt.zero_grad()
        loss = F.mse_loss(net(xb), yb)
        loss.backward()
        opt.step()
        ${after || 'pass'}
    ${atEnd || 'pass'}
`;

const clamped = 'for p in net.parameters():\n            p.data.clamp_(-0.01, 0.01)';

describe('weights that the script cuts off', () => {
  it.each([
    ['after each step', '', clamped, 'afterStep', -0.01, 0.01, [0, 1, 2, 3]],
    ['before each forward pass', clamped, '', 'beforeStep', -0.01, 0.01, [0, 1, 2, 3]],
    ['below, of one layer', '', 'with torch.no_grad():\n            net[0].weight.clamp_(min=0)', 'afterStep', 0, null, [0]],
    ['by giving them again', '', 'net[2].bias.data = net[2].bias.data.clamp(-1, 2)', 'afterStep', -1, 2, [3]],
  ] as const)('%s', (_, before, after, when, low, high, parameters) => {
    const text = script(before, after);
    const unit = readUnit(text);
    expect(unit.unread).toEqual([]);
    const [bounds, ...others] = unit.loop?.bounds ?? [];
    expect(others).toEqual([]);
    expect(bounds).toMatchObject({ when, parameters });
    expect([bounds?.low?.value ?? null, bounds?.high?.value ?? null]).toEqual([low, high]);
    expect(textAt(text, bounds?.range)).toMatch(/clamp|bias\.data/);
  });

  it.each([
    ['once an epoch', script('', '', 'net[0].weight.data.clamp_(-1, 1)')],
    ['under a condition', script('', 'if loss < 1:\n            net[0].weight.data.clamp_(-1, 1)')],
    ['between numbers that are not known', script('', 'net[0].weight.data.clamp_(-loss.item(), 1)')],
    ['before the training', script('', '').replace('opt =', 'net[0].weight.data.clamp_(-0.1, 0.1)\nopt =')],
  ])('are unread where that happens %s', (_, text) => {
    expect(readUnit(text).unread).toHaveLength(1);
    expect(readUnit(text).loop?.bounds).toBeUndefined();
  });

  it('are those of the partner whose turn it is', () => {
    const { experiments } = read(`${head}critic = nn.Linear(1, 1)
opt_c = torch.optim.RMSprop(critic.parameters(), lr=5e-5)
for epoch in range(3):
    for xb, yb in loader:
        opt_c.zero_grad()
        (critic(net(xb).detach()).mean() - critic(yb).mean()).backward()
        opt_c.step()
        for p in critic.parameters():
            p.data.clamp_(-0.01, 0.01)
        opt.zero_grad()
        (-critic(net(xb)).mean()).backward()
        opt.step()
`);
    expect(experiments.map(({ unread }) => unread)).toEqual([[], []]);
    const [own, critic] = experiments;
    expect(own?.loop?.bounds).toBeUndefined();
    expect(own?.partners?.[0]?.loop.bounds).toMatchObject([{ when: 'afterStep', parameters: [4, 5] }]);
    expect(critic?.loop?.bounds?.[0]?.parameters).toHaveLength(2);
  });

  it('are no first values of a parameter that gets others in the loop', () => {
    const text = script('', 'net[0].bias.data = net[2].bias.data');
    expect(readUnit(text).unread.map(({ text: why }) => why)).toEqual(['The values given to this parameter could not be read']);
  });
});

describe('an average of the weights that a class of the script keeps', () => {
  const average = `class EMA:
    def __init__(self, model, decay):
        self.model, self.decay = model, decay
        self.shadow = {name: p.data.clone() for name, p in model.named_parameters()}
        self.backup = {}
    def update(self):
        for name, p in self.model.named_parameters():
            self.shadow[name] = self.decay * self.shadow[name] + (1 - self.decay) * p.data
    def apply(self):
        for name, p in self.model.named_parameters():
            self.backup[name] = p.data
            p.data = self.shadow[name]
    def restore(self):
        for name, p in self.model.named_parameters():
            p.data = self.backup[name]
ema = EMA(net, 0.99)
`;
  const text = (atEnd: string): string => script('', 'ema.update()', atEnd).replace('for epoch', `${average}for epoch`);

  it('leaves the training as it is where it is put in for the evaluation alone', () => {
    const unit = readUnit(text('ema.apply()\n    F.mse_loss(net(x), y)\n    ema.restore()'));
    expect(unit.unread).toEqual([]);
    expect(unit.assumptions.map(({ text: said }) => said)).toContain(
      'Other weights that the script evaluates in between, such as their average, are not evaluated',
    );
    expect(unit.model?.parameters.every(({ isDefault }) => isDefault)).toBe(true);
  });

  it('is not read where the training goes on with it, or with weights of an earlier step', () => {
    expect(readUnit(text('ema.apply()')).unread).not.toEqual([]);
    const back = script(
      'kept = [p.data.clone() for p in net.parameters()]',
      'for p, q in zip(net.parameters(), kept):\n            p.data.copy_(q)',
    );
    expect(readUnit(back).unread).not.toEqual([]);
  });
});

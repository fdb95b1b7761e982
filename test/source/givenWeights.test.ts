import { describe, expect, it } from 'vitest';
import type { Initializer } from '../../src/records/model/initializer';
import { readUnit } from './reading';

const script = (layer: string, changes: readonly string[], inLoop = ''): string => `import torch
from torch import nn
x, y = torch.randn(60, 6, 8), torch.randn(60, 6, 8)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = ${layer}
        self.head = nn.Linear(8, 8)
${changes.flatMap((change) => change.split('\n').map((line) => `        ${line}\n`)).join('')}
    def start(self, m):
        if isinstance(m, nn.Linear):
            nn.init.zeros_(m.weight)
    def forward(self, x):
        unused = sum((p ** 2).sum() for p in self.layer.parameters())
        return self.head(x) + 0 * unused
net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for step in range(20):
    loss = nn.functional.mse_loss(net(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
${inLoop}`;

/** The first values of a layer's parameters after changes, by their names in the layer. */
function firstValues(layer: string, ...changes: readonly string[]): Readonly<Record<string, Initializer>> {
  const unit = readUnit(script(layer, changes));
  expect(unit.unread).toEqual([]);
  return Object.fromEntries(
    (unit.model?.parameters ?? [])
      .filter(({ name }) => name.startsWith('layer.'))
      .map(({ name, initializer }) => [name.slice(6), initializer]),
  );
}

const linear = 'nn.Linear(8, 16)';

describe('weights that a script changes before it trains', () => {
  it.each([
    ['self.layer.weight.data *= 0.5', 'varianceScaling', { scale: 1 / 12, distribution: 'uniform', mode: 'fanIn' }],
    ['with torch.no_grad():\n    self.layer.weight /= 2', 'varianceScaling', { scale: 1 / 12 }],
    ['nn.init.normal_(self.layer.weight, 1, 2)\nself.layer.weight.data.mul_(-3)', 'normal', { mean: -3, deviation: 6 }],
    ['nn.init.trunc_normal_(self.layer.weight)\nself.layer.weight.data.div_(-2)', 'truncatedNormal', { low: -1, high: 1 }],
    ['nn.init.xavier_normal_(self.layer.weight)\nself.layer.weight.data *= 0.1', 'xavierNormal', { gain: 0.1 }],
    ['nn.init.orthogonal_(self.layer.weight)\nself.layer.weight.data *= 2', 'orthogonal', { gain: 2 }],
    ['self.layer.weight.data = torch.randn(16, 8) * 0.1', 'normal', { mean: 0, deviation: 0.1 }],
    ['self.layer.weight.data = torch.rand(self.layer.weight.shape) - 0.5', 'uniform', { low: -0.5, high: 0.5 }],
    ['self.layer.weight.data.copy_(torch.randn_like(self.layer.weight) * 0.03)', 'normal', { deviation: 0.03 }],
  ])('%s', (change, kind, numbers) => {
    const { weight } = firstValues(linear, change);
    expect(weight).toMatchObject({ kind, ...numbers });
  });

  it('scale a bias of their layer’s own spread too', () => {
    expect(firstValues(linear, 'self.layer.bias.data.mul_(0.2)')['bias']).toMatchObject({ kind: 'biasUniform', factor: 0.2 });
  });

  it('are told as not read where what they become is not known', () => {
    const { unread } = readUnit(script(linear, ['nn.init.eye_(self.layer.weight)\nself.layer.weight.data *= 0.5']));
    expect(unread.map(({ text }) => text).join()).toMatch(/values given to this parameter could not be read/);
  });

  it('are told as not read where the training itself scales them', () => {
    const { unread } = readUnit(script(linear, [], '    net.layer.weight.data.mul_(0.99)\n'));
    expect(unread.map(({ text }) => text).join()).toMatch(/values given to this parameter could not be read/);
  });
});

describe('rows of a weight that a script fills', () => {
  it.each([
    'self.layer.weight.data[3].zero_()',
    'self.layer.weight.data[3] = 0',
    'with torch.no_grad():\n    self.layer.weight[-17].fill_(0)',
  ])('%s', (change) => {
    const { weight } = firstValues('nn.Embedding(20, 8)', 'nn.init.uniform_(self.layer.weight)', change);
    expect(weight).toMatchObject({ kind: 'uniform', filled: [{ from: 3, to: 4, value: 0 }] });
  });

  it('keeps those filled before', () => {
    const { weight } = firstValues('nn.Embedding(20, 8, padding_idx=1)', 'self.layer.weight.data[3:5] = 2.0');
    expect(weight?.filled).toEqual([
      { from: 1, to: 2, value: 0 },
      { from: 3, to: 5, value: 2 },
    ]);
  });

  it.each([
    "for names in self.layer._all_weights:\n    for name in filter(lambda n: 'bias' in n, names):\n        bias = getattr(self.layer, name)\n        n = bias.size(0)\n        bias.data[n // 4:n // 2].fill_(1.0)",
    'for group in self.layer.all_weights:\n    for p in group[2:]:\n        p.data[4:8] = 1.0',
  ])('opens the forget gates of an LSTM: %s', (change) => {
    const made = firstValues('nn.LSTM(8, 4, bidirectional=True)', change);
    const filled = Object.entries(made).flatMap(([name, { filled }]) => (filled ? [[name, filled]] : []));
    const gate = [{ from: 4, to: 8, value: 1 }];
    expect(filled).toEqual([
      ['bias_ih_l0', gate],
      ['bias_hh_l0', gate],
      ['bias_ih_l0_reverse', gate],
      ['bias_hh_l0_reverse', gate],
    ]);
  });
});

describe('`apply` of a function that initialises', () => {
  it.each([
    ['nn.MultiheadAttention(8, 2)', ['out_proj.weight']],
    ['nn.TransformerEncoderLayer(8, 2, 16)', ['self_attn.out_proj.weight', 'linear1.weight', 'linear2.weight']],
  ])('finds the layers within %s', (layer, names) => {
    const made = firstValues(layer, 'self.layer.apply(self.start)');
    const zero = Object.entries(made).flatMap(([name, { kind }]) =>
      kind === 'constant' && name.endsWith('weight') ? [name] : [],
    );
    expect(zero.filter((name) => !name.includes('norm'))).toEqual(names);
  });
});

import { describe, expect, it } from 'vitest';
import { read, readUnit, shapeOfModel, textAt } from './reading';

const head = `import math
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.optim import lr_scheduler
x, y = torch.randn(100, 4), torch.randint(0, 3, (100,))
`;

const training = `opt = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(6):
    opt.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    opt.step()
`;

describe('initialisation', () => {
  it.each([
    ['nn.init.xavier_uniform_(m.weight)', { kind: 'xavierUniform', gain: 1 }],
    ["nn.init.xavier_normal_(m.weight, gain=nn.init.calculate_gain('relu'))", { kind: 'xavierNormal', gain: Math.SQRT2 }],
    [
      "nn.init.kaiming_uniform_(m.weight, mode='fan_out')",
      { kind: 'kaimingUniform', slope: 0, mode: 'fanOut', nonlinearity: 'leaky_relu' },
    ],
    ['nn.init.normal_(m.weight, 0.0, 0.02)', { kind: 'normal', mean: 0, deviation: 0.02 }],
    ['nn.init.uniform_(m.weight, -0.1, 0.1)', { kind: 'uniform', low: -0.1, high: 0.1 }],
    ['nn.init.zeros_(m.weight)', { kind: 'constant', value: 0 }],
    ['nn.init.constant_(m.weight, 0.5)', { kind: 'constant', value: 0.5 }],
    ['nn.init.orthogonal_(m.weight)', { kind: 'orthogonal', gain: 1 }],
    ['m.weight.data.normal_(0, 1 / math.sqrt(4))', { kind: 'normal', mean: 0, deviation: 0.5 }],
    ['m.weight.data.uniform_(-1, 1)', { kind: 'uniform', low: -1, high: 1 }],
    ['m.weight.data.fill_(0.1)', { kind: 'constant', value: 0.1 }],
    ['torch.nn.init.trunc_normal_(m.weight, std=0.02)', { kind: 'truncatedNormal', mean: 0, deviation: 0.02, low: -2, high: 2 }],
  ])('%s', (call, initializer) => {
    const text = `${head}def init(m):
    if type(m) == nn.Linear:
        ${call}
model = nn.Sequential(nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 3))
model.apply(init)
${training}`;
    const parameter = readUnit(text).model?.parameters[0];
    expect(parameter?.initializer).toEqual(initializer);
    expect(parameter?.isDefault).toBe(false);
    expect(textAt(text, parameter?.range)).toBe(call);
  });
});

describe('schedules', () => {
  it.each([
    ['lr_scheduler.StepLR(opt, 30)', { kind: 'step', stepSize: 30, gamma: 0.1 }],
    ['lr_scheduler.MultiStepLR(opt, [2, 4], gamma=0.5)', { kind: 'multiStep', milestones: [2, 4], gamma: 0.5 }],
    ['lr_scheduler.ExponentialLR(opt, 0.9)', { kind: 'exponential', gamma: 0.9 }],
    ['lr_scheduler.CosineAnnealingLR(opt, T_max=6)', { kind: 'cosine', period: 6, minimum: 0 }],
    ['lr_scheduler.CosineAnnealingWarmRestarts(opt, 2, 2)', { kind: 'cosineWarmRestarts', period: 2, factor: 2, minimum: 0 }],
    [
      'lr_scheduler.LinearLR(opt, start_factor=0.5, total_iters=4)',
      { kind: 'linear', startFactor: 0.5, endFactor: 1, length: 4 },
    ],
    [
      'lr_scheduler.ReduceLROnPlateau(opt)',
      { kind: 'reduceOnPlateau', factor: 0.1, patience: 10, threshold: 1e-4, minimum: 0, of: 'validation' },
    ],
  ])('%s', (call, rule) => {
    const text = `${head}model = nn.Linear(4, 3)\n${training.replace('for epoch', `sched = ${call}\nfor epoch`)}    sched.step()\n`;
    const [schedule] = readUnit(text).schedules;
    expect(schedule?.rule).toEqual(rule);
    expect(textAt(text, schedule?.stepCall)).toBe('sched.step()');
  });

  it('evaluates lambdas and rates set by hand', () => {
    const lambda = `${head}model = nn.Linear(4, 3)\n${training.replace('for epoch', 'sched = lr_scheduler.LambdaLR(opt, lambda e: min(1, (e + 1) / 4))\nfor epoch')}    sched.step()\n`;
    const rule = readUnit(lambda).schedules[0]?.rule;
    expect(rule?.kind === 'table' && rule.factors).toEqual([0.25, 0.5, 0.75, 1]);

    const byHand = `${head}model = nn.Linear(4, 3)
def adjust(optimizer, epoch, base=0.1):
    lr = base * (0.1 ** (epoch // 2))
    for group in optimizer.param_groups:
        group['lr'] = lr
${training.replace('    opt.zero_grad()', '    adjust(opt, epoch)\n    opt.zero_grad()')}`;
    const table = readUnit(byHand).schedules[0]?.rule;
    if (table?.kind !== 'table') throw new Error('no table');
    [1, 1, 0.1, 0.1, 0.01, 0.01].forEach((factor, i) => expect(table.factors[i]).toBeCloseTo(factor, 12));

    const decayed = `${head}model = nn.Linear(4, 3)\n${training}    if epoch % 2 == 1:\n        opt.param_groups[0]['lr'] *= 0.5\n`;
    const late = readUnit(decayed).schedules[0]?.rule;
    expect(late?.kind === 'table' && late.factors).toEqual([1, 1, 0.5, 0.5, 0.25, 0.25]);
  });

  it('does not guess a rate that depends on the loss', () => {
    const text = `${head}model = nn.Linear(4, 3)\n${training}    if loss.item() < 0.5:\n        opt.param_groups[0]['lr'] = 0.01\n`;
    const unit = readUnit(text);
    expect(unit.schedules).toEqual([]);
    expect(unit.unread.map((r) => r.range.line)).toEqual([16]);
  });
});

describe('several units', () => {
  it('reads each with its own name, rate and edit place', () => {
    const text = `${head}LR = 0.1
a, b = nn.Linear(4, 3), nn.Linear(4, 3)
opt_a = torch.optim.SGD(a.parameters(), lr=LR)
opt_b = torch.optim.Adam(b.parameters(), lr=LR)
for net, opt in [(a, opt_a), (b, opt_b)]:
    for epoch in range(3):
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
`;
    const { experiments } = read(text);
    expect(experiments.map((e) => [e.unit.name, e.optimizer?.kind, e.unread.length])).toEqual([
      ['opt_a', 'sgd', 0],
      ['opt_b', 'adam', 0],
    ]);
    for (const { optimizer } of experiments) {
      expect(textAt(text, optimizer?.learningRate.place)).toBe('0.1');
      expect(textAt(text, optimizer?.learningRate.callArgument)).toBe('LR');
    }
  });

  it('keeps a sweep as a set', () => {
    const text = `${head}for lr in [0.1, 0.01, 0.001]:
    model = nn.Linear(4, 3)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for epoch in range(3):
        loss = F.cross_entropy(model(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
`;
    const rate = readUnit(text).optimizer?.learningRate;
    expect(rate).toMatchObject({ value: 0.1, sweep: [0.1, 0.01, 0.001] });
    expect(textAt(text, rate?.place)).toBe('0.1');
  });

  it('finds the parameters that an optimizer is not given', () => {
    const text = `${head}body, top = nn.Linear(4, 4), nn.Linear(4, 3)
opt = torch.optim.SGD([{'params': top.parameters(), 'lr': 0.01}, {'params': [body.bias]}], lr=0.1)
for epoch in range(3):
    loss = F.cross_entropy(top(body(x).relu()), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
`;
    const unit = readUnit(text);
    expect(unit.model?.parameters.map((p) => p.name)).toEqual(['body.weight', 'body.bias', 'top.weight', 'top.bias']);
    expect(unit.optimizer?.groups).toMatchObject([{ parameters: [2, 3], learningRate: { value: 0.01 } }, { parameters: [1] }]);
    expect(textAt(text, unit.optimizer?.groups[0]?.learningRate?.place)).toBe('0.01');
  });
});

describe('other files of the project', () => {
  it('reads models and settings from them, with places there', () => {
    const files = {
      '/project/models/net.py':
        'import torch.nn as nn\n\nclass Net(nn.Module):\n    def __init__(self, n):\n        super().__init__()\n        self.fc = nn.Linear(4, n)\n    def forward(self, x):\n        return self.fc(x)\n',
      '/project/models/__init__.py': 'from .net import Net\n',
      '/project/config.py': 'LR = 0.3\nclass Settings:\n    classes = 3\n',
    };
    const text = `${head}from models import Net
import config as cfg
model = Net(cfg.Settings.classes)
${training.replace('lr=0.1', 'lr=cfg.LR')}`;
    const unit = readUnit(text, files);
    expect(shapeOfModel(unit)).toBe('input linear(0) | target crossEntropy(1,2)');
    expect(unit.optimizer?.learningRate.place).toMatchObject({ path: '/project/config.py', line: 1, column: 6 });
    expect([...unit.files].sort()).toEqual([
      '/project/config.py',
      '/project/models/__init__.py',
      '/project/models/net.py',
      '/project/train.py',
    ]);
  });

  it('ends on imports in a circle', () => {
    const files = {
      '/project/a.py': 'import b\nfrom b import y\nx = 1\n',
      '/project/b.py': 'import a\nfrom a import x\ny = 2\n',
    };
    expect(read('import a\nprint(a.x)\n', files).bounded).toBe(false);
  });
});

describe('what cannot be read', () => {
  it.each([
    [
      'an unknown layer',
      'model = nn.Sequential(nn.Linear(4, 4), nn.Wobble1d(2, 4))',
      'nn.Wobble1d(2, 4)',
      '`torch.nn.Wobble1d` is not known to this reader',
    ],
    [
      'an unknown operation',
      'class M(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.l = nn.Linear(4, 3)\n    def forward(self, v):\n        return torch.fft.fft(self.l(v))\nmodel = M()',
      'torch.fft.fft(self.l(v))',
      '`torch.fft.fft` is not an operation this reader can train through',
    ],
    [
      'an import that is not there',
      'from somewhere import make\nmodel = make()',
      'make()',
      '`somewhere.make` is not known to this reader',
    ],
  ])('%s is named at its place', (_name, model, place, reason) => {
    const text = `${head}${model}\n${training}`;
    const unit = readUnit(text);
    expect(unit.unread[0]?.text).toBe(reason);
    expect(textAt(text, unit.unread[0]?.range)).toBe(place);
    expect(unit.optimizer?.learningRate.value).toBe(0.1);
    expect(unit.loop).toMatchObject({ epochs: { value: 6 }, zeroGrad: { when: 'everyStep' } });
    expect(unit.model?.loss ?? null).toBeNull();
  });

  it('does not take rows of other batches for the whole data', () => {
    const text = `${head}batches = [(x[:50], y[:50]), (x[50:], y[50:])]
model = nn.Linear(4, 3)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(6):
    for xb, yb in batches:
        opt.zero_grad()
        F.cross_entropy(model(xb), yb).backward()
        opt.step()
`;
    expect(readUnit(text).unread.map((r) => r.text)).toContain('Batches that are kept in a list are not read');
  });
});

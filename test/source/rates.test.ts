import { describe, expect, it } from 'vitest';
import { RateSchedule } from '../../src/engine/schedules/rates';
import type { Experiment } from '../../src/records/experiment';
import { readUnit } from './reading';

const head = `import math
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.optim import lr_scheduler
from torch.utils.data import DataLoader, TensorDataset
x, y = torch.randn(100, 4), torch.randint(0, 3, (100,))
loader = DataLoader(TensorDataset(x, y), batch_size=16, shuffle=True)
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
`;
const sgd = 'opt = torch.optim.SGD(model.parameters(), lr=0.1)\n';
const twoGroups = `opt = torch.optim.SGD([{'params': model[0].parameters(), 'lr': 0.01}, {'params': model[2].parameters()}], lr=0.1)\n`;

/** One step, indented; with the lines before and behind it. */
const step = (before: string, indent: string, behind = ''): string =>
  [
    ...before.split('\n'),
    'opt.zero_grad()',
    'loss = F.cross_entropy(model(xb), yb)',
    'loss.backward()',
    'opt.step()',
    ...behind.split('\n'),
  ]
    .filter((line) => line !== '')
    .map((line) => `${indent}${line}\n`)
    .join('');

/** The rates of the groups at each of the first steps, as the run takes them. */
function ratesOf(unit: Experiment, steps: number, perEpoch = 7): number[][] {
  expect(unit.unread).toEqual([]);
  const { optimizer, schedules } = unit;
  const base = optimizer?.groups.map((group) => group.learningRate?.value ?? optimizer.learningRate.value) ?? [];
  const rates = new RateSchedule(schedules, base, () => 1);
  return Array.from({ length: steps }, (_, i) => {
    const now = [...rates.rates];
    rates.tick('batch', 0);
    if ((i + 1) % perEpoch === 0) rates.tick('epoch', 0);
    return now;
  });
}

const expectRates = (unit: Experiment, wanted: (step: number) => readonly number[], steps = 21): void =>
  ratesOf(unit, steps).forEach((rates, i) => {
    rates.forEach((rate, group) => expect(rate, `group ${group}, step ${i}`).toBeCloseTo(wanted(i)[group] ?? Number.NaN, 12));
  });

describe('rates that are set by hand at each batch', () => {
  it('follow a counter that goes on from epoch to epoch', () => {
    const unit = readUnit(`${head}${sgd}def rate(it):
    if it < 5:
        return 0.1 * (it + 1) / 5
    return 0.05 * (1 + math.cos(math.pi * it / 21))
it = 0
for epoch in range(3):
    for xb, yb in loader:
${step('lr = rate(it)\nfor group in opt.param_groups:\n    group["lr"] = lr', ' '.repeat(8), 'it += 1')}`);
    expectRates(unit, (i) => [i < 5 ? (0.1 * (i + 1)) / 5 : 0.05 * (1 + Math.cos((Math.PI * i) / 21))]);
    expect(unit.schedules).toMatchObject([{ per: 'batch' }]);
  });

  it('begin again in each epoch where they hang on the number of the batch', () => {
    const unit = readUnit(`${head}${sgd}for epoch in range(3):
    for i, (xb, yb) in enumerate(loader):
${step('opt.param_groups[0]["lr"] = 0.1 * (1 - i / len(loader))', ' '.repeat(8))}`);
    expectRates(unit, (i) => [0.1 * (1 - (i % 7) / 7)]);
  });

  it('hang on batches that are cut by hand', () => {
    const unit = readUnit(`${head}${sgd}for epoch in range(3):
    for i in range(0, 100, 16):
        xb, yb = x[i:i + 16], y[i:i + 16]
${step('for group in opt.param_groups:\n    group["lr"] = 0.1 / (1 + epoch + i / 100)', ' '.repeat(8))}`);
    expectRates(unit, (i) => [0.1 / (1 + Math.floor(i / 7) + ((i % 7) * 16) / 100)]);
  });

  it('come from an object that counts the steps, and count from the next step on', () => {
    const unit = readUnit(`${head}${twoGroups}class Warmup:
    def __init__(self, optimizer):
        self.optimizer, self.steps = optimizer, 0
    def step(self):
        self.steps += 1
        for group in self.optimizer.param_groups:
            group['lr'] = 0.02 * min(self.steps, 10)
warmup = Warmup(opt)
for epoch in range(3):
    for xb, yb in loader:
${step('', ' '.repeat(8), 'warmup.step()')}`);
    expectRates(unit, (i) => (i === 0 ? [0.01, 0.1] : [0.02 * Math.min(i, 10), 0.02 * Math.min(i, 10)]));
  });

  it('begin with a rate that is set before the loop', () => {
    const unit = readUnit(`${head}${sgd}lr = 1e-4
opt.param_groups[0]['lr'] = lr
for xb, yb in loader:
${step('', '    ', 'lr *= 2\nopt.param_groups[0]["lr"] = lr')}`);
    expectRates(unit, (i) => [1e-4 * 2 ** i], 7);
  });

  it('stand for a rate of zero that the optimizer is made with', () => {
    const unit = readUnit(`${head}class Noam:
    def __init__(self, warmup, optimizer):
        self.optimizer, self.warmup, self._step = optimizer, warmup, 0
    def step(self):
        self._step += 1
        for p in self.optimizer.param_groups:
            p['lr'] = self.rate()
        self.optimizer.step()
    def rate(self, step=None):
        if step is None:
            step = self._step
        return min(step ** (-0.5), step * self.warmup ** (-1.5))
noam = Noam(9, torch.optim.Adam(model.parameters(), lr=0))
for epoch in range(3):
    for xb, yb in loader:
        loss = F.cross_entropy(model(xb), yb)
        noam.optimizer.zero_grad()
        loss.backward()
        noam.step()
`);
    expectRates(unit, (i) => [Math.min((i + 1) ** -0.5, (i + 1) / 27)]);
    expect(unit.optimizer?.learningRate.value).toBeCloseTo(1 / 3, 12);
    expect(unit.optimizer?.rateName).toBeNull();
  });

  it('are set for one group of two', () => {
    const unit = readUnit(`${head}${twoGroups}for it in range(21):
    xb, yb = x, y
${step('lr = 0.1 * (1 - it / 21) ** 0.9\nopt.param_groups[0]["lr"] = lr\nif len(opt.param_groups) > 1:\n    opt.param_groups[1]["lr"] = 10 * lr', '    ')}`);
    const lr = (i: number): number => 0.1 * (1 - i / 21) ** 0.9;
    expect(ratesOf(unit, 1, 1)).toEqual([[0.1, 1]]);
    ratesOf(unit, 21, 1).forEach(([first, second], i) => {
      expect(first).toBeCloseTo(lr(i), 12);
      expect(second).toBeCloseTo(10 * lr(i), 12);
    });
  });

  it.each([
    ['the loss', 'opt.param_groups[0]["lr"] = 0.1 * loss.item()', ''],
    [
      'a number of batches that only the data know',
      'opt.param_groups[0]["lr"] = 0.1 / (i + 1)',
      'import numpy as np\nx = torch.from_numpy(np.load("x.npy"))\nloader = DataLoader(TensorDataset(x, x), batch_size=16)\n',
    ],
  ])('are not read where they hang on %s', (_, edit, data) => {
    const unit = readUnit(`${head}${data}${sgd}for epoch in range(3):
    for i, (xb, yb) in enumerate(loader):
${step('', ' '.repeat(8), edit)}`);
    expect(unit.schedules).toEqual([]);
    expect(unit.unread.map(({ text }) => text)).toContain('A learning rate that is set by hand during training is not followed');
  });
});

describe('LambdaLR', () => {
  it('takes a function for each group', () => {
    const unit = readUnit(`${head}${twoGroups}sched = lr_scheduler.LambdaLR(opt, [lambda e: 0.5 ** e, lambda e: 1 / (1 + e)])
for epoch in range(3):
    for xb, yb in loader:
${step('', ' '.repeat(8))}    sched.step()
`);
    expectRates(unit, (i) => [0.01 * 0.5 ** Math.floor(i / 7), 0.1 / (1 + Math.floor(i / 7))]);
  });

  it('is not read with another number of functions than groups', () => {
    const unit = readUnit(`${head}${sgd}sched = lr_scheduler.LambdaLR(opt, [lambda e: 0.5 ** e, lambda e: 1 / (1 + e)])
for epoch in range(3):
    for xb, yb in loader:
${step('', ' '.repeat(8))}    sched.step()
`);
    expect(unit.unread.map(({ text }) => text)).toEqual(['This schedule could not be read']);
  });
});

describe('several steps in one pass', () => {
  it('are not read as one where a list of the script gives each its rows', () => {
    const unit = readUnit(
      `${head}${sgd}parts = [('a b'.split(), [0, 1]), ('c'.split(), [2])]
words = {'a': 0, 'b': 1, 'c': 2}
table = nn.Embedding(3, 3)
opt = torch.optim.SGD(table.parameters(), lr=0.1)
for epoch in range(3):
    for text, tags in parts:
        opt.zero_grad()
        loss = F.cross_entropy(table(torch.tensor([words[w] for w in text])), torch.tensor(tags))
        loss.backward()
        opt.step()
`.replace(sgd, ''),
    );
    expect(unit.unread.map(({ text }) => text)).toEqual(['A step for each entry of a list is not read']);
  });
});

describe('schedules of the script that inherit from those of torch', () => {
  const ofClass = (body: string, made = 'Own(opt, 2, 3)', base = 'lr_scheduler._LRScheduler'): string =>
    `${head}${twoGroups}class Own(${base}):
    def __init__(self, optimizer, warmup, total, last_epoch=-1):
        self.warmup, self.total = warmup, total
        super().__init__(optimizer, last_epoch)
${body}
sched = ${made}
for epoch in range(3):
    for xb, yb in loader:
${step('', ' '.repeat(8))}    sched.step()
`;

  it('give the rates of their `get_lr` tick by tick', () => {
    const unit = readUnit(
      ofClass(`    def get_lr(self):
        if self.last_epoch < self.warmup:
            return [base * (self.last_epoch + 1) / (self.warmup + 1) for base in self.base_lrs]
        return [base / self.last_epoch for base in self.base_lrs]`),
    );
    const factor = (epoch: number): number => (epoch < 2 ? (epoch + 1) / 3 : 1 / epoch);
    expectRates(unit, (i) => [0.01 * factor(Math.floor(i / 7)), 0.1 * factor(Math.floor(i / 7))]);
  });

  it('go on from the rates that the groups have', () => {
    const unit = readUnit(
      ofClass(`    def get_lr(self):
        if self.last_epoch == 0:
            return [group['lr'] for group in self.optimizer.param_groups]
        return [0.5 * group['lr'] for group in self.optimizer.param_groups]`),
    );
    expectRates(unit, (i) => [0.01 * 0.5 ** Math.floor(i / 7), 0.1 * 0.5 ** Math.floor(i / 7)]);
  });

  it.each([
    [
      'on what only the run knows',
      ofClass('    def get_lr(self):\n        return [torch.rand(1).item() for _ in self.base_lrs]'),
    ],
    ['on a step of their own', ofClass('    def get_lr(self):\n        return self.base_lrs\n    def step(self):\n        pass')],
    ['on another schedule', ofClass('    pass', 'Own(opt, 2, 3)', 'lr_scheduler.LambdaLR')],
  ])('are not read where they hang %s', (_, text) => {
    expect(readUnit(text).unread.map(({ text: why }) => why)).toEqual(['This schedule could not be read']);
  });
});

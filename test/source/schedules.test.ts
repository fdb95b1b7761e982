import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RateSchedule } from '../../src/engine/schedules/rates';
import { bindSize } from '../../src/graph/size';
import { readUnit, textAt } from './reading';

const head = `import math
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.optim import lr_scheduler
from torch.utils.data import DataLoader, TensorDataset
x, y = torch.randn(100, 4), torch.randint(0, 3, (100,))
loader = DataLoader(TensorDataset(x, y), batch_size=16, shuffle=True)
model = nn.Linear(4, 3)
opt = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
`;

/** A script whose schedule `call` (after `before`) is stepped by `step`, in the batches or after them. */
const script = (call: string, per: 'batch' | 'epoch' = 'batch', before = '', step = 'sched.step()'): string => `${head}${before}
sched = ${call}
for epoch in range(5):
    for xb, yb in loader:
        opt.zero_grad()
        loss = F.cross_entropy(model(xb), yb)
        loss.backward()
        opt.step()
${per === 'batch' ? '    ' : ''}    ${step}
`;

const ruleOf = (text: string): unknown => {
  const unit = readUnit(text);
  expect(unit.unread).toEqual([]);
  return unit.schedules[0]?.rule;
};

const oneCycle = {
  kind: 'oneCycle',
  maximum: 0.1,
  totalSteps: 35,
  rise: 0.3,
  initialDivisor: 25,
  finalDivisor: 1e4,
  shape: 'cos',
  momentum: { base: 0.85, maximum: 0.95 },
};
const cyclic = { kind: 'cyclic', low: [0.01], high: [0.1], up: 2000, down: 2000, mode: 'triangular', gamma: 1 };

describe('schedules with all their arguments', () => {
  it.each([
    ['lr_scheduler.OneCycleLR(opt, max_lr=0.1, epochs=5, steps_per_epoch=len(loader))', oneCycle],
    ['lr_scheduler.OneCycleLR(opt, 0.1, total_steps=5 * len(loader), cycle_momentum=False)', { ...oneCycle, momentum: null }],
    [
      'lr_scheduler.OneCycleLR(opt, [0.1], 35, pct_start=0.2, anneal_strategy="linear", base_momentum=0.8, max_momentum=0.9, div_factor=10, final_div_factor=100, three_phase=True)',
      {
        ...oneCycle,
        rise: 0.2,
        shape: 'linear',
        momentum: { base: 0.8, maximum: 0.9 },
        initialDivisor: 10,
        finalDivisor: 100,
        threePhase: true,
      },
    ],
    ['lr_scheduler.OneCycleLR(opt, [0.1, 0.2], 35)', { ...oneCycle, maxima: [0.1, 0.2] }],
    ['lr_scheduler.CyclicLR(opt, 0.01, 0.1)', { ...cyclic, momentum: { base: 0.8, maximum: 0.9 } }],
    [
      'lr_scheduler.CyclicLR(opt, base_lr=0.01, max_lr=0.1, step_size_up=4, step_size_down=6, mode="exp_range", gamma=0.99, cycle_momentum=False)',
      { ...cyclic, up: 4, down: 6, mode: 'expRange', gamma: 0.99, momentum: null },
    ],
    ['lr_scheduler.ConstantLR(opt, factor=0.5, total_iters=4)', { kind: 'constant', factor: 0.5, length: 4 }],
    ['lr_scheduler.PolynomialLR(opt, 10, power=2.0)', { kind: 'polynomial', length: 10, power: 2 }],
    ['lr_scheduler.MultiplicativeLR(opt, lr_lambda=lambda epoch: 0.95)', { kind: 'multiplicative', factors: [0.95] }],
    [
      'lr_scheduler.ChainedScheduler([lr_scheduler.ConstantLR(opt, 0.1, 3), lr_scheduler.ExponentialLR(opt, 0.9)])',
      {
        kind: 'chain',
        parts: [
          { kind: 'constant', factor: 0.1, length: 3 },
          { kind: 'exponential', gamma: 0.9 },
        ],
      },
    ],
    [
      'lr_scheduler.SequentialLR(opt, schedulers=[lr_scheduler.LinearLR(opt, 0.1, 1.0, 3), lr_scheduler.CosineAnnealingLR(opt, 12)], milestones=[3])',
      {
        kind: 'sequence',
        parts: [
          { kind: 'linear', startFactor: 0.1, endFactor: 1, length: 3 },
          { kind: 'cosine', period: 12, minimum: 0 },
        ],
        milestones: [3],
      },
    ],
  ])('%s', (call, rule) => {
    const text = script(call);
    const unit = readUnit(text);
    expect(ruleOf(text)).toEqual(rule);
    expect(unit.schedules).toHaveLength(1);
    expect(unit.schedules[0]?.per).toBe('batch');
    expect(textAt(text, unit.schedules[0]?.stepCall)).toBe('sched.step()');
  });

  it('reads a plateau with all its arguments, on the loss that it is given', () => {
    const call =
      "lr_scheduler.ReduceLROnPlateau(opt, mode='max', factor=0.5, patience=2, threshold=0.01, threshold_mode='abs', cooldown=1, min_lr=1e-5, eps=1e-6)";
    const unit = readUnit(script(call, 'epoch', '', 'sched.step(loss)'));
    expect(unit.schedules[0]?.rule).toEqual({
      kind: 'reduceOnPlateau',
      factor: 0.5,
      patience: 2,
      threshold: 0.01,
      thresholdMode: 'abs',
      cooldown: 1,
      smallestChange: 1e-6,
      minimum: 1e-5,
      measure: 'accuracy',
      of: 'training',
    });
    expect(unit.assumptions.map(({ text }) => text)).toContain('The schedule is taken to be given the training accuracy');
  });
});

describe('what a plateau is given', () => {
  const watched = (step: string, before = '') => {
    const unit = readUnit(script('lr_scheduler.ReduceLROnPlateau(opt)', 'epoch', before, step));
    return unit.schedules[0]?.rule;
  };

  it('is the loss of the last batch where the loop has left it', () => {
    expect(watched('sched.step(loss.item())')).toMatchObject({ of: 'lastBatch' });
    expect(watched('sched.step(loss.detach())')).toMatchObject({ of: 'lastBatch' });
  });

  it('is that loss without its factor too, where shares of it count', () => {
    const halved = (plateau: string) => {
      const text = script(plateau, 'epoch', '', 'sched.step(loss)').replace('loss.backward()', '(loss / 2).backward()');
      return readUnit(text).schedules[0]?.rule;
    };
    expect(halved('lr_scheduler.ReduceLROnPlateau(opt)')).toMatchObject({ of: 'lastBatch' });
    expect(halved("lr_scheduler.ReduceLROnPlateau(opt, threshold_mode='abs')")).toMatchObject({ of: 'training' });
  });

  it('is else taken for the mean over the epoch', () => {
    const unit = readUnit(script('lr_scheduler.ReduceLROnPlateau(opt)', 'epoch', '', 'sched.step(total)'));
    expect(unit.schedules[0]?.rule).toMatchObject({ of: 'training' });
    expect(unit.assumptions.map(({ text }) => text)).toContain(
      "The schedule is taken to be given the training epoch's mean loss",
    );
  });
});

describe('lengths that the data decide', () => {
  const table = head.replace(
    /x, y = .*\n/,
    "import pandas as pd\nd = pd.read_csv('d.csv')\nx = torch.tensor(d[['a', 'b', 'c', 'd']].values).float()\ny = torch.tensor(d['y'].values)\n",
  );
  it.each([
    ['lr_scheduler.OneCycleLR(opt, 0.1, epochs=5, steps_per_epoch=len(loader))', 'totalSteps', 35],
    ['lr_scheduler.CosineAnnealingLR(opt, T_max=len(loader) * 5)', 'period', 35],
    [
      'lr_scheduler.SequentialLR(opt, [lr_scheduler.LinearLR(opt, total_iters=7), lr_scheduler.CosineAnnealingLR(opt, 5 * len(loader) - 7)], [7])',
      'parts.1.period',
      28,
    ],
  ])('%s', (call, name, expected) => {
    const { schedules, data, unread } = readUnit(script(call).replace(head, table));
    expect(unread).toEqual([]);
    const length = schedules[0]?.lengths?.[name];
    const symbols = Object.fromEntries(Object.keys(data.symbols).map((symbol) => [symbol, 100]));
    expect(length === undefined ? null : bindSize(length, symbols)).toBe(expected);
    expect(Object.keys(schedules[0]?.lengths ?? {})).toEqual([name]);
  });
});

describe('rates by a function of the script', () => {
  it('follows a plain function with warm-up and decay', () => {
    const before = `
warmup, total = 4, 35
def factor(step):
    if step < warmup:
        return float(step) / float(max(1, warmup))
    progress = (step - warmup) / (total - warmup)
    return max(0.0, 0.5 * (1.0 + math.cos(math.pi * min(1.0, progress))))
`;
    const rule = readUnit(script('lr_scheduler.LambdaLR(opt, factor)', 'batch', before)).schedules[0]?.rule;
    if (rule?.kind !== 'table') throw new Error('no table');
    expect(rule.factors).toHaveLength(36);
    expect(rule.factors[2]).toBe(0.5);
    expect(rule.factors[20]).toBeCloseTo(0.5 * (1 + Math.cos((Math.PI * 16) / 31)), 12);
    expect(rule.goesOn).toBeUndefined();
  });

  it('says when the rates go on changing after what was evaluated', () => {
    const rule = readUnit(script('lr_scheduler.LambdaLR(opt, lambda step: 1 / (1 + 0.01 * step))')).schedules[0]?.rule;
    if (rule?.kind !== 'table') throw new Error('no table');
    expect(rule.goesOn).toBe(true);
    expect(rule.factors.length).toBeGreaterThan(500);
  });
});

describe('what is not followed is told', () => {
  it.each([
    ['a scale function of the script', script('lr_scheduler.CyclicLR(opt, 0.01, 0.1, scale_fn=lambda x: 0.5 ** x)')],
    ['a step to an epoch further on', script('lr_scheduler.StepLR(opt, 2)', 'epoch', '', 'sched.step(epoch + 3)')],
    ['factors that go on', script('lr_scheduler.MultiplicativeLR(opt, lambda e: 1 - 1 / (e + 2))')],
    [
      'milestones that do not fit',
      script('lr_scheduler.SequentialLR(opt, [lr_scheduler.StepLR(opt, 2), lr_scheduler.StepLR(opt, 3)], [2, 4])'),
    ],
  ])('%s', (_, text) => {
    expect(readUnit(text).unread).toHaveLength(1);
  });
});

interface Told {
  readonly name: string;
  readonly text: string;
  readonly rates: readonly number[];
}
const { cases } = JSON.parse(readFileSync(new URL('reference/schedule_epochs.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Told[];
};

describe('a schedule that is told how far training is sets the rates that PyTorch sets', () => {
  it.each(cases.map((each) => [each.name, each] as const))('%s', (_, { text, rates }) => {
    const unit = readUnit(text);
    expect(unit.unread).toEqual([]);
    const [schedule] = unit.schedules;
    expect(schedule?.lengths).toBeUndefined();
    const rate = new RateSchedule(unit.schedules, [0.1], () => 1);
    const perEpoch = 3;
    rates.forEach((expected, step) => {
      expect(rate.rates[0], `step ${step}`).toBeCloseTo(expected, 8);
      rate.tick('batch', 0);
      if ((step + 1) % perEpoch === 0) rate.tick('epoch', 0);
      if (step === 4) rate.load(rate.save());
    });
  });
});

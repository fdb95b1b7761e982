/** Schedules that end the training long before the run's end. */
import { describe, expect, it } from 'vitest';
import { optimizerSettings } from '../../src/diagnosis/rules/optimizerSettings';
import { schedulerMisplaced } from '../../src/diagnosis/rules/schedulerMisplaced';
import { readUnit } from '../source/reading';
import { applied, evenly, evidence, run, trial } from './evidence';
import { findingOf, kindOf, settle } from './settle';

/** 30 epochs of 10 steps. */
function stepped(schedule: string, per: 'epoch' | 'batch' = 'epoch') {
  const text = `import torch
from torch import nn
from torch.optim import lr_scheduler
net = nn.Sequential(nn.Linear(10, 16), nn.ReLU(), nn.Linear(16, 3))
x = torch.randn(300, 10)
y = torch.randint(0, 3, (300,))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
scheduler = lr_scheduler.${schedule}
for epoch in range(30):
    for i in range(0, 300, 30):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(x[i:i+30]), y[i:i+30])
        loss.backward()
        optimizer.step()
${per === 'batch' ? '        scheduler.step()\n' : '    scheduler.step()\n'}`;
  const texts = { '/project/train.py': text };
  const high = { epochLoss: evenly([1.1, 1, 1, 1, 1, 1, 1, 1]) };
  const seen = { run: run({ steps: 300, ofSteps: 300 }), measurements: high, baseline: trial(1, { start: 1.1 }) };
  return { text, e: evidence({ experiment: readUnit(text), texts, ...seen }) };
}
const slower = (name: string, end: number) => ({
  [`optimizer-settings:${name}`]: trial(end, { start: 1.1 }),
  unchanged: trial(1, { start: 1.1 }),
});

describe('a decay that is too fast', () => {
  it.each([
    ['ExponentialLR(optimizer, 0.1)', 'ExponentialLR(optimizer, 0.86)', '0.1'],
    ['ExponentialLR(optimizer, gamma=.1)', 'ExponentialLR(optimizer, gamma=.86)', '.1'],
    ['StepLR(optimizer, 2, gamma=0.2)', 'StepLR(optimizer, 2, gamma=0.74)', '0.2'],
    ['StepLR(optimizer, step_size=2)', 'StepLR(optimizer, step_size=2, gamma=0.74)', null],
  ])('is told at its factor and tried: %s', (written, mended, literal) => {
    const { text, e } = stepped(written);
    const found = findingOf(optimizerSettings, e, slower('gamma', 0.2));
    expect(found).toMatchObject({ severity: 'warning', range: { line: 8 }, fixes: [{ verified: { seeds: 2, helped: true } }] });
    expect(applied(text, found.fixes[0]?.edits ?? [])).toBe(text.replace(written, mended));
    const { column, endColumn } = found.range;
    if (literal !== null) expect(text.split('\n')[7]?.slice(column - 1, endColumn - 1)).toBe(literal);
    expect(kindOf(schedulerMisplaced, e)).toBe('passed');
  });

  it('is told too where a slower one stays high, but gets twice as far', () => {
    expect(findingOf(optimizerSettings, stepped('ExponentialLR(optimizer, 0.1)').e, slower('gamma', 0.85)).severity).toBe(
      'warning',
    );
  });

  it('is none where a slower one does no better, nor where much of the rate is left', () => {
    expect(kindOf(optimizerSettings, stepped('ExponentialLR(optimizer, 0.1)').e, slower('gamma', 0.98))).toBe('passed');
    expect(settle(optimizerSettings, stepped('ExponentialLR(optimizer, 0.9)').e)).toMatchObject({
      outcome: { kind: 'passed' },
      asked: [],
    });
  });

  it('is left to the pace where it is stepped for every batch', () => {
    const { e } = stepped('StepLR(optimizer, 5, gamma=0.1)', 'batch');
    expect(settle(optimizerSettings, e)).toMatchObject({ outcome: { kind: 'passed' }, asked: [] });
    expect(kindOf(schedulerMisplaced, e, { 'scheduler-misplaced:fix': trial(0.1), unchanged: trial(1) })).toBe('found');
  });
});

/** Numbers to be predicted that are far larger than the outputs begin. */
import { describe, expect, it } from 'vitest';
import { unscaledTargets } from '../../src/diagnosis/rules/unscaledTargets';
import { readUnit } from '../source/reading';
import { applied, column, evidence, statistics, trial, unrun } from './evidence';
import { findingOf, kindOf, settle } from './settle';

const lines = (loss: string, data: string): string => `import numpy as np, pandas as pd, torch
from torch import nn
${data}
model = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for epoch in range(100):
    optimizer.zero_grad()
    loss = ${loss}
    loss.backward()
    optimizer.step()
`;
const tensors = `X = torch.tensor(pd.read_csv('a.csv').values).float()
y = torch.tensor(pd.read_csv('b.csv').values).float()`;
const squared = 'nn.functional.mse_loss(model(X), y)';

/** Targets of deviation 1,000 around 3,000: their variance is a million. */
function on(loss: string, left: number, { data = tensors, deviation = 1 } = {}) {
  const text = lines(loss, data);
  const target = { kind: 'numbers', shape: [300, 1], counts: [], mean: 3000, variance: 1e6, minimum: 0, maximum: 6000 } as const;
  const seen = statistics({
    columns: Array.from({ length: 3 }, () => column(0, deviation)),
    target: { ...target, missing: 0, runsZ: 0 },
  });
  const read = { experiment: readUnit(text), statistics: seen, texts: { '/project/train.py': text } };
  return { text, e: evidence({ ...read, baseline: trial(left, { start: 1e7 }) }) };
}

const alone = 'unscaled-targets:Standardise the targets';
const both = 'unscaled-targets:Standardise the inputs and the targets';
const helps = (end: number, left: number) => ({ [alone]: trial(end, { start: 1 }), unchanged: trial(left, { start: 1e7 }) });

describe('unscaled-targets', () => {
  it('convicts where standardised targets leave far less of the variance, and tells it in the units as written', () => {
    const { text, e } = on(squared, 8e5);
    const found = findingOf(unscaledTargets, e, helps(0.05, 8e5));
    expect(found).toMatchObject({ severity: 'warning', range: { line: 4 } });
    expect(found.message).toMatch(/mean 3,000 and standard deviation 1,000/);
    expect(found.fixes[0]?.verified).toMatchObject({ seeds: 2, helped: true });
    expect(found.fixes[0]?.verified?.after).toBeCloseTo(5e4, 6);
    expect(applied(text, found.fixes[0]?.edits ?? [])).toContain(`y = (y - y.mean(0)) / (y.std(0) + 1e-8)\nmodel`);
  });

  it('is an error where the run diverges, and sees an error that is written by hand', () => {
    for (const loss of ['((model(X) - y) ** 2).mean()', '(y - model(X)).square().mean()', 'torch.mean((model(X) - y).pow(2))'])
      expect(kindOf(unscaledTargets, on(loss, NaN).e, helps(0.05, NaN)), loss).toBe('found');
    expect(findingOf(unscaledTargets, on(squared, NaN).e, helps(0.05, NaN)).severity).toBe('error');
  });

  it('counts an absolute error in deviations', () => {
    const loss = '(model(X) - y).abs().mean()';
    expect(findingOf(unscaledTargets, on(loss, 800).e, helps(0.1, 800)).fixes[0]?.verified?.after).toBeCloseTo(100, 6);
    expect(kindOf(unscaledTargets, on(loss, 500).e)).toBe('passed');
  });

  it('passes targets that the run reaches, and those that no scaling makes predictable', () => {
    const reached = settle(unscaledTargets, on(squared, 3e5).e);
    expect(reached).toMatchObject({ outcome: { kind: 'passed' }, asked: [] });
    expect(kindOf(unscaledTargets, on(squared, 8e5).e, helps(0.6, 8e5))).toBe('passed');
  });

  it('tries the inputs too where these are unscaled', () => {
    const { text, e } = on(squared, NaN, { deviation: 500 });
    const found = findingOf(unscaledTargets, e, { ...helps(NaN, NaN), [both]: trial(0.02, { start: 1 }) });
    const edited = applied(text, found.fixes[0]?.edits ?? []);
    expect(edited).toContain('X = (X - X.mean(0))');
    expect(edited).toContain('y = (y - y.mean(0))');
  });

  it('scales the targets that a split holds back by those of training', () => {
    const data = `from sklearn.model_selection import train_test_split
A, B = pd.read_csv('a.csv').values, pd.read_csv('b.csv').values
X, Xt, y, yt = train_test_split(torch.tensor(A).float(), torch.tensor(B).float(), test_size=0.2)`;
    const { text, e } = on(squared, 8e5, { data });
    const edited = applied(text, findingOf(unscaledTargets, e, helps(0.05, 8e5)).fixes[0]?.edits ?? []);
    expect(edited).toContain('yt = (yt - y.mean(0)) / (y.std(0) + 1e-8)\ny = (y - y.mean(0)) / (y.std(0) + 1e-8)');
  });

  it('asks for a run, and has no say in cross-entropy', () => {
    expect(kindOf(unscaledTargets, unrun(on(squared, 8e5).e))).toBe('undecided');
    expect(kindOf(unscaledTargets, evidence())).toBe('irrelevant');
  });
});

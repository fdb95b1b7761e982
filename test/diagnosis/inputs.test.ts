import { describe, expect, it } from 'vitest';
import { classImbalance } from '../../src/diagnosis/rules/classImbalance';
import { unscaledInputs } from '../../src/diagnosis/rules/unscaledInputs';
import {
  applied,
  at,
  chain,
  column,
  crossEntropy,
  evidence,
  experiment,
  layer,
  linear,
  path,
  relu,
  run,
  statistics,
  trial,
  unrun,
} from './evidence';
import { readUnit } from '../source/reading';
import { findingOf, kindOf, settle } from './settle';

const text = 'X = torch.tensor(df.values)\ny = torch.tensor(df["c"].values)\n';
const train = { inputs: [0], targets: [1], inputRange: at(text, 'torch.tensor(df.values)'), targetRange: at(text, 'y') };
const raw = statistics({
  columns: [column(13, 0.8, { name: 'alcohol' }), column(746, 314, { name: 'proline' }), column(0.95, 0.22, { name: 'hue' })],
});
const e = evidence({ experiment: experiment({ train }), statistics: raw, texts: { [path]: text }, baseline: trial(0.9) });

describe('unscaled-inputs', () => {
  it('convicts when standardised inputs train clearly better', () => {
    const finding = findingOf(unscaledInputs, e, { 'unscaled-inputs:standardise': trial(0.05), unchanged: trial(0.9) });
    expect(finding).toMatchObject({ severity: 'warning', range: train.inputRange });
    expect(finding.message).toMatch(/standard deviation of proline is 314, of hue 0\.22/);
    expect(applied(text, finding.fixes[0]?.edits ?? [])).toContain(
      'X = torch.tensor(df.values)\nX = (X - X.mean(0)) / (X.std(0) + 1e-8)\ny =',
    );
    expect(finding.fixes[0]?.verified).toMatchObject({ seeds: 2, helped: true });
  });

  it('scales validation rows by the training rows', () => {
    const both = 'Xt = torch.tensor(a)\nXv = torch.tensor(b)\n';
    const split = experiment({
      train: { ...train, inputRange: at(both, 'torch.tensor(a)') },
      validation: { ...train, inputRange: at(both, 'torch.tensor(b)') },
    });
    const finding = findingOf(
      unscaledInputs,
      { ...e, experiment: split, texts: { [path]: both } },
      { 'unscaled-inputs:standardise': trial(0.05), unchanged: trial(0.9) },
    );
    expect(applied(both, finding.fixes[0]?.edits ?? [])).toBe(
      'Xt = torch.tensor(a)\nXv = torch.tensor(b)\nXv = (Xv - Xt.mean(0)) / (Xt.std(0) + 1e-8)\nXt = (Xt - Xt.mean(0)) / (Xt.std(0) + 1e-8)\n',
    );
  });

  it('is an error when the script as written diverges', () => {
    const diverging = { ...e, baseline: trial(NaN) };
    expect(
      findingOf(unscaledInputs, diverging, { 'unscaled-inputs:standardise': trial(0.05), unchanged: trial(NaN) }).severity,
    ).toBe('error');
  });

  it('leaves to the rate a run that stands still with scaled inputs too, though it begins lower', () => {
    const still = trial(0.99, { start: 1 });
    const scaled = (end: number) => ({ 'unscaled-inputs:standardise': trial(end, { start: 0.3 }), unchanged: still });
    expect(kindOf(unscaledInputs, { ...e, baseline: still }, scaled(0.295))).toBe('passed');
    expect(kindOf(unscaledInputs, { ...e, baseline: still }, scaled(0.2))).toBe('found');
  });

  it('passes raw columns that the run copes with', () => {
    expect(
      kindOf(
        unscaledInputs,
        { ...e, baseline: trial(0.06) },
        { 'unscaled-inputs:standardise': trial(0.05), unchanged: trial(0.06) },
      ),
    ).toBe('passed');
  });

  it('asks for no trial on standardised columns with outliers, pixels, one-hot columns or a normalising layer', () => {
    const asks = (more: Parameters<typeof evidence>[0]) => settle(unscaledInputs, { ...e, ...more });
    const outliers = statistics({ columns: [column(0, 1, { minimum: -3, maximum: 25 }), column(0, 1)] });
    const pixels = statistics({ isImage: true, columns: [column(0.01, 0.001), column(0.5, 0.3), column(0, 0)] });
    const oneHot = statistics({ columns: [column(0, 1), column(0.05, 0.22), column(0.3, 0.46)] });
    for (const quiet of [outliers, pixels, oneHot])
      expect(asks({ statistics: quiet })).toMatchObject({ outcome: { kind: 'passed' }, asked: [] });
    const norm = layer('batchNorm', { features: 3, epsilon: 1e-5, momentum: 0.1, trackStatistics: true, dimensions: 1 });
    const normalised = experiment({ train, model: chain([norm, linear(3, 8), relu(), linear(8, 3)], crossEntropy()) });
    expect(asks({ experiment: normalised })).toMatchObject({ outcome: { kind: 'passed' }, asked: [] });
  });

  it('without a run warns only of what is gross, and is undecided without data', () => {
    expect(findingOf(unscaledInputs, unrun({ experiment: experiment({ train }), statistics: raw })).severity).toBe('warning');
    const mild = statistics({ columns: [column(0, 1), column(0, 30)] });
    expect(findingOf(unscaledInputs, unrun({ experiment: experiment({ train }), statistics: mild })).severity).toBe(
      'information',
    );
    expect(kindOf(unscaledInputs, unrun())).toBe('undecided');
  });
});

describe('class-imbalance', () => {
  const uneven = statistics({ target: { ...statistics().target, counts: [980, 20] } });
  const ending = (accuracy: number) => ({
    ...unrun({ statistics: uneven }),
    run: run(),
    measurements: { accuracy: { steps: [0, 1000], values: [0.5, accuracy] } },
  });
  it('warns of a model that only answers the largest class, and not of one that tells them apart', () => {
    expect(findingOf(classImbalance, ending(0.98)).severity).toBe('warning');
    expect(findingOf(classImbalance, ending(0.995)).severity).toBe('information');
  });
});

describe('inputs that the loss compares with', () => {
  const code = (loss: string): string => `import pandas as pd, torch
from torch import nn
X = torch.tensor(pd.read_csv('a.csv').values).float()
y = torch.tensor(pd.read_csv('b.csv').values).float()
model = nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for epoch in range(100):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(X), ${loss})
    loss.backward()
    optimizer.step()
`;
  const readFrom = (loss: string, more: Parameters<typeof evidence>[0] = {}) =>
    evidence({
      experiment: readUnit(code(loss)),
      statistics: { ...raw, target: { ...raw.target, shape: [300, 3] } },
      texts: { '/project/train.py': code(loss) },
      baseline: trial(0.9),
      ...more,
    });
  const helped = { 'unscaled-inputs:standardise': trial(0.05), unchanged: trial(0.9) };

  it('are scaled in no trial: it would have another task, and losses of its own', () => {
    for (const loss of ['X', '2 * X', 'X.detach()']) {
      expect(settle(unscaledInputs, readFrom(loss, { baseline: trial(0.2) }), helped)).toMatchObject({
        outcome: { kind: 'undecided', needs: expect.stringMatching(/compares with the inputs/) },
        asked: [],
      });
      // A run that stays high is told so, without a fix.
      expect(findingOf(unscaledInputs, readFrom(loss), helped).fixes).toEqual([]);
    }
  });

  it('are scaled where the targets are other rows', () => {
    expect(findingOf(unscaledInputs, readFrom('y'), helped)).toMatchObject({
      severity: 'warning',
      fixes: [{ verified: { helped: true } }],
    });
  });

  it('are scaled after targets that are computed from them, which stay as they are', () => {
    const text = `import numpy as np, torch
x = np.arange(1, 101, dtype=np.float32).reshape(-1, 1)
y = 3 * x + 7
X = torch.from_numpy(x)
Y = torch.from_numpy(y)
model = torch.nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for epoch in range(100):
    optimizer.zero_grad()
    loss = torch.nn.functional.mse_loss(model(X), Y)
    loss.backward()
    optimizer.step()
`;
    const one = { columns: [column(50, 29)], target: { ...raw.target, kind: 'numbers' as const, shape: [300, 1] } };
    const made = { experiment: readUnit(text), statistics: statistics(one), texts: { '/project/train.py': text } };
    const found = findingOf(unscaledInputs, evidence({ ...made, baseline: trial(0.9) }), helped);
    expect(found.severity).toBe('warning');
    const edited = applied(text, found.fixes[0]?.edits ?? []).split('\n');
    const scaling = edited.findIndex((line) => /^(\w+) = \(\1 - \1\.mean\(0\)\)/.test(line));
    expect(scaling).toBeGreaterThan(edited.findIndex((line) => line.startsWith('y = 3')));
  });
});

import { describe, expect, it } from 'vitest';
import { ruleOf } from '../../src/diagnosis/registry';
import type { Evidence } from '../../src/diagnosis/rule';
import type { RuleId } from '../../src/records/finding';
import type { TrialResult } from '../../src/records/trial';
import { applied, at, chain, crossEntropy, evenly, evidence, experiment, linear, path, tanh, trial } from './evidence';
import { saw, falling, flat, steady, full, text, script, initText, small, initKey, spiky, lecture } from './courses';
import { settle } from './settle';

describe('fixes', () => {
  const fixOf = (id: RuleId, e: Evidence, results: Readonly<Record<string, TrialResult>>) => {
    const { outcome } = settle(ruleOf(id), e, results);
    return outcome.kind === 'found' ? (outcome.findings[0]?.fixes[0]?.edits ?? []) : [];
  };

  it('a schedule is made after the optimizer and stepped once an epoch', () => {
    const e = saw({ epochLoss: flat(0.5) }, { ...script(), baseline: trial(0.5) });
    expect(applied(text, fixOf('lr-not-lowered', e, { 'lr-not-lowered:fix': trial(0.2), unchanged: trial(0.5) }))).toBe(
      text
        .replace('lr=0.1)\n', 'lr=0.1)\nscheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=100)\n')
        .replace('optimizer.step()\n', 'optimizer.step()\n    scheduler.step()\n'),
    );
  });

  it('momentum is added to the call with the rate unchanged', () => {
    const e = saw({ epochLoss: falling(0.9), gradientCosine: steady }, { ...script(full), baseline: trial(0.9) });
    expect(applied(text, fixOf('momentum-too-low', e, { 'momentum=0.9': trial(0.2), unchanged: trial(0.9) }))).toContain(
      'SGD(model.parameters(), lr=0.1, momentum=0.9)',
    );
  });

  it('clipping goes between backward and step', () => {
    const e = saw({ gradientNorm: evenly(spiky(400)) }, { ...script(), baseline: trial(0.6) });
    expect(
      applied(
        text,
        fixOf('exploding-gradient', e, {
          'exploding-gradient:fix': trial(0.1),
          'lr=0.03': trial(0.5),
          'lr=0.01': trial(0.7),
          unchanged: trial(0.6),
        }),
      ),
    ).toContain(
      'loss.backward()\n        torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=2)\n        optimizer.step()',
    );
  });

  it('scaled inputs come with the rate that suits them', () => {
    const edits = fixOf('ill-conditioned-inputs', lecture(7e11, 2.5), {
      'ill-conditioned-inputs:standardise': trial(0.9),
      'ill-conditioned-inputs:standardise+lr': trial(0.001),
      'lr=0.1': trial(NaN),
      unchanged: trial(0.66),
    });
    expect(applied('X = torch.tensor(rows)\nopt = SGD(p, lr=2e-7)\n', edits)).toBe(
      'X = torch.tensor(rows)\nX = (X - X.mean(0)) / (X.std(0) + 1e-8)\nopt = SGD(p, lr=1e-1)\n',
    );
  });

  it('an initialiser that biases share stays one that takes vectors', () => {
    const shared = initText.replace('net[0].weight', 'p');
    const one = linear(10, 16, {
      weight: { ...small.weight, range: at(shared, shared.trim()) },
      bias: { ...small.weight, range: at(shared, shared.trim()) },
    });
    const e = evidence({
      experiment: experiment({ model: chain([one, tanh(), linear(16, 3)], crossEntropy()) }),
      texts: { [path]: shared },
      baseline: trial(0.7),
    });
    expect(applied(shared, fixOf('init-scale', e, { [initKey]: trial(0.1), unchanged: trial(0.7) }))).toBe(
      'nn.init.normal_(p, std=0.3)\n',
    );
  });
});

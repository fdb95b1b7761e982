import { describe, expect, it } from 'vitest';
import { missingZeroGrad } from '../../src/diagnosis/rules/missingZeroGrad';
import { softmaxBeforeCrossEntropy } from '../../src/diagnosis/rules/softmaxBeforeCrossEntropy';
import {
  applied,
  at,
  bceWithLogits,
  chain,
  crossEntropy,
  evidence,
  experiment,
  layer,
  linear,
  loop,
  path,
  run,
  said,
  trial,
  unavailable,
  unrun,
} from './evidence';
import { findingOf, kindOf, settle } from './settle';

const text = 'net = nn.Sequential(nn.Linear(10, 3), nn.Softmax(dim=1))\n';
const softmax = layer('softmax', { axis: 1 }, { range: at(text, 'nn.Softmax(dim=1)') });

describe('softmax-before-cross-entropy', () => {
  const double = experiment({ model: chain([linear(10, 3), softmax], crossEntropy()) });

  it('marks the softmax from the text alone, with the bound it sets', () => {
    const finding = findingOf(softmaxBeforeCrossEntropy, unrun({ experiment: double, texts: { [path]: text } }));
    expect(finding).toMatchObject({ severity: 'warning', range: at(text, 'nn.Softmax(dim=1)') });
    expect(finding.message).toContain('0.55'); // ln(1 + 2/e)
    expect(applied(text, finding.fixes[0]?.edits ?? [])).toBe('net = nn.Sequential(nn.Linear(10, 3))\n');
    expect(finding.fixes[0]?.verified).toBeUndefined();
  });

  it('tries the fix where there is a run, and compares right answers', () => {
    const e = evidence({ experiment: double, texts: { [path]: text }, baseline: trial(0.7, { accuracy: 0.8 }) });
    const results = {
      'softmax-before-cross-entropy:fix': trial(0.1, { accuracy: 0.99 }),
      unchanged: trial(0.7, { accuracy: 0.8 }),
    };
    expect(findingOf(softmaxBeforeCrossEntropy, e, results).fixes[0]?.verified).toMatchObject({
      quantity: 'accuracy',
      before: 0.8,
      after: 0.99,
      seeds: 2,
      helped: true,
    });
    expect(softmaxBeforeCrossEntropy.detect(e)).toMatchObject({
      kind: 'wants',
      meanwhile: [{ rule: 'softmax-before-cross-entropy' }],
    });
  });

  it('does not offer a fix that failed its trial, and keeps the finding', () => {
    const e = evidence({ experiment: double, texts: { [path]: text }, baseline: trial(0.7, { accuracy: 0.8 }) });
    const finding = findingOf(softmaxBeforeCrossEntropy, e, {
      'softmax-before-cross-entropy:fix': trial(0.9, { accuracy: 0.3 }),
    });
    expect(finding.fixes).toEqual([]);
    const untried = findingOf(softmaxBeforeCrossEntropy, e, { 'softmax-before-cross-entropy:fix': unavailable() });
    expect(untried.fixes[0]?.verified).toBeUndefined();
  });

  it('sees through a reshape; hints at a log-softmax; passes logits and softmax inside', () => {
    const through = chain([linear(10, 3), softmax, layer('flatten', { start: 1, end: -1 })], crossEntropy());
    expect(findingOf(softmaxBeforeCrossEntropy, unrun({ experiment: experiment({ model: through }) })).severity).toBe('warning');
    const log = chain([linear(10, 3), layer('logSoftmax', { axis: 1 })], crossEntropy());
    expect(findingOf(softmaxBeforeCrossEntropy, unrun({ experiment: experiment({ model: log }) })).severity).toBe('hint');
    expect(kindOf(softmaxBeforeCrossEntropy, unrun())).toBe('passed');
    const attention = chain([linear(10, 3), softmax, linear(3, 3)], crossEntropy());
    expect(kindOf(softmaxBeforeCrossEntropy, unrun({ experiment: experiment({ model: attention }) }))).toBe('passed');
    expect(
      kindOf(softmaxBeforeCrossEntropy, unrun({ experiment: experiment({ model: chain([linear(10, 1)], bceWithLogits()) }) })),
    ).toBe('irrelevant');
    expect(kindOf(softmaxBeforeCrossEntropy, unrun({ experiment: experiment({ model: null }) }))).toBe('undecided');
  });

  it('calls a softmax over one unit an error', () => {
    const one = experiment({ model: chain([linear(10, 1), softmax], crossEntropy()) });
    expect(findingOf(softmaxBeforeCrossEntropy, unrun({ experiment: one })).severity).toBe('error');
  });
});

describe('missing-zero-grad', () => {
  const script = 'for x, y in loader:\n    loss = f(model(x), y)\n    loss.backward()\n    optimizer.step()\n';
  const faulty = experiment({
    loop: loop({
      zeroGrad: { when: 'never', range: null },
      backward: at(script, 'loss.backward()'),
      step: at(script, 'optimizer.step()'),
    }),
  });

  it('marks backward and inserts the call', () => {
    const finding = findingOf(missingZeroGrad, unrun({ experiment: faulty, texts: { [path]: script } }));
    expect(finding).toMatchObject({ severity: 'error', range: at(script, 'loss.backward()') });
    expect(applied(script, finding.fixes[0]?.edits ?? [])).toContain('    optimizer.zero_grad()\n    loss.backward()\n');
  });

  it('shows that the fix works', () => {
    const e = evidence({ experiment: faulty, texts: { [path]: script }, baseline: trial(0.8) });
    const finding = findingOf(missingZeroGrad, e, { 'missing-zero-grad:fix': trial(0.1), unchanged: trial(0.8) });
    expect(finding.fixes[0]?.verified).toMatchObject({ before: 0.8, after: 0.1, helped: true });
  });

  it('passes accumulation, clearing before or after, and once an epoch of one step', () => {
    expect(kindOf(missingZeroGrad, unrun())).toBe('passed');
    expect(
      kindOf(
        missingZeroGrad,
        unrun({ experiment: experiment({ loop: loop({ accumulation: 4, zeroGrad: { when: 'never', range: null } }) }) }),
      ),
    ).toBe('irrelevant');
    const once = loop({ zeroGrad: { when: 'everyEpoch', range: at(script, 'loss') } });
    const full = { sampling: 'full', batchSize: null, shuffle: said(false), dropLast: false, range: at(script, 'loss') } as const;
    expect(kindOf(missingZeroGrad, unrun({ experiment: experiment({ loop: once, batches: full }) }))).toBe('passed');
    expect(kindOf(missingZeroGrad, evidence({ experiment: experiment({ loop: once }), run: run({ stepsPerEpoch: 1 }) }))).toBe(
      'passed',
    );
    expect(kindOf(missingZeroGrad, unrun({ experiment: experiment({ loop: once }) }))).toBe('undecided');
  });

  it('finds clearing once an epoch while every batch takes a step', () => {
    const once = experiment({ loop: loop({ zeroGrad: { when: 'everyEpoch', range: at(script, 'loss') } }) });
    expect(settle(missingZeroGrad, evidence({ experiment: once })).outcome.kind).toBe('found');
  });
});

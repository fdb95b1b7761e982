import { describe, expect, it } from 'vitest';
import { saturatedUnits } from '../../src/diagnosis/rules/saturatedUnits';
import type { Measurements } from '../../src/records/measurement';
import {
  applied,
  at,
  chain,
  crossEntropy,
  evenly,
  evidence,
  experiment,
  layer,
  linear,
  over,
  path,
  relu,
  tanh,
  trial,
  unrun,
} from './evidence';
import { findingOf, kindOf } from './settle';

const text = 'nn.init.normal_(net[0].weight, std=5.0)\n';
const wide = linear(10, 16, {
  weight: { initializer: { kind: 'normal', mean: 0, deviation: 5 }, isDefault: false, range: at(text, text.trim()) },
});
const model = chain([wide, tanh(), linear(16, 3)], crossEntropy());
const measured = (more: Measurements): Measurements => ({ epochLoss: evenly([1, 0.5, 0.1]), ...more });

describe('saturated-units', () => {
  const e = evidence({
    experiment: experiment({ model }),
    measurements: measured({ 'saturated/net.1': over(0.9) }),
    texts: { [path]: text },
  });

  it('marks the activation, and offers an initialisation that was tried', () => {
    const finding = findingOf(
      saturatedUnits,
      { ...e, baseline: trial(0.1, { saturated: 0.9 }) },
      {
        'saturated-units:fix': trial(0.05, { saturated: 0.05 }),
        unchanged: trial(0.1, { saturated: 0.9 }),
      },
    );
    expect(finding).toMatchObject({ severity: 'warning', range: model.nodes[2]?.range });
    expect(applied(text, finding.fixes[0]?.edits ?? [])).toBe('nn.init.xavier_uniform_(net[0].weight)\n');
    expect(finding.fixes[0]?.verified).toMatchObject({ quantity: 'saturated', before: 0.9, after: 0.05 });
  });

  it('passes units that saturate while the loss is fitted, and open ones', () => {
    expect(kindOf(saturatedUnits, { ...e, measurements: measured({ 'saturated/net.1': over(0, 0.9) }) })).toBe('passed');
    expect(kindOf(saturatedUnits, { ...e, measurements: measured({ 'saturated/net.1': over(0.2) }) })).toBe('passed');
  });

  it('finds units that saturate while the loss stays', () => {
    const stuck = { epochLoss: evenly([1, 0.9, 0.9]), 'saturated/net.1': over(0, 1) };
    expect(findingOf(saturatedUnits, { ...e, measurements: stuck }).severity).toBe('warning');
  });

  it('passes a saturated output', () => {
    const output = experiment({
      model: chain([linear(10, 8), relu(), linear(8, 1), layer('sigmoid', {})], layer('bce', { reduction: 'mean' })),
    });
    expect(kindOf(saturatedUnits, { ...e, experiment: output, measurements: measured({ 'saturated/net.3': over(0.95) }) })).toBe(
      'passed',
    );
  });

  it('is irrelevant without such activations and undecided without a run', () => {
    const rectified = experiment({ model: chain([linear(10, 8), relu(), linear(8, 3)], crossEntropy()) });
    expect(kindOf(saturatedUnits, { ...e, experiment: rectified, measurements: {} })).toBe('irrelevant');
    expect(kindOf(saturatedUnits, unrun())).toBe('undecided');
  });
});

/** Runs that stand still, and what holds them: settings, too few steps, raw inputs, rates that a schedule sets. */
import { describe, expect, it } from 'vitest';
import { lossLeft, roseAndStayed } from '../../src/diagnosis/course';
import { lossSpan } from '../../src/diagnosis/lossSpan';
import { rateSetting } from '../../src/diagnosis/rateSetting';
import { batchTooLarge } from '../../src/diagnosis/rules/batchTooLarge';
import { lrDiverges } from '../../src/diagnosis/rules/lrDiverges';
import { lrOscillates } from '../../src/diagnosis/rules/lrOscillates';
import { lrTooSmall } from '../../src/diagnosis/rules/lrTooSmall';
import { optimizerSettings } from '../../src/diagnosis/rules/optimizerSettings';
import { stoppedTooEarly } from '../../src/diagnosis/rules/stoppedTooEarly';
import { unscaledInputs } from '../../src/diagnosis/rules/unscaledInputs';
import type { Schedule } from '../../src/records/optimizer';
import {
  applied,
  at,
  bceWithLogits,
  byDefault,
  chain,
  column,
  crossEntropy,
  evenly,
  evidence,
  experiment,
  linear,
  loop,
  mse,
  optimizer,
  over,
  path,
  range,
  run,
  said,
  statistics,
  trial,
} from './evidence';
import { findingOf, kindOf } from './settle';

/** A loss that starts at `start` and is at `end` from the second step on. */
const jump = (start: number, end: number) => evenly([start, ...Array.from({ length: 30 }, () => end)]);

describe('what there is to lose', () => {
  it('ends at the entropy of the classes, or the variance of the numbers', () => {
    expect(lossSpan(evidence()).top).toBeCloseTo(Math.log(3), 12);
    const uneven = { ...statistics().target, counts: [30, 270] };
    const entropy = -(0.1 * Math.log(0.1) + 0.9 * Math.log(0.9));
    expect(lossSpan(evidence({ statistics: statistics({ target: uneven }) })).top).toBeCloseTo(entropy, 12);
    const numbers = {
      ...statistics().target,
      kind: 'numbers',
      counts: [],
      shape: [300, 1],
      variance: 25,
      minimum: 0,
      maximum: 1,
      mean: 0.1,
    } as const;
    const of = (graph: ReturnType<typeof chain>) =>
      lossSpan(evidence({ statistics: statistics({ target: numbers }), experiment: experiment({ model: graph }) })).top;
    expect(of(chain([linear(10, 1)], mse()))).toBe(25);
    expect(of(chain([linear(10, 1)], bceWithLogits()))).toBeCloseTo(entropy, 12);
  });

  it('is not known for losses that weigh, smooth or sum', () => {
    const top = (more: Parameters<typeof crossEntropy>[0]) =>
      lossSpan(evidence({ experiment: experiment({ model: chain([linear(10, 3)], crossEntropy(more)) }) })).top;
    expect(top({ labelSmoothing: 0.1 })).toBe(Infinity);
    expect(top({ weight: [1, 2, 3] })).toBe(Infinity);
    expect(top({ reduction: 'sum' })).toBe(Infinity);
  });

  it('counts a fall from a huge first loss to even guesses as no way at all', () => {
    expect(lossLeft(evidence({ measurements: { epochLoss: jump(104, 1.09) } }))).toBeCloseTo(1.09 / Math.log(3), 6);
    expect(lossLeft(evidence({ measurements: { epochLoss: jump(1, 0.25) } }))).toBeCloseTo(0.25, 12);
  });
});

describe('inputs that only make a run stand still', () => {
  const text = 'X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3)\nprint(1)\n';
  const place = at(text, 'train_test_split(X, y, test_size=0.3)');
  const raw = evidence({
    experiment: experiment({ train: { inputs: [0], targets: [1], inputRange: place, targetRange: place } }),
    statistics: statistics({ columns: [column(0, 0.1), column(700, 300)] }),
    measurements: { epochLoss: jump(104, 1.09) },
    baseline: trial(1.09, { start: 104 }),
    texts: { [path]: text },
  });

  it('are scaled where they are unpacked, the rows held back with them', () => {
    const found = findingOf(unscaledInputs, raw, {
      'unscaled-inputs:standardise': trial(0.1, { start: 1.3 }),
      unchanged: trial(1.08, { start: 108 }),
    });
    expect(found.severity).toBe('warning');
    expect(applied(text, found.fixes[0]?.edits ?? [])).toBe(
      text.replace(
        '\nprint',
        '\nX_test = (X_test - X_train.mean(0)) / (X_train.std(0) + 1e-8)\nX_train = (X_train - X_train.mean(0)) / (X_train.std(0) + 1e-8)\nprint',
      ),
    );
  });

  it('pass where scaling does not help, and are only told where the names are not known', () => {
    const same = { 'unscaled-inputs:standardise': trial(1.05, { start: 1.3 }), unchanged: trial(1.08, { start: 108 }) };
    expect(kindOf(unscaledInputs, raw, same)).toBe('passed');
    const three = text.replace('X_train, X_test,', 'X_train, X_test, more,');
    expect(findingOf(unscaledInputs, { ...raw, texts: { [path]: three } }).fixes).toEqual([]);
  });
});

describe('settings that hold a run back', () => {
  const high = { epochLoss: jump(1, 0.99) };
  const clipped = (limit: number, more = {}) =>
    evidence({
      experiment: experiment({
        loop: loop({ clipping: { kind: 'norm', limit: said(limit, range(44, 60, 4)), normType: 2, range: range(44) } }),
      }),
      measurements: high,
      baseline: trial(0.99),
      texts: { [path]: `${'\n'.repeat(43)}torch.nn.utils.clip_grad_norm_(net.parameters(), max_norm=0.0001)\n` },
      ...more,
    });
  const frees = { 'optimizer-settings:max_norm': trial(0.1), unchanged: trial(0.99) };

  it('are gradients clipped to next to nothing, at their literal', () => {
    const found = findingOf(optimizerSettings, clipped(1e-4), frees);
    expect(found).toMatchObject({ severity: 'warning', range: range(44, 60, 4) });
    expect(found.fixes[0]?.edits[0]?.newText).toBe('1');
    expect(found.fixes[0]?.verified).toMatchObject({ before: 0.99, after: 0.1, seeds: 2 });
  });

  it('are not clipped gradients that learn, usual bounds, or bounds without which it is no better', () => {
    expect(kindOf(optimizerSettings, clipped(1e-4, { measurements: { epochLoss: jump(1, 0.3) } }), frees)).toBe('passed');
    expect(kindOf(optimizerSettings, clipped(0.5), frees)).toBe('passed');
    expect(kindOf(optimizerSettings, clipped(1e-4), { ...frees, 'optimizer-settings:max_norm': trial(0.95) })).toBe('passed');
  });

  it('are a decay that outweighs the loss, in the terms of its optimizer', () => {
    const decayed = (kind: 'sgd' | 'adamw', weightDecay: number) => {
      const decay = { weightDecay: said(weightDecay, range(30, 60, 3)) };
      return evidence({
        experiment: experiment({ optimizer: kind === 'sgd' ? optimizer('sgd', 0.01, decay) : optimizer('adamw', 0.01, decay) }),
        measurements: high,
        baseline: trial(0.99),
        texts: { [path]: '\n'.repeat(40) },
      });
    };
    const results = { 'optimizer-settings:weight_decay': trial(0.1), unchanged: trial(0.99) };
    expect(findingOf(optimizerSettings, decayed('sgd', 0.5), results).range).toEqual(range(30, 60, 3));
    expect(kindOf(optimizerSettings, decayed('adamw', 0.1), results)).toBe('passed');
    expect(findingOf(optimizerSettings, decayed('adamw', 0.5), results).severity).toBe('warning');
  });
});

describe('a script of few steps', () => {
  const short = (steps: number, batch = 32) =>
    evidence({
      experiment: experiment({
        batches: {
          sampling: 'epochs',
          batchSize: said(batch, range(9, 40, 4)),
          shuffle: said(true),
          dropLast: false,
          range: range(9),
        },
        loop: loop({ epochs: said(2, range(35, 20, 1)) }),
      }),
      run: run({ steps, ofSteps: steps, rows: 300 }),
      measurements: { epochLoss: jump(1, 0.95), lambdaMax: over(1), learningRate: over(1e-3) },
      baseline: trial(0.95, { steps }),
      texts: { [path]: '\n'.repeat(50) },
    });
  const results = { 'epochs=20': trial(0.2), 'batch=32': trial(0.1), unchanged: trial(0.95) };

  it('is told at its epochs when more of them get far, and its rate is not blamed', () => {
    expect(findingOf(stoppedTooEarly, short(20), results)).toMatchObject({ severity: 'warning', range: range(35, 20, 1) });
    expect(kindOf(lrTooSmall, short(20), results)).toBe('passed');
  });

  it('is no fault when more epochs get no further, or when there are many steps', () => {
    expect(kindOf(stoppedTooEarly, short(20), { ...results, 'epochs=20': trial(0.9) })).not.toBe('found');
    expect(kindOf(stoppedTooEarly, short(500), results)).not.toBe('found');
  });

  it('is told at its batch when that holds most rows, and as many passes in small ones get far', () => {
    const found = findingOf(batchTooLarge, short(4, 300), results);
    expect(found).toMatchObject({ severity: 'warning', range: range(9, 40, 4) });
    expect(kindOf(batchTooLarge, short(4, 300), { ...results, 'batch=32': trial(0.9) })).not.toBe('found');
    expect(kindOf(batchTooLarge, short(20), results)).not.toBe('found');
  });
});

describe('steps that throw the loss up', () => {
  const thrown = {
    epochLoss: evenly([1, 50, 20, ...Array.from({ length: 30 }, () => 1)]),
    preconditionedLambdaMax: over(1e-3),
    learningRate: over(1),
  };
  const e = evidence({
    experiment: experiment({ optimizer: optimizer('adam', said(1, range(30, 40, 3))) }),
    measurements: thrown,
    baseline: trial(1),
  });

  it('are a rate too high when a lower one gets far, though no later limit is broken', () => {
    expect(roseAndStayed(e)).toBe(true);
    const results = { 'lr=0.3': trial(0.9), 'lr=0.1': trial(0.1), unchanged: trial(1) };
    expect(findingOf(lrOscillates, e, results)).toMatchObject({ severity: 'warning', range: range(30, 40, 3) });
    expect(kindOf(lrOscillates, e, { 'lr=0.3': trial(0.95), 'lr=0.1': trial(0.95), 'lr=0.01': trial(0.95) })).toBe('passed');
  });

  it('are no fault when the loss comes down again', () => {
    const recovered = { ...thrown, epochLoss: evenly([1, 50, 20, ...Array.from({ length: 30 }, () => 0.1)]) };
    expect(kindOf(lrOscillates, { ...e, measurements: recovered })).toBe('passed');
  });
});

describe('the peak of a cycle', () => {
  const text = 'sched = OneCycleLR(opt, max_lr=20, total_steps=100)\n';
  const schedule = (stepped: boolean): Schedule => ({
    rule: {
      kind: 'oneCycle',
      maximum: 20,
      totalSteps: 100,
      rise: 0.3,
      initialDivisor: 25,
      finalDivisor: 1e4,
      shape: 'cos',
      momentum: null,
    },
    peak: said(20, at(text, '20')),
    per: 'batch',
    range: at(text, 'OneCycleLR(opt, max_lr=20, total_steps=100)'),
    stepCall: stepped ? range(42) : null,
  });
  const cycled = (stepped: boolean) =>
    evidence({
      experiment: experiment({ schedules: [schedule(stepped)], optimizer: optimizer('sgd', byDefault(1e-3)) }),
      run: run({ stoppedBy: 'divergence' }),
      baseline: trial(NaN),
      texts: { [path]: text },
    });

  it('is the rate that is judged and changed, where the schedule is stepped', () => {
    expect(rateSetting(cycled(true))).toMatchObject({ name: 'max_lr', rate: { value: 20 } });
    expect(rateSetting(cycled(false))).toMatchObject({ name: 'lr', rate: { value: 1e-3 } });
    const results = {
      'max_lr=10': trial(NaN),
      'max_lr=2': trial(0.1),
      'max_lr=0.2': trial(0.3),
      'max_lr=4': trial(NaN),
      unchanged: trial(NaN),
    };
    const found = findingOf(lrDiverges, cycled(true), results);
    expect(found).toMatchObject({ severity: 'error', range: at(text, '20') });
    expect(applied(text, found.fixes[0]?.edits ?? [])).toBe(text.replace('20', '2'));
  });

  it('is looked for a hundred and a thousand times lower where nothing nearer trains', () => {
    const results = {
      'max_lr=10': trial(NaN),
      'max_lr=2': trial(NaN),
      'max_lr=0.2': trial(0.05),
      'max_lr=0.02': trial(0.5),
      unchanged: trial(NaN),
    };
    expect(findingOf(lrDiverges, cycled(true), results).fixes[0]?.edits[0]?.newText).toBe('0.2');
  });
});

import { describe, expect, it } from 'vitest';
import type { RuleId } from '../../src/records/finding';
import { evenly, evidence, experiment, loop, optimizer, over, range, run, said, trial } from './evidence';
import type { Case } from './courses';
import { verdict, saw, falling, flat, steady, back, full, script, spiky } from './courses';

const cases: Partial<Record<RuleId, readonly Case[]>> = {
  'edge-of-stability': [
    ['above the limit, falling', 'information', saw({ learningRate: over(0.1), lambdaMax: over(22), epochLoss: falling() })],
    ['above the limit, not falling', 'passed', saw({ learningRate: over(0.1), lambdaMax: over(22), epochLoss: flat(0.8) })],
    ['below the limit', 'passed', saw({ learningRate: over(0.1), lambdaMax: over(5), epochLoss: falling() })],
    ['curvature unknown', 'undecided', evidence()],
  ],
  'momentum-too-low': [
    [
      'crawls, and momentum gets much further',
      'warning',
      saw({ epochLoss: falling(0.9), gradientCosine: steady }, { ...script(full), baseline: trial(0.9) }),
      { 'momentum=0.9': trial(0.2), unchanged: trial(0.9) },
    ],
    [
      'crawls, momentum is somewhat better',
      'information',
      saw({ epochLoss: falling(0.3), gradientCosine: steady }, { ...script(full), baseline: trial(0.3) }),
      { 'momentum=0.9': trial(0.2), unchanged: trial(0.3) },
    ],
    [
      'crawls, only a part was run',
      'information',
      saw(
        { epochLoss: falling(0.9), gradientCosine: steady },
        { ...script(full), run: run({ ofSteps: 90000 }), baseline: trial(0.9) },
      ),
      { 'momentum=0.9': trial(0.2), unchanged: trial(0.9) },
    ],
    ['ruled by noise', 'passed', saw({ epochLoss: falling(0.9), gradientCosine: steady, signalToNoise: over(0.1) })],
    [
      'has momentum',
      'passed',
      saw({}, { experiment: experiment({ optimizer: optimizer('sgd', 0.1, { momentum: said(0.9) }) }) }),
    ],
    ['Adam', 'irrelevant', saw({}, { experiment: experiment({ optimizer: optimizer('adam', 0.1) }) })],
    ['fitted', 'passed', saw({ epochLoss: falling(0.001), gradientCosine: steady }, script(full))],
  ],
  ravine: [
    [
      'zigzag, and momentum gets much further',
      'warning',
      saw({ epochLoss: falling(0.9), gradientCosine: back }, { ...script(), baseline: trial(0.9) }),
      { 'momentum=0.9': trial(0.2), unchanged: trial(0.9) },
    ],
    [
      'zigzag, momentum does not help',
      'information',
      saw({ epochLoss: falling(0.5), gradientCosine: back }, { ...script(), baseline: trial(0.5) }),
      { 'momentum=0.9': trial(0.49) },
    ],
    ['zigzag of a fitted loss', 'passed', saw({ epochLoss: falling(0.01), gradientCosine: back }, script())],
    ['no zigzag', 'passed', saw({ epochLoss: falling(0.9), gradientCosine: steady }, script())],
    ['not measured', 'undecided', saw({ epochLoss: falling(0.9) })],
  ],
  'momentum-too-high': [
    [
      '.99, and .9 is better',
      'warning',
      evidence({ experiment: experiment({ optimizer: optimizer('sgd', 0.1, { momentum: said(0.99) }) }), baseline: trial(0.6) }),
      { 'momentum=0.9': trial(0.3), unchanged: trial(0.6) },
    ],
    [
      '.99, and .9 is no better',
      'passed',
      evidence({ experiment: experiment({ optimizer: optimizer('sgd', 0.1, { momentum: said(0.99) }) }) }),
      { 'momentum=0.9': trial(0.3) },
    ],
    [
      '.99, and .9 is better with ten times the rate alone',
      'warning',
      evidence({
        experiment: experiment({ optimizer: optimizer('sgd', 0.01, { momentum: said(0.99) }) }),
        baseline: trial(0.6),
      }),
      { 'momentum=0.9': trial(0.58), 'momentum=0.9,lr=0.1': trial(0.2), unchanged: trial(0.6) },
    ],
    ['.9', 'passed', evidence({ experiment: experiment({ optimizer: optimizer('sgd', 0.1, { momentum: said(0.9) }) }) })],
    ['none', 'irrelevant', evidence()],
  ],
  'lr-not-lowered': [
    [
      'flat on its noise floor, lower with a schedule',
      'warning',
      saw({ epochLoss: flat(0.5) }, { ...script(), baseline: trial(0.5) }),
      { 'lr-not-lowered:fix': trial(0.2), unchanged: trial(0.5) },
    ],
    [
      'a little lower, not explained by noise',
      'information',
      saw({ epochLoss: flat(0.5) }, { ...script(), baseline: trial(0.5) }),
      { 'lr-not-lowered:fix': trial(0.46), unchanged: trial(0.5) },
    ],
    [
      'a little lower, as the noise predicts',
      'warning',
      saw({ epochLoss: flat(0.5), noiseTrace: over(40) }, { ...script(), baseline: trial(0.5) }),
      { 'lr-not-lowered:fix': trial(0.46), unchanged: trial(0.5) },
    ],
    [
      'no lower with a schedule',
      'passed',
      saw({ epochLoss: flat(0.5) }, { ...script(), baseline: trial(0.5) }),
      { 'lr-not-lowered:fix': trial(0.49) },
    ],
    ['still falling by its gradient', 'passed', saw({ epochLoss: falling(0.4), signalToNoise: over(5) }, script())],
    [
      'a schedule',
      'irrelevant',
      evidence({
        experiment: experiment({
          schedules: [{ rule: { kind: 'exponential', gamma: 0.9 }, per: 'epoch', range: range(31), stepCall: range(43) }],
        }),
      }),
    ],
    ['all rows', 'irrelevant', evidence({ experiment: experiment(full) })],
  ],
  'batch-too-small': [
    ['a fiftieth of the noise', 'information', saw({ noiseScale: over(5000) })],
    ['near the noise', 'passed', saw({ noiseScale: over(100) })],
    [
      'noise only towards the end',
      'passed',
      saw({ noiseScale: { steps: [0, 10, 100, 600, 1000], values: [50, 60, 70, 1e5, 1e6] } }),
    ],
    ['not measured', 'undecided', evidence()],
    ['all rows', 'irrelevant', evidence({ experiment: experiment(full) })],
  ],
  'batch-too-large': [
    [
      'far above the noise',
      'information',
      saw(
        { noiseScale: over(3) },
        {
          experiment: experiment({
            batches: { sampling: 'epochs', batchSize: said(256), shuffle: said(true), dropLast: false, range: range(9) },
          }),
        },
      ),
    ],
    ['a usual batch', 'passed', saw({ noiseScale: over(3) })],
    ...(['plan', 'divergence'] as const).map(
      (stoppedBy) =>
        [
          stoppedBy === 'plan' ? 'hardly any steps' : 'a run that ends at once lacks no steps',
          stoppedBy === 'plan' ? 'warning' : 'undecided',
          saw(
            { epochLoss: flat(0.9) },
            {
              experiment: experiment({
                batches: { sampling: 'epochs', batchSize: said(256), shuffle: said(true), dropLast: false, range: range(9) },
              }),
              run: run({ steps: stoppedBy === 'plan' ? 20 : 4, ofSteps: 20, stoppedBy }),
              baseline: trial(stoppedBy === 'plan' ? 0.9 : NaN),
            },
          ),
          { 'batch=32': trial(0.1), unchanged: trial(stoppedBy === 'plan' ? 0.9 : NaN) },
        ] as const,
    ),
  ],
  'exploding-gradient': [
    [
      'a spike, clipping helps',
      'warning',
      saw({ gradientNorm: evenly(spiky(400)) }, { ...script(), baseline: trial(0.6) }),
      { 'exploding-gradient:fix': trial(0.1), 'lr=0.03': trial(0.5), 'lr=0.01': trial(0.7), unchanged: trial(0.6) },
    ],
    [
      'a spike that a lower rate does away with',
      'passed',
      saw({ gradientNorm: evenly(spiky(400)) }, { ...script(), baseline: trial(0.6) }),
      { 'exploding-gradient:fix': trial(0.1), 'lr=0.03': trial(0.11), 'lr=0.01': trial(0.7), unchanged: trial(0.6) },
    ],
    [
      'a spike without harm',
      'passed',
      saw({ gradientNorm: evenly(spiky(400)) }, { ...script(), baseline: trial(0.1) }),
      { 'exploding-gradient:fix': trial(0.1) },
    ],
    ['no spike', 'passed', saw({ gradientNorm: evenly(spiky(3)) }, script())],
    [
      'clipped',
      'passed',
      saw(
        { gradientNorm: evenly(spiky(400)) },
        script({ loop: loop({ clipping: { kind: 'norm', limit: said(1), normType: 2, range: range(41) } }) }),
      ),
    ],
  ],
};

describe.each(Object.entries(cases) as [RuleId, readonly Case[]][])('%s', (id, list) => {
  it.each(list.map(([what, expected, e, results]) => ({ what, expected, e, results })))(
    '$what: $expected',
    ({ expected, e, results }) => {
      expect(verdict(id, e, results)).toBe(expected);
    },
  );
});

import { describe, expect, it } from 'vitest';
import { ruleOf } from '../../src/diagnosis/registry';
import type { Evidence } from '../../src/diagnosis/rule';
import type { RuleId, Severity } from '../../src/records/finding';
import type { Measurements } from '../../src/records/measurement';
import type { TrialResult } from '../../src/records/trial';
import {
  applied,
  at,
  bceWithLogits,
  chain,
  column,
  crossEntropy,
  evenly,
  evidence,
  experiment,
  layer,
  linear,
  loop,
  mse,
  optimizer,
  over,
  path,
  range,
  relu,
  run,
  said,
  statistics,
  tanh,
  trial,
  unrun,
} from './evidence';
import { settle } from './settle';

type Verdict = Severity | 'passed' | 'undecided' | 'irrelevant';
type Case = readonly [what: string, expected: Verdict, evidence: Evidence, results?: Readonly<Record<string, TrialResult>>];

function verdict(id: RuleId, e: Evidence, results: Readonly<Record<string, TrialResult>> = {}): Verdict {
  const { outcome } = settle(ruleOf(id), e, results);
  if (outcome.kind === 'wants') throw new Error('unsettled');
  return outcome.kind === 'found' ? (outcome.findings[0]?.severity as Severity) : outcome.kind;
}

const saw = (measurements: Measurements, more: Partial<Evidence> = {}): Evidence => evidence({ measurements, ...more });
/** A loss that falls to `end` and goes on falling. */
const falling = (end = 0.05) => evenly(Array.from({ length: 30 }, (_, i) => 1 + ((end - 1) * i) / 29));
/** A loss that stays near `level` from a tenth of the run on. */
const flat = (level: number) => evenly(Array.from({ length: 40 }, (_, i) => (i < 4 ? 1 : level + 1e-4 * (i % 2))));
const steady = evenly(Array.from({ length: 100 }, () => 0.99));
const back = evenly(Array.from({ length: 100 }, () => -0.9));
const full = { batches: { sampling: 'full', batchSize: null, shuffle: said(false), dropLast: false, range: range(9) } } as const;
const text = [
  'model = net()',
  'optimizer = optim.SGD(model.parameters(), lr=0.1)',
  'for epoch in range(100):',
  '    for x, y in loader:',
  '        loss.backward()',
  '        optimizer.step()',
  'print(1)',
  '',
].join('\n');
const written = {
  optimizer: optimizer(
    'sgd',
    said(0.1, at(text, '0.1')),
    {},
    { call: at(text, 'optim.SGD(model.parameters(), lr=0.1)'), parametersArgument: at(text, 'model.parameters()') },
  ),
  loop: loop({
    range: { ...at(text, 'for epoch'), endLine: 6, endColumn: 25 },
    backward: at(text, 'loss.backward()'),
    step: at(text, 'optimizer.step()'),
  }),
};
const script = (more: Parameters<typeof experiment>[0] = {}) => ({
  experiment: experiment({ ...written, ...more }),
  texts: { [path]: text },
});
const deep = chain([linear(10, 16), tanh(), linear(16, 16), tanh(), linear(16, 3)], crossEntropy());
const rectified = chain([linear(10, 16), relu(), linear(16, 3)], crossEntropy());
const sigmoidText = 'net = nn.Sequential(nn.Linear(10, 16), nn.Sigmoid(), nn.Linear(16, 3))\n';
const sigmoids = chain(
  [linear(10, 16), layer('sigmoid', {}, { range: at(sigmoidText, 'nn.Sigmoid()') }), linear(16, 3)],
  crossEntropy(),
);
const withSigmoids = { experiment: experiment({ model: sigmoids }), texts: { [path]: sigmoidText } };
const initText = 'nn.init.normal_(net[0].weight, std=0.001)\n';
const small = linear(10, 16, {
  weight: { initializer: { kind: 'normal', mean: 0, deviation: 0.001 }, isDefault: false, range: at(initText, initText.trim()) },
});
const tiny = {
  experiment: experiment({ model: chain([small, tanh(), linear(16, 3)], crossEntropy()) }),
  texts: { [path]: initText },
};
const initKey = `init-scale:1:1`;
const validated = { validation: { inputs: [0], targets: [1], inputRange: range(8), targetRange: range(8) } };

const cases: Partial<Record<RuleId, readonly Case[]>> = {
  'non-finite': [
    [
      'a logarithm of 0',
      'error',
      evidence({
        run: run({ stoppedBy: 'divergence', steps: 3, nonFinite: { step: 3, node: 'net.0', operation: 'log', pass: 'forward' } }),
      }),
    ],
    ['all finite', 'passed', evidence()],
    ['not run', 'undecided', unrun()],
  ],
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
  ],
  'init-scale': [
    [
      'tiny weights, the usual ones are better',
      'warning',
      evidence({ ...tiny, baseline: trial(0.7) }),
      { [initKey]: trial(0.1), unchanged: trial(0.7) },
    ],
    ['tiny weights, no harm', 'passed', evidence({ ...tiny, baseline: trial(0.1) }), { [initKey]: trial(0.1) }],
    ['default', 'passed', evidence()],
    ['tiny, not run', 'undecided', unrun(tiny)],
  ],
  'dead-units': [
    [
      'all dead, loss stays',
      'warning',
      saw(
        { epochLoss: flat(0.95), 'dead/net.1': over(1) },
        { experiment: experiment({ model: rectified }), baseline: trial(0.95, { dead: 1 }) },
      ),
      { 'lr=0.03': trial(0.95, { dead: 1 }) },
    ],
    [
      'half dead, a lower rate is better',
      'warning',
      saw(
        { epochLoss: falling(0.5), 'dead/net.1': over(0.6) },
        { experiment: experiment({ model: rectified }), baseline: trial(0.5, { dead: 0.6 }) },
      ),
      { 'lr=0.03': trial(0.1, { dead: 0.1 }), unchanged: trial(0.5, { dead: 0.6 }) },
    ],
    [
      'half dead, fitted',
      'passed',
      saw({ epochLoss: falling(0.02), 'dead/net.1': over(0.6) }, { experiment: experiment({ model: rectified }) }),
      { 'lr=0.03': trial(0.1) },
    ],
    [
      'a few dead',
      'passed',
      saw({ epochLoss: falling(), 'dead/net.1': over(0.1) }, { experiment: experiment({ model: rectified }) }),
    ],
    ['no ReLU', 'irrelevant', evidence()],
  ],
  'vanishing-gradient': [
    [
      'a ten-thousandth, loss stays',
      'warning',
      saw(
        { epochLoss: flat(0.9), 'gradientNorm/net.0.weight': over(1e-5), 'gradientNorm/net.4.weight': over(0.1) },
        { experiment: experiment({ model: deep }) },
      ),
    ],
    [
      'a ten-thousandth, loss falls',
      'passed',
      saw(
        { epochLoss: falling(), 'gradientNorm/net.0.weight': over(1e-5), 'gradientNorm/net.4.weight': over(0.1) },
        { experiment: experiment({ model: deep }) },
      ),
    ],
    [
      'a tenth',
      'passed',
      saw(
        { epochLoss: flat(0.9), 'gradientNorm/net.0.weight': over(0.01), 'gradientNorm/net.4.weight': over(0.1) },
        { experiment: experiment({ model: deep }) },
      ),
    ],
    ['two layers', 'irrelevant', evidence()],
    ['not measured', 'undecided', evidence({ experiment: experiment({ model: deep }) })],
  ],
  'exploding-gradient': [
    [
      'a spike, clipping helps',
      'warning',
      saw({ gradientNorm: evenly(spiky(400)) }, { ...script(), baseline: trial(0.6) }),
      { 'exploding-gradient:fix': trial(0.1), unchanged: trial(0.6) },
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
  'uncentred-activations': [
    [
      'sigmoids, tanh gets much further',
      'warning',
      saw({ epochLoss: falling(0.8), 'activationCentre/net.1': over(0.97) }, { ...withSigmoids, baseline: trial(0.8) }),
      { 'uncentred-activations:tanh': trial(0.1), unchanged: trial(0.8) },
    ],
    [
      'sigmoids, tanh is somewhat better',
      'information',
      saw({ epochLoss: falling(0.3), 'activationCentre/net.1': over(0.97) }, { ...withSigmoids, baseline: trial(0.3) }),
      { 'uncentred-activations:tanh': trial(0.1), unchanged: trial(0.3) },
    ],
    ['sigmoids that fit', 'passed', saw({ epochLoss: falling(0.01), 'activationCentre/net.1': over(0.97) }, withSigmoids)],
    ['spread out', 'passed', saw({ epochLoss: falling(0.8), 'activationCentre/net.1': over(0.7) }, withSigmoids)],
    ['tanh', 'irrelevant', evidence()],
  ],
  plateau: [
    [
      'flat, a third of the rate gets lower',
      'warning',
      saw({ epochLoss: flat(0.9) }, { ...script(), baseline: trial(0.9) }),
      { 'lr=0.3': trial(0.9), 'lr=0.03': trial(0.2), unchanged: trial(0.9) },
    ],
    [
      'flat, nothing helps',
      'information',
      saw({ epochLoss: flat(0.9) }, { ...script(), baseline: trial(0.9) }),
      { 'lr=0.3': trial(0.9), 'lr=0.03': trial(0.9) },
    ],
    ['flat and low', 'passed', saw({ epochLoss: flat(0.02) }, script())],
    ['falling', 'passed', saw({ epochLoss: falling(0.6) }, script())],
    ['not measured', 'undecided', evidence()],
  ],
  'saddle-point': [
    [
      'sits, another start leaves it',
      'warning',
      saw({ ...stuck(-0.3), epochLoss: flat(1) }, { ...tiny, baseline: trial(1) }),
      { [initKey]: trial(0.1), unchanged: trial(1) },
    ],
    ['sits, a line search goes down', 'warning', saw({ ...stuck(-0.3), epochLoss: flat(0.9), saddleDescent: over(0.2) })],
    ['sits, escape unknown', 'information', saw({ ...stuck(-0.3), epochLoss: flat(0.9) })],
    ['passes it', 'information', saw({ ...stuck(-0.3), epochLoss: falling(0.4) })],
    ['a tiny negative eigenvalue', 'passed', saw({ ...stuck(-0.01), epochLoss: flat(0.9) })],
    ['within the residual', 'passed', saw({ ...stuck(-0.3), lambdaMinResidual: over(0.2), epochLoss: flat(0.9) })],
    ['a large gradient', 'passed', saw({ ...stuck(-0.3), probeGradientNorm: over(1), epochLoss: flat(0.9) })],
    ['zero to precision, the start left', 'passed', saw({ ...stuck(0), epochLoss: flat(0.4) })],
    ['not measured', 'undecided', evidence()],
  ],
  'at-maximum': [
    ['all directions lead down', 'warning', saw({ ...stuck(-2), lambdaMax: over(-0.5), epochLoss: flat(1) })],
    ['a saddle', 'passed', saw({ ...stuck(-2), epochLoss: flat(1) })],
  ],
  'local-minimum': [
    ['all found are positive', 'information', saw({ ...stuck(0.2), epochLoss: falling() })],
    ['zero to precision', 'passed', saw({ ...stuck(0), epochLoss: falling() })],
  ],
  'ill-conditioned': [
    ['most of the loss is slow', 'information', saw({ slowModeShare: over(0.9), epochLoss: falling(0.5) })],
    ['little is left', 'passed', saw({ slowModeShare: over(0.9), epochLoss: falling(0.01) })],
    ['not measured', 'undecided', evidence()],
  ],
  overfitting: [
    [
      'validation rises for long',
      'warning',
      saw({ epochLoss: falling(), validationLoss: turning(0.5, 1.2) }, { experiment: experiment(validated) }),
    ],
    [
      'right answers hold',
      'information',
      saw(
        { epochLoss: falling(), validationLoss: turning(0.5, 1.2), validationAccuracy: over(0.9) },
        { experiment: experiment(validated) },
      ),
    ],
    [
      'a small gap',
      'passed',
      saw({ epochLoss: falling(), validationLoss: turning(0.5, 0.55) }, { experiment: experiment(validated) }),
    ],
    [
      'still falling',
      'passed',
      saw({ epochLoss: falling(), validationLoss: falling(0.3) }, { experiment: experiment(validated) }),
    ],
    [
      'stops early itself',
      'passed',
      saw(
        { epochLoss: falling(), validationLoss: turning(0.5, 1.2) },
        { experiment: experiment({ ...validated, loop: loop({ earlyStopping: { patience: 5, range: range(50) } }) }) },
      ),
    ],
    ['no validation', 'irrelevant', saw({ epochLoss: falling() })],
  ],
  underfitting: [
    ['as good as the majority', 'information', saw({ epochLoss: flat(0.95), accuracy: over(0.34) })],
    ['better', 'passed', saw({ epochLoss: flat(0.95), accuracy: over(0.6) })],
  ],
  'stopped-too-early': [
    ['still falling clearly', 'information', saw({ epochLoss: falling(0.2) })],
    ['done', 'passed', saw({ epochLoss: flat(0.1) })],
    ['a part was run', 'undecided', saw({ epochLoss: falling(0.2) }, { run: run({ ofSteps: 9000 }) })],
  ],
  'loss-at-init': [
    ['far above even guesses', 'information', saw({ epochLoss: evenly([46, 3, 1]) })],
    ['even guesses', 'passed', saw({ epochLoss: evenly([1.15, 0.5, 0.1]) })],
    [
      'regression',
      'irrelevant',
      saw({ epochLoss: evenly([46, 3, 1]) }, { experiment: experiment({ model: chain([linear(10, 1)], mse()) }) }),
    ],
    [
      'two classes by one logit',
      'passed',
      saw({ epochLoss: evenly([0.71, 0.1]) }, { experiment: experiment({ model: chain([linear(10, 1)], bceWithLogits()) }) }),
    ],
  ],
  'uncentred-inputs': [
    [
      'far means, centred is better',
      'warning',
      offCentre(20, 1, trial(0.8)),
      { 'uncentred-inputs:centre': trial(0.1), unchanged: trial(0.8) },
    ],
    ['far means, no harm', 'passed', offCentre(20, 1, trial(0.1)), { 'uncentred-inputs:centre': trial(0.1) }],
    ['[0, 1] pixels', 'passed', offCentre(0.5, 0.3, trial(0.8))],
  ],
  'ill-conditioned-inputs': [
    [
      "the lecture's rows",
      'warning',
      lecture(7e11, 2.5),
      { 'ill-conditioned-inputs:standardise': trial(0.001), unchanged: trial(0.66) },
    ],
    [
      'only with another rate',
      'warning',
      lecture(7e11, 2.5),
      {
        'ill-conditioned-inputs:standardise': trial(0.9),
        'ill-conditioned-inputs:standardise+lr': trial(0.001),
        unchanged: trial(0.66),
      },
    ],
    ['correlated columns, which no scaling cures', 'passed', lecture(7e11, 5e11)],
    ['a sum of other columns', 'passed', lecture(Infinity, Infinity)],
    ['usual', 'passed', evidence()],
  ],
};

function spiky(height: number): number[] {
  return Array.from({ length: 60 }, (_, i) => (i === 40 ? height : 1 + 0.1 * (i % 3)));
}

/** Curvature at a point whose gradient is small, with the smallest eigenvalue given and the largest 1. */
function stuck(smallest: number): Measurements {
  return {
    learningRate: over(0.1),
    lambdaMax: over(1),
    lambdaMin: over(smallest),
    lambdaMinResidual: over(0.001),
    lambdaMaxResidual: over(0.001),
    probeGradientNorm: over(1, 1e-6),
  };
}

/** Falls to `low` at a third of the run and rises to `end`. */
function turning(low: number, end: number) {
  return evenly(Array.from({ length: 30 }, (_, i) => (i < 10 ? 1 - ((1 - low) * i) / 10 : low + ((end - low) * (i - 10)) / 19)));
}

function offCentre(mean: number, deviation: number, baseline: TrialResult): Evidence {
  const inputs = 'X = torch.tensor(values)\n';
  const train = { inputs: [0], targets: [1], inputRange: at(inputs, 'torch.tensor(values)'), targetRange: range(3) };
  return evidence({
    experiment: experiment({ train }),
    statistics: statistics({ columns: [column(mean, deviation), column(mean, deviation)] }),
    texts: { [path]: inputs },
    baseline,
  });
}

function lecture(raw: number, standardised: number): Evidence {
  const inputs = 'X = torch.tensor(rows)\nopt = SGD(p, lr=2e-7)\n';
  const train = { inputs: [0], targets: [1], inputRange: at(inputs, 'torch.tensor(rows)'), targetRange: range(3) };
  return evidence({
    experiment: experiment({ train, optimizer: optimizer('sgd', said(2e-7, at(inputs, '2e-7'))) }),
    statistics: statistics({
      columns: [column(1001, 1.8), column(1002, 2.6)],
      secondMoment: { largest: 2e6, smallest: 2e6 / raw, condition: raw },
      standardisedMoment: { largest: 1.5, smallest: 1.5 / standardised, condition: standardised },
    }),
    texts: { [path]: inputs },
    baseline: trial(0.66),
  });
}

describe.each(Object.entries(cases) as [RuleId, readonly Case[]][])('%s', (id, list) => {
  it.each(list.map(([what, expected, e, results]) => ({ what, expected, e, results })))(
    '$what: $expected',
    ({ expected, e, results }) => {
      expect(verdict(id, e, results)).toBe(expected);
    },
  );
});

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
      applied(text, fixOf('exploding-gradient', e, { 'exploding-gradient:fix': trial(0.1), unchanged: trial(0.6) })),
    ).toContain(
      'loss.backward()\n        torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=2)\n        optimizer.step()',
    );
  });

  it('scaled inputs come with the rate that suits them', () => {
    const edits = fixOf('ill-conditioned-inputs', lecture(7e11, 2.5), {
      'ill-conditioned-inputs:standardise': trial(0.9),
      'ill-conditioned-inputs:standardise+lr': trial(0.001),
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

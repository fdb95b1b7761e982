/** Courses of runs, made by hand, and the scripts that they belong to. */
import { ruleOf } from '../../src/diagnosis/registry';
import type { Evidence } from '../../src/diagnosis/rule';
import type { RuleId, Severity } from '../../src/records/finding';
import type { Measurements } from '../../src/records/measurement';
import type { TrialResult } from '../../src/records/trial';
import {
  at,
  chain,
  column,
  crossEntropy,
  evenly,
  evidence,
  experiment,
  layer,
  linear,
  loop,
  optimizer,
  over,
  path,
  range,
  relu,
  said,
  statistics,
  tanh,
  trial,
} from './evidence';
import { settle } from './settle';

export type Verdict = Severity | 'passed' | 'undecided' | 'irrelevant';
export type Case = readonly [
  what: string,
  expected: Verdict,
  evidence: Evidence,
  results?: Readonly<Record<string, TrialResult>>,
];

export function verdict(id: RuleId, e: Evidence, results: Readonly<Record<string, TrialResult>> = {}): Verdict {
  const { outcome } = settle(ruleOf(id), e, results);
  if (outcome.kind === 'wants') throw new Error('unsettled');
  return outcome.kind === 'found' ? (outcome.findings[0]?.severity as Severity) : outcome.kind;
}

export const saw = (measurements: Measurements, more: Partial<Evidence> = {}): Evidence => evidence({ measurements, ...more });
/** A loss that falls to `end` and goes on falling. */
export const falling = (end = 0.05) => evenly(Array.from({ length: 30 }, (_, i) => 1 + ((end - 1) * i) / 29));
/** A loss that stays near `level` from a tenth of the run on. */
export const flat = (level: number) => evenly(Array.from({ length: 40 }, (_, i) => (i < 4 ? 1 : level + 1e-4 * (i % 2))));
export const steady = evenly(Array.from({ length: 100 }, () => 0.99));
export const back = evenly(Array.from({ length: 100 }, () => -0.9));
export const full = {
  batches: { sampling: 'full', batchSize: null, shuffle: said(false), dropLast: false, range: range(9) },
} as const;
export const text = [
  'model = net()',
  'optimizer = optim.SGD(model.parameters(), lr=0.1)',
  'for epoch in range(100):',
  '    for x, y in loader:',
  '        loss.backward()',
  '        optimizer.step()',
  'print(1)',
  '',
].join('\n');
export const written = {
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
export const script = (more: Parameters<typeof experiment>[0] = {}) => ({
  experiment: experiment({ ...written, ...more }),
  texts: { [path]: text },
});
export const deep = chain([linear(10, 16), tanh(), linear(16, 16), tanh(), linear(16, 3)], crossEntropy());
export const rectified = chain([linear(10, 16), relu(), linear(16, 3)], crossEntropy());
export const sigmoidText = 'net = nn.Sequential(nn.Linear(10, 16), nn.Sigmoid(), nn.Linear(16, 3))\n';
export const sigmoids = chain(
  [linear(10, 16), layer('sigmoid', {}, { range: at(sigmoidText, 'nn.Sigmoid()') }), linear(16, 3)],
  crossEntropy(),
);
export const withSigmoids = { experiment: experiment({ model: sigmoids }), texts: { [path]: sigmoidText } };
export const initText = 'nn.init.normal_(net[0].weight, std=0.001)\n';
export const small = linear(10, 16, {
  weight: { initializer: { kind: 'normal', mean: 0, deviation: 0.001 }, isDefault: false, range: at(initText, initText.trim()) },
});
export const tiny = {
  experiment: experiment({ model: chain([small, tanh(), linear(16, 3)], crossEntropy()) }),
  texts: { [path]: initText },
};
export const initKey = `init-scale:1:1`;
export const validated = { validation: { inputs: [0], targets: [1], inputRange: range(8), targetRange: range(8) } };

export function spiky(height: number): number[] {
  return Array.from({ length: 60 }, (_, i) => (i === 40 ? height : 1 + 0.1 * (i % 3)));
}

/** Curvature at a point whose gradient is small, with the smallest eigenvalue given and the largest 1. */
export function stuck(smallest: number): Measurements {
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
export function turning(low: number, end: number) {
  return evenly(Array.from({ length: 30 }, (_, i) => (i < 10 ? 1 - ((1 - low) * i) / 10 : low + ((end - low) * (i - 10)) / 19)));
}

export function offCentre(mean: number, deviation: number, baseline: TrialResult): Evidence {
  const inputs = 'X = torch.tensor(values)\n';
  const train = { inputs: [0], targets: [1], inputRange: at(inputs, 'torch.tensor(values)'), targetRange: range(3) };
  return evidence({
    experiment: experiment({ train }),
    statistics: statistics({ columns: [column(mean, deviation), column(mean, deviation)] }),
    texts: { [path]: inputs },
    baseline,
  });
}

export function lecture(raw: number, standardised: number): Evidence {
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

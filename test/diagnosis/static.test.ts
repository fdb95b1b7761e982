import { describe, expect, it } from 'vitest';
import { ruleOf } from '../../src/diagnosis/registry';
import type { Evidence } from '../../src/diagnosis/rule';
import type { Experiment, Loop } from '../../src/records/experiment';
import type { RuleId, Severity } from '../../src/records/finding';
import type { ModelGraph } from '../../src/records/model/graph';
import type { Schedule } from '../../src/records/optimizer';
import {
  bce,
  bceWithLogits,
  chain,
  column,
  crossEntropy,
  experiment,
  layer,
  linear,
  loop,
  mse,
  optimizer,
  range,
  relu,
  said,
  statistics,
  tanh,
  unrun,
} from './evidence';
import { settle } from './settle';

/** What a rule says of one script: the severity of its worst finding, or the kind of its outcome. */
type Verdict = Severity | 'passed' | 'undecided' | 'irrelevant';
type Case = readonly [what: string, expected: Verdict, evidence: Evidence];

function verdict(id: RuleId, e: Evidence): Verdict {
  const { outcome } = settle(ruleOf(id), e);
  if (outcome.kind === 'wants') throw new Error('unsettled');
  if (outcome.kind !== 'found') return outcome.kind;
  return (['error', 'warning', 'information', 'hint'] as const).find((severity) =>
    outcome.findings.some((one) => one.severity === severity),
  ) as Severity;
}

const script = (more: Partial<Experiment>): Evidence => unrun({ experiment: experiment(more) });
const model = (graph: ModelGraph): Evidence => script({ model: graph });
const looped = (more: Partial<Loop>): Evidence => script({ loop: loop(more) });
const data = (more: Parameters<typeof statistics>[0], also: Partial<Experiment> = {}): Evidence =>
  unrun({ experiment: experiment(also), statistics: statistics(more) });
const numbers = {
  kind: 'numbers',
  shape: [300, 1],
  counts: [],
  mean: 0,
  variance: 1,
  minimum: -2,
  maximum: 2,
  missing: 0,
  runsZ: null,
} as const;
const classes = { ...statistics().target };
const binary = { ...classes, type: 'integer', counts: [150, 150], maximum: 1 } as const;
const nll = () => layer('nll', { reduction: 'mean', weight: null, ignoreIndex: -100 });
const softmax = () => layer('softmax', { axis: 1 });
const sigmoid = () => layer('sigmoid', {});
const norm = (dimensions: 1 | 2 = 1) =>
  layer('batchNorm', { features: 16, epsilon: 1e-5, momentum: 0.1, trackStatistics: true, dimensions });
const dropout = (p: number) => layer('dropout', { p, call: 0 });
const dropped = chain([linear(10, 16), relu(), dropout(0.5), linear(16, 3)], crossEntropy());
const normed = chain([linear(10, 16, { bias: null }), norm(), relu(), linear(16, 3)], crossEntropy());
const batches = (size: number, more: object = {}) =>
  ({
    batches: { sampling: 'epochs', batchSize: said(size), shuffle: said(true), dropLast: false, range: range(9), ...more },
  }) as Partial<Experiment>;
const evaluation = (more: object) => ({
  range: range(50),
  evalMode: true,
  noGrad: true,
  trainModeRestored: true,
  per: 'epoch' as const,
  ...more,
});
const schedule = (rule: Schedule['rule'], per: 'epoch' | 'batch', stepped = true): Partial<Experiment> => ({
  schedules: [{ rule, per, range: range(31), stepCall: stepped ? range(43) : null }],
});
const zeros = { initializer: { kind: 'constant', value: 0 }, isDefault: false } as const;
const tenths = { initializer: { kind: 'constant', value: 0.1 }, isDefault: false } as const;

const cases: Partial<Record<RuleId, readonly Case[]>> = {
  'sigmoid-before-bce-with-logits': [
    ['sigmoid, then the loss with logits', 'warning', model(chain([linear(4, 1), sigmoid()], bceWithLogits()))],
    ['logits', 'passed', model(chain([linear(4, 1)], bceWithLogits()))],
    ['sigmoid, then BCELoss', 'irrelevant', model(chain([linear(4, 1), sigmoid()], bce()))],
    ['no model', 'undecided', script({ model: null })],
  ],
  'missing-output-activation': [
    ['raw output into BCELoss', 'error', model(chain([linear(4, 1)], bce()))],
    ['raw output into NLLLoss', 'error', model(chain([linear(4, 3)], nll()))],
    ['softmax into NLLLoss', 'error', model(chain([linear(4, 3), softmax()], nll()))],
    ['sigmoid into BCELoss', 'passed', model(chain([linear(4, 1), sigmoid()], bce()))],
    ['log-softmax into NLLLoss', 'passed', model(chain([linear(4, 3), layer('logSoftmax', { axis: 1 })], nll()))],
    ['clamped into BCELoss', 'passed', model(chain([linear(4, 1), layer('clamp', { low: 0, high: 1 })], bce()))],
  ],
  'activation-before-loss': [
    ['ReLU on logits', 'warning', model(chain([linear(4, 3), relu()], crossEntropy()))],
    ['leaky ReLU', 'passed', model(chain([linear(4, 3), layer('leakyRelu', { slope: 0.01 })], crossEntropy()))],
    ['scaled tanh on logits', 'passed', model(chain([linear(4, 3), tanh(), layer('multiply', {})], crossEntropy()))],
    ['ReLU under targets of both signs', 'warning', data({ target: numbers }, { model: chain([linear(4, 1), relu()], mse()) })],
    [
      'ReLU over positive targets',
      'passed',
      data({ target: { ...numbers, minimum: 0.1, maximum: 9 } }, { model: chain([linear(4, 1), relu()], mse()) }),
    ],
    [
      'sigmoid under targets in [0, 1]',
      'passed',
      data({ target: { ...numbers, minimum: 0, maximum: 1 } }, { model: chain([linear(4, 1), sigmoid()], mse()) }),
    ],
    [
      'sigmoid under class numbers to 2 and a squared loss',
      'warning',
      data({ target: classes }, { model: chain([linear(4, 1), sigmoid()], mse()) }),
    ],
    ['ReLU, targets unknown', 'undecided', model(chain([linear(4, 1), relu()], mse()))],
  ],
  'missing-step': [
    ['no step', 'error', looped({ step: null })],
    ['a step', 'passed', looped({})],
    ['something unread', 'undecided', script({ loop: loop({ step: null }), unread: [{ text: 'x', range: range(1) }] })],
  ],
  'missing-backward': [
    ['no backward', 'error', looped({ backward: null })],
    ['backward', 'passed', looped({})],
  ],
  'missing-eval-mode': [
    [
      'dropout, evaluated in training mode',
      'warning',
      script({ model: dropped, loop: loop({ evaluation: evaluation({ evalMode: false }) }) }),
    ],
    ['dropout, evaluated in evaluation mode', 'passed', script({ model: dropped, loop: loop({ evaluation: evaluation({}) }) })],
    ['no dropout', 'irrelevant', looped({ evaluation: evaluation({ evalMode: false }) })],
    ['no evaluation', 'irrelevant', script({ model: dropped })],
  ],
  'missing-train-mode': [
    [
      'never back in training mode',
      'warning',
      script({ model: dropped, loop: loop({ evaluation: evaluation({ trainModeRestored: false }) }) }),
    ],
    [
      'evaluated at the end only',
      'passed',
      script({ model: dropped, loop: loop({ evaluation: evaluation({ trainModeRestored: false, per: 'end' }) }) }),
    ],
    ['trains in evaluation mode', 'warning', script({ model: normed, loop: loop({ trainsInEvalMode: true }) })],
    ['no modes', 'irrelevant', looped({ trainsInEvalMode: true })],
  ],
  'parameters-not-optimized': [
    ['one layer of two', 'warning', script({ optimizer: optimizer('sgd', 0.1, {}, { groups: [{ parameters: [2, 3] }] }) })],
    ['all', 'passed', script({})],
    [
      'frozen on purpose',
      'passed',
      script({
        model: chain(
          [linear(4, 8, { weight: { trainable: false }, bias: { trainable: false } }), relu(), linear(8, 3)],
          crossEntropy(),
        ),
        optimizer: optimizer('sgd', 0.1, {}, { groups: [{ parameters: [2, 3] }] }),
      }),
    ],
    [
      'two optimizers',
      'information',
      unrun({
        experiment: experiment({ optimizer: optimizer('sgd', 0.1, {}, { groups: [{ parameters: [2, 3] }] }) }),
        texts: { 'train.py': 'a = optim.SGD(f())\nb = optim.Adam(g())' },
      }),
    ],
  ],
  'scheduler-misplaced': [
    ['never stepped', 'warning', script(schedule({ kind: 'step', stepSize: 30, gamma: 0.1 }, 'epoch', false))],
    ['once an epoch', 'passed', script(schedule({ kind: 'step', stepSize: 30, gamma: 0.1 }, 'epoch'))],
    [
      'epochs counted, stepped for every batch',
      'warning',
      data({}, schedule({ kind: 'step', stepSize: 30, gamma: 0.1 }, 'batch')),
    ],
    [
      'cosine over the epochs, stepped for every batch',
      'warning',
      data({}, schedule({ kind: 'cosine', period: 100, minimum: 0 }, 'batch')),
    ],
    [
      'cosine over all steps, stepped for every batch',
      'passed',
      data({}, schedule({ kind: 'cosine', period: 1000, minimum: 0 }, 'batch')),
    ],
    [
      'warm restarts for every batch',
      'passed',
      data({}, schedule({ kind: 'cosineWarmRestarts', period: 10, factor: 1, minimum: 0 }, 'batch')),
    ],
    ['no schedule', 'irrelevant', script({})],
  ],
  'batch-norm-tiny-batch': [
    ['batches of one', 'error', script({ model: normed, ...batches(1) })],
    ['a last batch of one', 'error', data({ rows: 321 }, { model: normed, ...batches(32) })],
    ['the last batch dropped', 'passed', data({ rows: 321 }, { model: normed, ...batches(32, { dropLast: true }) })],
    ['batches of two', 'information', script({ model: normed, ...batches(2) })],
    ['batches of 32', 'passed', script({ model: normed, ...batches(32) })],
    ['no batch norm', 'irrelevant', script(batches(1))],
  ],
  'bias-before-norm': [
    ['bias, then norm', 'hint', model(chain([linear(10, 16), norm(), relu(), linear(16, 3)], crossEntropy()))],
    ['no bias', 'passed', model(normed)],
    ['a ReLU between', 'passed', model(chain([linear(10, 16), relu(), norm(), linear(16, 3)], crossEntropy()))],
    ['no norm', 'irrelevant', script({})],
  ],
  'dropout-before-norm': [
    [
      'dropout, weights, norm',
      'information',
      model(chain([dropout(0.3), linear(10, 16), norm(), linear(16, 3)], crossEntropy())),
    ],
    [
      'dropout after the last norm',
      'passed',
      model(chain([linear(10, 16), norm(), relu(), dropout(0.3), linear(16, 3)], crossEntropy())),
    ],
    ['no dropout', 'irrelevant', model(normed)],
  ],
  'optimizer-settings': [
    ['a rate of 0', 'error', script({ optimizer: optimizer('sgd', 0) })],
    ['momentum 1', 'error', script({ optimizer: optimizer('sgd', 0.1, { momentum: said(1) }) })],
    ['Nesterov without momentum', 'error', script({ optimizer: optimizer('sgd', 0.1, { nesterov: said(true) }) })],
    ['β2 of 1', 'error', script({ optimizer: optimizer('adam', 0.1, { beta2: said(1) }) })],
    ['decay that outgrows', 'error', script({ optimizer: optimizer('adamw', 1, { weightDecay: said(3) }) })],
    ['dampening without momentum', 'information', script({ optimizer: optimizer('sgd', 0.1, { dampening: said(0.5) }) })],
    ['Adam at .05', 'passed', script({ optimizer: optimizer('adam', 0.05) })],
    [
      'Nesterov as it should be',
      'passed',
      script({ optimizer: optimizer('sgd', 0.1, { momentum: said(0.9), nesterov: said(true) }) }),
    ],
    ['no optimizer', 'undecided', script({ optimizer: null })],
  ],
  'wrong-sign': [
    ['maximize', 'error', script({ optimizer: optimizer('sgd', 0.1, {}, { maximize: true }) })],
    ['minimize', 'passed', script({})],
    ['the loss negated', 'error', model(negated())],
    ['negated and maximized', 'passed', script({ model: negated(), optimizer: optimizer('sgd', 0.1, {}, { maximize: true }) })],
  ],
  convex: [
    ['softmax regression', 'information', model(chain([linear(4, 3)], crossEntropy()))],
    ['a hidden layer', 'passed', script({})],
    ['a sigmoid under MSE', 'passed', model(chain([linear(4, 1), sigmoid()], mse()))],
  ],
  'zero-init': [
    [
      'zero throughout',
      'error',
      model(chain([linear(4, 8, { weight: zeros, bias: zeros }), tanh(), linear(8, 3, { weight: zeros })], crossEntropy())),
    ],
    [
      'zero before a ReLU',
      'error',
      model(chain([linear(4, 8, { weight: zeros, bias: zeros }), relu(), linear(8, 3)], crossEntropy())),
    ],
    [
      'zero hidden, random after, tanh',
      'passed',
      model(chain([linear(4, 8, { weight: zeros }), tanh(), linear(8, 3)], crossEntropy())),
    ],
    [
      'only the last layer zero',
      'passed',
      model(chain([linear(4, 8), relu(), linear(8, 3, { weight: zeros, bias: zeros })], crossEntropy())),
    ],
    ['regression from zero', 'passed', model(chain([linear(4, 3, { weight: zeros, bias: zeros })], crossEntropy()))],
  ],
  'symmetric-init': [
    [
      'constant in and out',
      'error',
      model(chain([linear(4, 8, { weight: tenths, bias: zeros }), tanh(), linear(8, 3, { weight: tenths })], crossEntropy())),
    ],
    [
      'constant, biases random',
      'warning',
      model(chain([linear(4, 8, { weight: tenths }), tanh(), linear(8, 3, { weight: tenths })], crossEntropy())),
    ],
    ['constant in, random out', 'passed', model(chain([linear(4, 8, { weight: tenths }), tanh(), linear(8, 3)], crossEntropy()))],
    [
      'one hidden unit',
      'passed',
      model(chain([linear(4, 1, { weight: tenths, bias: zeros }), tanh(), linear(1, 3, { weight: tenths })], crossEntropy())),
    ],
    ['default', 'passed', script({})],
  ],
  'constant-input': [
    ['one column of three', 'information', data({ columns: [column(0, 1), column(5, 0), column(0, 1)] })],
    ['all columns', 'error', data({ columns: [column(5, 0), column(1, 0)] })],
    ['border pixels', 'passed', data({ isImage: true, columns: [column(0, 0), column(0.5, 0.3)] })],
    [
      'padding before an embedding',
      'passed',
      data({ columns: [column(0, 0), column(3, 2)] }, { model: chain([layer('embedding', { count: 10, dimension: 4 })], mse()) }),
    ],
    [
      'a constant before a layer',
      'information',
      data({ columns: [column(0, 0), column(3, 2)] }, { model: chain([linear(2, 4)], mse()) }),
    ],
    ['none', 'passed', data({})],
    ['no data', 'undecided', script({})],
  ],
  'missing-values': [
    ['in a column', 'error', data({ columns: [column(0, 1, { missing: 3 }), column(0, 1)] })],
    ['in the target', 'error', data({ target: { ...classes, missing: 1 } })],
    ['none', 'passed', data({})],
  ],
  'class-imbalance': [
    ['one in fifty', 'information', data({ target: { ...classes, counts: [980, 20] } })],
    ['one in three', 'passed', data({ target: { ...classes, counts: [300, 100] } })],
    [
      'weighted',
      'passed',
      data({ target: { ...classes, counts: [980, 20] } }, { model: chain([linear(10, 2)], crossEntropy({ weight: [1, 49] })) }),
    ],
    ['regression', 'irrelevant', data({ target: numbers })],
  ],
  'conflicting-labels': [
    ['one row in ten', 'information', data({ conflictingRows: 30 })],
    ['one pair', 'passed', data({ conflictingRows: 2 })],
  ],
  'not-shuffled': [
    ['sorted, not shuffled', 'warning', data({ target: { ...classes, runsZ: -15 } }, batches(32, { shuffle: said(false) }))],
    ['mixed, not shuffled', 'passed', data({ target: { ...classes, runsZ: 0.4 } }, batches(32, { shuffle: said(false) }))],
    ['sorted, shuffled', 'passed', data({ target: { ...classes, runsZ: -15 } }, batches(32))],
    [
      'all rows at once',
      'irrelevant',
      data(
        { target: { ...classes, runsZ: -15 } },
        { batches: { sampling: 'full', batchSize: null, shuffle: said(false), dropLast: false, range: range(9) } },
      ),
    ],
    ['order unknown', 'undecided', script(batches(32, { shuffle: said(false) }))],
  ],
  'output-size': [
    ['two outputs for three classes', 'error', data({}, { model: chain([linear(10, 2)], crossEntropy()) })],
    ['three for three', 'passed', data({})],
    ['ten for three', 'passed', data({}, { model: chain([linear(10, 10)], crossEntropy()) })],
    [
      'as many as the data say',
      'passed',
      data({}, { model: chain([layer('linear', { in: 10, out: { symbol: 'classes' } })], crossEntropy()) }),
    ],
    ['class numbers below 0', 'error', data({ target: { ...numbers, shape: [300], minimum: -1, maximum: 1 } })],
    ['regression', 'irrelevant', data({}, { model: chain([linear(10, 1)], mse()) })],
    [
      'three classes under binary cross-entropy',
      'error',
      data({ target: { ...classes, type: 'integer' } }, { model: chain([linear(10, 1), sigmoid()], bce()) }),
    ],
    ['two classes there', 'passed', data({ target: binary }, { model: chain([linear(10, 1), sigmoid()], bce()) })],
  ],
  'target-shape': [
    ['[N, 1] against [N]', 'error', data({ target: { ...numbers, shape: [300] } }, { model: chain([linear(10, 1)], mse()) })],
    ['[N, 1] against [N, 1]', 'passed', data({ target: numbers }, { model: chain([linear(10, 1)], mse()) })],
    [
      'squeezed against [N]',
      'passed',
      data({ target: { ...numbers, shape: [300] } }, { model: chain([linear(10, 1), layer('squeeze', { axis: 1 })], mse()) }),
    ],
    ['unknown shape', 'passed', data({ target: numbers }, { model: chain([layer('sin', {})], mse()) })],
    ['class numbers', 'passed', data({ target: { ...classes, type: 'integer' } })],
  ],
  'dropout-too-high': [
    ['everything dropped', 'error', model(chain([linear(10, 16), dropout(1), linear(16, 3)], crossEntropy()))],
    ['a half', 'passed', model(dropped)],
    ['nine tenths, not run', 'undecided', model(chain([linear(10, 16), dropout(0.9), linear(16, 3)], crossEntropy()))],
    ['no dropout', 'irrelevant', script({})],
  ],
};
function negated(): ModelGraph {
  const graph = chain([linear(4, 3)], crossEntropy());
  const nodes = [
    ...graph.nodes,
    { ...graph.nodes[1], kind: 'negate', arguments: {}, inputs: [graph.nodes.length - 1], name: 'negate', parameters: {} },
  ];
  return { ...graph, nodes: nodes as ModelGraph['nodes'], loss: nodes.length - 1 };
}

describe.each(Object.entries(cases) as [RuleId, readonly Case[]][])('%s', (id, list) => {
  it.each(list)('%s: %s', (_, expected, e) => {
    expect(verdict(id, e)).toBe(expected);
  });
});

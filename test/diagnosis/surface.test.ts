import { describe, expect, it } from 'vitest';
import type { RuleId } from '../../src/records/finding';
import {
  bceWithLogits,
  chain,
  evenly,
  evidence,
  experiment,
  layer,
  linear,
  loop,
  mse,
  optimizer,
  over,
  range,
  run,
  said,
  trial,
  unrun,
} from './evidence';
import { nonFinite as nonFiniteRule } from '../../src/diagnosis/rules/nonFinite';
import type { ModelGraph } from '../../src/records/model/graph';
import type { Evidence } from '../../src/diagnosis/rule';
import type { Case } from './courses';
import { verdict, saw, falling, flat, script, tiny, initKey, validated, stuck, turning } from './courses';

const batchNorm = layer('batchNorm', { features: 4, epsilon: 1e-5, momentum: 0.1, trackStatistics: true, dimensions: 1 });
const normalised = { model: chain([linear(2, 4), batchNorm, linear(4, 1)], bceWithLogits()) };

/** The same of a model that no rows reach. */
const alone = (e: Evidence): Evidence => {
  const { model } = experiment();
  const nodes = model?.nodes.map((node) =>
    node.kind === 'input' || node.kind === 'target' ? { ...node, kind: 'constant' } : node,
  );
  return { ...e, experiment: { ...e.experiment, model: { ...model, nodes } as ModelGraph } };
};

const cases: Partial<Record<RuleId, readonly Case[]>> = {
  'saddle-point': [
    [
      'sits, another start leaves it',
      'warning',
      saw({ ...stuck(-0.3), epochLoss: flat(1) }, { ...tiny, baseline: trial(1) }),
      { [initKey]: trial(0.1), unchanged: trial(1) },
    ],
    [
      'sits, for the signal dies between the layers',
      'information',
      saw(
        { ...stuck(-0.3), epochLoss: flat(1), 'activationDeviation/a': over(0.01), 'activationDeviation/b': over(1e-5) },
        { ...tiny, baseline: trial(1) },
      ),
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
    [
      'batch norm, its scale directions not taken out',
      'undecided',
      saw({ ...stuck(-0.3), epochLoss: flat(0.9) }, { experiment: experiment(normalised) }),
    ],
    [
      'batch norm, indefinite along scale directions only',
      'passed',
      saw({ ...stuck(-0.3), scaleFreeLambdaMin: over(-0.01), epochLoss: flat(0.9) }, { experiment: experiment(normalised) }),
    ],
    [
      'batch norm, a saddle without them too',
      'warning',
      saw(
        { ...stuck(-0.4), scaleFreeLambdaMin: over(-0.3), epochLoss: flat(0.9), saddleDescent: over(0.2) },
        { experiment: experiment(normalised) },
      ),
    ],
    [
      'within the residual of the end without scale directions',
      'passed',
      saw({ ...stuck(-0.4), scaleFreeLambdaMin: over(-0.3), scaleFreeLambdaMinResidual: over(0.2), epochLoss: flat(0.9) }),
    ],
    ['a loss of zero, which is the least', 'passed', saw({ ...stuck(-0.3), epochLoss: falling(0) })],
    [
      'a loss of zero that is a function of parameters alone',
      'information',
      alone(saw({ ...stuck(-0.3), epochLoss: falling(0) })),
    ],
  ],
  'at-maximum': [
    ['all directions lead down', 'warning', saw({ ...stuck(-2), lambdaMax: over(-0.5), epochLoss: flat(1) })],
    ['a saddle', 'passed', saw({ ...stuck(-2), epochLoss: flat(1) })],
  ],
  'local-minimum': [
    ['all found are positive', 'information', saw({ ...stuck(0.2), epochLoss: falling() })],
    ['zero to precision', 'passed', saw({ ...stuck(0), epochLoss: falling() })],
    // 300 rows: one wrong answer would cost .0023 of the mean.
    [
      'classes that are told apart, for which the loss falls for ever',
      'passed',
      saw({ ...stuck(0.2), epochLoss: falling(1e-3) }),
    ],
    ['as little loss with an answer that may be wrong', 'information', saw({ ...stuck(0.2), epochLoss: falling(3e-3) })],
    [
      'as little loss held back by a decay',
      'information',
      saw(
        { ...stuck(0.2), epochLoss: falling(1e-3) },
        { experiment: experiment({ optimizer: optimizer('sgd', 0.1, { weightDecay: said(1e-3) }) }) },
      ),
    ],
    [
      'as little loss of squared errors',
      'information',
      saw({ ...stuck(0.2), epochLoss: falling(1e-3) }, { experiment: experiment({ model: chain([linear(2, 1)], mse()) }) }),
    ],
  ],
  'ill-conditioned': [
    ['most of the loss is slow', 'information', saw({ slowModeShare: over(0.9), epochLoss: falling(0.5) })],
    ['little is left', 'passed', saw({ slowModeShare: over(0.9), epochLoss: falling(0.01) })],
    [
      'most of the loss may be slow, or not',
      'undecided',
      saw({ slowModeShare: over(0.9), slowModeShareError: over(0.5), epochLoss: falling(0.5) }),
    ],
    [
      'most of it is slow beyond the error',
      'information',
      saw({ slowModeShare: over(0.9), slowModeShareError: over(0.1), epochLoss: falling(0.5) }),
    ],
    ['not measured', 'undecided', evidence()],
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
};

describe.each(Object.entries(cases) as [RuleId, readonly Case[]][])('%s', (id, list) => {
  it.each(list.map(([what, expected, e, results]) => ({ what, expected, e, results })))(
    '$what: $expected',
    ({ expected, e, results }) => {
      expect(verdict(id, e, results)).toBe(expected);
    },
  );
});

it('what is not finite before the first step is no matter of the rate', () => {
  const measured = { lambdaMax: over(1e6), rateLimit: over(2e-6), learningRate: over(0.1) };
  const message = (step: number): string => {
    const nonFinite = { step, node: 'net.0', operation: 'log', pass: 'forward' } as const;
    const outcome = nonFiniteRule.detect(saw(measured, { run: run({ stoppedBy: 'divergence', steps: step, nonFinite }) }));
    return outcome.kind === 'found' ? outcome.findings.map((finding) => finding.message).join(' ') : '';
  };
  expect(message(3)).toContain('The rate was above its limit');
  expect(message(0)).toContain('log');
  expect(message(0)).not.toContain('limit');
});

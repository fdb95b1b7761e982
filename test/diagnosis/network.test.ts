import { describe, expect, it } from 'vitest';
import { ruleOf } from '../../src/diagnosis/registry';
import type { RuleId } from '../../src/records/finding';
import { evidence, experiment, over, trial, unrun } from './evidence';
import { settle } from './settle';
import type { Case } from './courses';
import { verdict, saw, falling, flat, deep, rectified, withSigmoids, tiny, initKey, offCentre, lecture } from './courses';

const cases: Partial<Record<RuleId, readonly Case[]>> = {
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
        'lr=0.1': trial(NaN),
        unchanged: trial(0.66),
      },
    ],
    [
      'no better than that rate alone',
      'passed',
      lecture(7e11, 2.5),
      {
        'ill-conditioned-inputs:standardise': trial(0.9),
        'ill-conditioned-inputs:standardise+lr': trial(0.001),
        'lr=0.1': trial(0.001),
        unchanged: trial(0.66),
      },
    ],
    ['correlated columns, which no scaling cures', 'passed', lecture(7e11, 5e11)],
    ['a sum of other columns', 'passed', lecture(Infinity, Infinity)],
    ['usual', 'passed', evidence()],
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

describe('units that nearly all die on the way', () => {
  const dying = saw(
    { epochLoss: flat(0.95), 'dead/net.1': over(0.2, 1) },
    { experiment: experiment({ model: rectified }), baseline: trial(0.95, { dead: 1 }) },
  );
  const fixOf = (e: typeof dying): string | undefined => {
    const unchanged = trial(0.95, { dead: 1 });
    const third = trial(0.95, { dead: 1 });
    const { outcome } = settle(ruleOf('dead-units'), e, { unchanged, 'lr=0.03': third, 'lr=0.003': trial(0.1, { dead: 0.1 }) });
    return outcome.kind === 'found' ? outcome.findings[0]?.fixes[0]?.title : outcome.kind;
  };

  it('are held against much lower rates, of which the first that helps is offered', () => {
    expect(fixOf(dying)).toBe('Set the learning rate to 0.003');
  });

  it('are not, where they were dead from the start', () => {
    const fromStart = saw(
      { epochLoss: flat(0.95), 'dead/net.1': over(0.9, 1) },
      { experiment: experiment({ model: rectified }), baseline: trial(0.95, { dead: 1 }) },
    );
    expect(fixOf(fromStart)).toBeUndefined();
  });
});

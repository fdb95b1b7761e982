import { describe, expect, it } from 'vitest';
import { lrDiverges } from '../../src/diagnosis/rules/lrDiverges';
import { lrOscillates } from '../../src/diagnosis/rules/lrOscillates';
import { lrTooSmall } from '../../src/diagnosis/rules/lrTooSmall';
import {
  applied,
  at,
  chain,
  evenly,
  evidence,
  experiment,
  layer,
  linear,
  mse,
  optimizer,
  over,
  path,
  run,
  said,
  statistics,
  tanh,
  trial,
  unavailable,
  unrun,
} from './evidence';
import { findingOf, kindOf, settle } from './settle';

const text = 'optimizer = optim.SGD(model.parameters(), lr=1.0)\n';
const diverging = evidence({
  experiment: experiment({ optimizer: optimizer('sgd', said(1.0, at(text, '1.0'))) }),
  run: run({ stoppedBy: 'divergence', steps: 45, ofSteps: 18000 }),
  measurements: {
    learningRate: over(1),
    lambdaMax: { steps: [0, 10, 40], values: [1, 1.5, 3.3] },
    epochLoss: { steps: [0, 10, 40, 44], values: [2.3, 2, 5, 90] },
  },
  baseline: trial(NaN, { start: 2.3, steps: 45 }),
  texts: { [path]: text },
});
const above = trial(NaN, { start: 2.3 });
const below = (end: number) => trial(end, { start: 2.3, steps: 400 });

describe('lr-diverges', () => {
  const results = {
    'lr=0.5': below(0.2),
    'lr=0.1': below(0.6),
    'lr=0.01': below(1.9),
    'lr=0.7': below(0.12),
    'lr=0.8': above,
    unchanged: above,
  };

  it('finds the rate that trains by bisection and says what was run', () => {
    const { asked } = settle(lrDiverges, diverging, results);
    expect(asked).toEqual(['lr=0.5@seed0', 'lr=0.1@seed0', 'lr=0.7@seed0', 'lr=0.8@seed0', 'unchanged@seed1', 'lr=0.7@seed1']);
    const finding = findingOf(lrDiverges, diverging, results);
    expect(finding.severity).toBe('error');
    expect(finding.range).toEqual(at(text, '1.0'));
    expect(finding.message).toContain(
      're-run from the start, 0.7 trains (probe loss 2.3 → 0.12 over 400 of 18,000 steps) and 1.0 does not',
    );
    expect(finding.message).toContain('0.7 trains, 0.8 does not');
    expect(finding.message).toMatch(
      /local limit of SGD at step 40 was 0\.61, from the measured largest Hessian eigenvalue 3\.3 \(λ at the limit: 2\/η\)/,
    );
    expect(finding.message).toContain('ranged 0.61 to 2');
    expect(finding.message).toContain('Tried on 2 seeds over 400 of 18,000 steps; beyond these steps unknown.');
    expect(finding.message).not.toContain('your');
    expect(finding.fixes[0]?.verified).toMatchObject({ steps: 400, seeds: 2, after: 0.12, helped: true });
    expect(applied(text, finding.fixes[0]?.edits ?? [])).toContain('lr=0.7)');
  });

  it('says how much steeper a sum over the rows of a batch is', () => {
    const summed = chain([linear(10, 1)], layer('mse', { reduction: 'sum' }));
    const e = { ...diverging, experiment: { ...diverging.experiment, model: summed } };
    expect(findingOf(lrDiverges, e, results).message).toContain('over 32 rows it is 32 times as steep as their mean');
    expect(findingOf(lrDiverges, diverging, results).message).not.toContain('is a sum');
  });

  it('offers the mean of a summed loss first, where the script gets as far with it', () => {
    const loss = `${text}criterion = nn.MSELoss(reduction='sum')\n`;
    const range = at(loss, "nn.MSELoss(reduction='sum')");
    const summed = chain([linear(10, 1)], layer('mse', { reduction: 'sum' }, { range }));
    const e = { ...diverging, texts: { [path]: loss }, experiment: { ...diverging.experiment, model: summed } };
    const mean = (end: number) => ({ ...results, 'lr-diverges:mean': trial(end, { start: 0.02 }) });
    const [first, second] = findingOf(lrDiverges, e, mean(0.001)).fixes;
    expect(applied(loss, first?.edits ?? [])).toBe(loss.replace("'sum'", "'mean'"));
    expect(first?.verified).toMatchObject({ seeds: 2, helped: true });
    expect(second?.title).toBe('Set the learning rate to 0.7');
    expect(findingOf(lrDiverges, e, mean(0.015)).fixes).toHaveLength(1);
  });

  it('leaves it to the momentum where that is extreme and the rate trains without it', () => {
    const swinging = optimizer('sgd', said(1.0, at(text, '1.0')), { momentum: said(0.999, at(text, '1.0')) });
    const e = { ...diverging, experiment: { ...diverging.experiment, optimizer: swinging } };
    expect(settle(lrDiverges, e, { ...results, 'momentum=0.9': below(0.1) })).toMatchObject({
      outcome: { kind: 'passed' },
      asked: ['momentum=0.9@seed0', 'unchanged@seed1', 'momentum=0.9@seed1'],
    });
    expect(kindOf(lrDiverges, e, { ...results, 'momentum=0.9': above })).toBe('found');
  });

  it('goes on to lower rates where the highest ones that train hardly learn', () => {
    const poor = { 'lr=0.5': below(2.2), 'lr=0.1': below(2.1), 'lr=0.01': below(1.9), 'lr=0.7': above, unchanged: above };
    const tried = { ...poor, 'lr=0.6': above, 'lr=0.001': below(0.3), 'lr=1e-4': below(2.2), 'lr=0.0001': below(2.2) };
    const finding = findingOf(lrDiverges, diverging, tried);
    expect(finding.fixes[0]?.verified).toMatchObject({ after: 0.3, seeds: 2 });
    expect(applied(text, finding.fixes[0]?.edits ?? [])).toContain('lr=0.001)');
  });

  it('is a warning when another seed does not diverge', () => {
    expect(findingOf(lrDiverges, diverging, { ...results, 'unchanged@seed1': below(0.3) }).severity).toBe('warning');
  });

  it('passes when no lower rate trains: the rate is not to blame', () => {
    expect(kindOf(lrDiverges, diverging, { 'lr=0.5': above, 'lr=0.1': above, 'lr=0.01': above, unchanged: above })).toBe(
      'passed',
    );
  });

  it('passes a first spike that recovers, and a run at its noise floor', () => {
    const spike = evidence({
      baseline: trial(0.05, { third: 300 }),
      measurements: { epochLoss: evenly([1, 2300, 10, 0.05]), lambdaMax: over(38), learningRate: over(0.1) },
    });
    expect(kindOf(lrDiverges, spike)).toBe('passed');
    expect(kindOf(lrDiverges, evidence({ baseline: trial(0.694, { start: 0.693 }) }))).toBe('passed');
  });

  it('passes when the training loss itself came down, whatever the probe rows say', () => {
    const e = evidence({ measurements: { loss: evenly(Array.from({ length: 40 }, (_, i) => 1 / (1 + i))) }, baseline: trial(2) });
    expect(settle(lrDiverges, e)).toMatchObject({ outcome: { kind: 'passed' }, asked: [] });
  });

  it('passes when the very first loss is not finite: that is not the rate', () => {
    const e = evidence({
      run: run({ stoppedBy: 'divergence', nonFinite: { step: 0, node: 'net.0', operation: 'linear', pass: 'forward' } }),
      baseline: trial(NaN, { start: NaN }),
    });
    expect(kindOf(lrDiverges, e)).toBe('passed');
  });

  it('is undecided without a run or when nothing can be re-run', () => {
    expect(kindOf(lrDiverges, unrun())).toBe('undecided');
    const none = { 'lr=0.5': unavailable(), 'lr=0.1': unavailable(), 'lr=0.01': unavailable() };
    expect(kindOf(lrDiverges, diverging, none)).toBe('undecided');
  });
});

describe('lr-oscillates', () => {
  const swinging = evidence({
    experiment: experiment({ optimizer: optimizer('sgd', 0.3) }),
    measurements: { learningRate: over(0.3), lambdaMax: over(20), epochLoss: evenly([1, 0.8, 0.9, 0.7, 0.8]) },
    baseline: trial(0.8),
  });
  const lower = { 'lr=0.1': trial(0.2), 'lr=0.03': trial(0.3), unchanged: trial(0.8) };

  it('convicts by a lower rate that is clearly better on two seeds', () => {
    const finding = findingOf(lrOscillates, swinging, lower);
    expect(finding.severity).toBe('warning');
    expect(finding.message).toContain('it ends at probe loss 0.8, 0.1 at 0.2');
    expect(finding.evidence[0]).toMatchObject({ quantity: 'learningRate', value: 0.3, limit: 0.1 });
  });

  it('passes at the edge of stability: above the limit, and no lower rate is better', () => {
    expect(kindOf(lrOscillates, swinging, { ...lower, 'lr=0.1': trial(0.78), 'lr=0.03': trial(0.9) })).toBe('passed');
  });

  it('passes where a fitted loss gains a little in ratio but nothing to speak of', () => {
    const fitted = { ...swinging, baseline: trial(0.002) };
    expect(kindOf(lrOscillates, fitted, { 'lr=0.1': trial(0.001), 'lr=0.03': trial(0.01) })).toBe('passed');
  });

  it('asks for no trial below the limit', () => {
    const { outcome, asked } = settle(lrOscillates, {
      ...swinging,
      measurements: { learningRate: over(0.3), lambdaMax: over(6) },
    });
    expect([outcome.kind, asked]).toEqual(['passed', []]);
  });

  it('judges Adam only after its warm-up steps', () => {
    const early = evidence({
      experiment: experiment({ optimizer: optimizer('adam', 0.01) }),
      measurements: {
        learningRate: over(0.01),
        preconditionedLambdaMax: { steps: [0, 1, 2, 64, 500], values: [1e5, 1e5, 1e5, 1000, 1000] },
      },
    });
    expect(kindOf(lrOscillates, early)).toBe('passed');
  });

  it('passes when only one of two seeds agrees, and informs when validation suffers', () => {
    expect(kindOf(lrOscillates, swinging, { ...lower, 'lr=0.1@seed1': trial(0.79) })).toBe('passed');
    const worse = { ...lower, 'lr=0.1': trial(0.2, { validationLoss: { third: 1, end: 1.4 } }) };
    const noted = { ...swinging, baseline: trial(0.8, { validationLoss: { third: 1, end: 1 } }) };
    expect(findingOf(lrOscillates, noted, worse)).toMatchObject({ severity: 'information', fixes: [] });
  });

  it('is undecided without curvature', () => {
    expect(kindOf(lrOscillates, evidence())).toBe('undecided');
  });
});

describe('lr-too-small', () => {
  const squared = chain([linear(10, 16), tanh(), linear(16, 1)], mse());
  const slow = evidence({
    experiment: experiment({ optimizer: optimizer('sgd', 0.0001) }),
    measurements: { learningRate: over(0.0001), lambdaMax: over(4), epochLoss: evenly([1, 0.98]) },
    baseline: trial(0.98),
  });
  const larger = {
    'lr=0.0003': trial(0.9),
    'lr=0.001': trial(0.7),
    'lr=0.003': trial(0.4),
    'lr=0.01': trial(0.1),
    unchanged: trial(0.98),
  };

  it('finds a larger rate that gets much further', () => {
    const finding = findingOf(lrTooSmall, slow, larger);
    expect(finding.severity).toBe('warning');
    expect(finding.message).toContain('with 0.01 it reaches 0.1');
    expect(finding.message).toContain('0.02 % of the limit');
    expect(finding.fixes[0]?.changes).toEqual([{ field: 'learningRate', value: 0.01 }]);
  });

  it('tells its suspicion, as information, while the re-runs are awaited', () => {
    const outcome = lrTooSmall.detect(slow);
    expect(outcome).toMatchObject({ kind: 'wants', meanwhile: [{ rule: 'lr-too-small', severity: 'information' }] });
    const half = lrTooSmall.detect({ ...slow, baseline: trial(0.4) });
    expect(half).toMatchObject({ kind: 'wants', meanwhile: [] });
  });

  it('passes when the work is nearly done, whatever the curvature became', () => {
    const done = { ...slow, baseline: trial(0.05) };
    expect(settle(lrTooSmall, done).outcome.kind).toBe('passed');
    const fitted = evidence({ measurements: { learningRate: over(0.1), lambdaMax: over(10, 0.001) }, baseline: trial(0.4) });
    expect(settle(lrTooSmall, fitted)).toMatchObject({ outcome: { kind: 'passed' }, asked: [] });
  });

  it('leaves short scripts at a usual rate to the number of their epochs, and no others', () => {
    const short = (rate: number, ofSteps: number) =>
      evidence({
        experiment: experiment({ optimizer: optimizer('adam', rate) }),
        run: run({ steps: ofSteps, ofSteps }),
        measurements: { learningRate: over(rate), preconditionedLambdaMax: over(4), epochLoss: evenly([1, 0.9]) },
        baseline: trial(0.9),
      });
    const tried = { 'epochs=1000': trial(0.2), 'lr=0.01': trial(0.1), 'lr=0.003': trial(0.3), 'lr=0.03': trial(0.1) };
    const usual = settle(lrTooSmall, short(0.001, 200), { ...tried, unchanged: trial(0.9) });
    expect(usual.asked.filter((key) => key.startsWith('epochs'))).not.toEqual([]);
    expect(usual.asked.filter((key) => key.startsWith('lr'))).toEqual([]);
    for (const e of [short(0.00001, 200), short(0.001, 400)])
      expect(settle(lrTooSmall, e, { unchanged: trial(0.9) }).asked.filter((key) => key.startsWith('epochs'))).toEqual([]);
  });

  it('passes when larger rates are only somewhat better', () => {
    const half = { ...slow, baseline: trial(0.5) };
    expect(
      kindOf(lrTooSmall, half, {
        'lr=0.0003': trial(0.45),
        'lr=0.001': trial(0.4),
        'lr=0.003': trial(0.4),
        'lr=0.01': trial(0.4),
      }),
    ).toBe('passed');
  });

  it('only informs of a run that has come some way already', () => {
    const falling = { ...slow, baseline: trial(0.7) };
    const further = { 'lr=0.0003': trial(0.3), 'lr=0.001': trial(0.02), unchanged: trial(0.7) };
    const said = findingOf(lrTooSmall, falling, further);
    expect(said.severity).toBe('information');
    expect(said.message).toContain('is low for this model');
    // From raw targets the loss comes down to their variance by the output's bias alone: that is no way.
    const target = { ...statistics().target, kind: 'numbers' as const, variance: 0.5, shape: [300, 1] };
    const raw = {
      ...falling,
      experiment: experiment({ optimizer: optimizer('sgd', 0.0001), model: squared }),
      statistics: statistics({ target }),
    };
    expect(findingOf(lrTooSmall, raw, further).severity).toBe('warning');
  });

  it('only informs when the script goes on for long enough to get there', () => {
    const part = { ...slow, run: run({ steps: 1000, ofSteps: 100000 }) };
    expect(findingOf(lrTooSmall, part, larger).severity).toBe('information');
  });
});

import { describe, expect, it } from 'vitest';
import { finding } from '../../src/diagnosis/finding';
import { judge } from '../../src/diagnosis/judge';
import type { Outcome, Rule, Tier } from '../../src/diagnosis/rule';
import { found, foundMeanwhile, irrelevant, passed, undecided, wants } from '../../src/diagnosis/rule';
import type { Fix, RuleId, Severity } from '../../src/records/finding';
import { makeFix } from '../editor/finding';
import { evidence, range, trial } from './evidence';

const rule = (id: RuleId, outcome: Outcome, tier: Tier = 0): Rule => ({
  id,
  tier,
  severity: 'warning',
  title: '',
  explanation: '',
  detect: () => outcome,
});
const says = (id: RuleId, severity: Severity, line = 1) => rule(id, found(finding(id, severity, range(line), 'x')));
const request = (key: string) => ({ key, changes: [], seedOffset: 0 });

describe('judge', () => {
  it('sorts outcomes, and findings by their place', () => {
    const verdict = judge(
      [
        says('lr-diverges', 'error', 9),
        says('zero-init', 'information', 2),
        rule('plateau', passed),
        rule('ravine', undecided('curvature')),
        rule('dead-units', irrelevant),
      ],
      evidence(),
      { off: [] },
    );
    expect(verdict.findings.map((one) => one.rule)).toEqual(['zero-init', 'lr-diverges']);
    expect(verdict.passed).toEqual(['plateau']);
    expect(verdict.undecided).toEqual([{ rule: 'ravine', needs: 'curvature' }]);
  });

  it('puts to evidence the errors that were measured beside it, and leaves what is measured outright', () => {
    const one = (quantity: string, step: number, more = {}) => ({ quantity, step, value: 3, unit: 'x', ...more });
    const all = [one('lambdaMax', 40), one('lambdaMax', 41), one('gradientCosine', 40), one('noiseScale', 0, { error: 7 })];
    const { findings } = judge(
      [rule('lr-diverges', found(finding('lr-diverges', 'error', range(1), 'x', { evidence: all })))],
      evidence({
        measurements: { lambdaMaxError: { steps: [0, 40], values: [0.5, 0.25] }, noiseScaleError: { steps: [0], values: [1] } },
      }),
      { off: [] },
    );
    expect(findings[0]?.evidence.map(({ error }) => error)).toEqual([0.25, undefined, undefined, 7]);
  });

  it('says of a fix what was seen of the same edits with another finding', () => {
    const [tried, other] = [makeFix(5, true), makeFix(6)];
    const offers = (id: RuleId, fixes: readonly Fix[]) => rule(id, found(finding(id, 'error', range(1), 'x', { fixes })));
    const { findings } = judge([offers('zero-init', [tried]), offers('symmetric-init', [makeFix(5), other])], evidence(), {
      off: [],
    });
    expect(findings.map(({ fixes }) => fixes)).toEqual([[tried], [{ ...makeFix(5), verified: tried.verified }, other]]);
  });

  it('one fault, one warning: what it explains becomes information and names it', () => {
    const verdict = judge(
      [
        says('missing-zero-grad', 'error'),
        says('lr-diverges', 'error'),
        says('non-finite', 'error'),
        says('bias-before-norm', 'hint'),
      ],
      evidence(),
      { off: [] },
    );
    const of = (id: RuleId) => verdict.findings.find((one) => one.rule === id);
    expect(of('missing-zero-grad')).toMatchObject({ severity: 'error', causes: [] });
    expect(of('lr-diverges')).toMatchObject({ severity: 'information', causes: ['missing-zero-grad'] });
    expect(of('non-finite')).toMatchObject({ severity: 'information', causes: ['missing-zero-grad', 'lr-diverges'] });
    expect(of('bias-before-norm')?.severity).toBe('hint');
  });

  it('a finding that is only information explains nothing away', () => {
    const verdict = judge([says('unscaled-inputs', 'information'), says('lr-diverges', 'error')], evidence(), { off: [] });
    expect(verdict.findings.map((one) => one.severity).sort()).toEqual(['error', 'information']);
  });

  it('collects trials once, and lets effects wait for their causes', () => {
    const first = judge(
      [
        rule('unscaled-inputs', wants('a', request('k1'))),
        rule('lr-diverges', wants('b', request('k2'))),
        rule('dropout-too-high', wants('c', request('k1'), request('k3'))),
      ],
      evidence(),
      { off: [] },
    );
    // lr-diverges may be explained by the inputs, and dropout by a rate that diverges.
    expect(first.wanted.map((one) => one.key)).toEqual(['k1']);
    expect(first.undecided.map((one) => one.rule)).toEqual(['unscaled-inputs', 'lr-diverges', 'dropout-too-high']);
    const then = judge([rule('unscaled-inputs', passed), rule('lr-diverges', wants('b', request('k2')))], evidence(), {
      off: [],
    });
    expect(then.wanted.map((one) => one.key)).toEqual(['k2']);
    const explained = judge([says('unscaled-inputs', 'warning'), rule('lr-diverges', wants('b', request('k2')))], evidence(), {
      off: [],
    });
    expect(explained.wanted).toEqual([]);
    expect(explained.undecided[0]?.needs).toContain('once unscaled-inputs is out of the way');
  });

  it('shows what is certain while its fix is tried', () => {
    const certain = rule('zero-init', foundMeanwhile([finding('zero-init', 'error', range(1), 'x')], 'a re-run', [request('k')]));
    const verdict = judge([certain], evidence(), { off: [] });
    expect(verdict.findings).toHaveLength(1);
    expect(verdict.undecided).toEqual([]);
    expect(verdict.wanted).toHaveLength(1);
  });

  it('obeys off and the highest tier', () => {
    const verdict = judge(
      [says('zero-init', 'error'), rule('lr-diverges', wants('b', request('k')), 3), rule('plateau', passed, 2)],
      evidence({ trials: new Map([['x', trial(1)]]) }),
      { off: ['zero-init'], maxTier: 2 },
    );
    expect(verdict).toMatchObject({
      findings: [],
      passed: ['plateau'],
      undecided: [{ rule: 'lr-diverges', needs: 'a run with curvature' }],
      wanted: [],
    });
  });

  it('a loss that another optimizer pulls its own way is no measure of success', () => {
    const played = evidence();
    const { model, optimizer, loop } = played.experiment;
    if (model === null || optimizer === null || loop === null) throw new Error('incomplete evidence');
    const partner = { name: 'opt_d', optimizer, schedules: [], loop, order: 'before', own: 1, steps: 1, parameters: [] } as const;
    const withPartner = (line: number) => {
      const call = { ...model, lossCall: range(line) };
      const experiment = {
        ...played.experiment,
        model: call,
        partners: [{ ...partner, model: { ...model, lossCall: range(7) } }],
      };
      return judge([says('lr-too-small', 'warning'), says('dead-units', 'warning')], { ...played, experiment }, { off: [] });
    };
    // Losses at two places: a game.
    expect(withPartner(6).findings.map((one) => one.rule)).toEqual(['dead-units']);
    expect(withPartner(6).undecided.map((one) => one.rule)).toEqual(['lr-too-small']);
    // Two optimizers that go down the same loss.
    expect(withPartner(7).findings.map((one) => one.rule)).toEqual(['lr-too-small', 'dead-units']);
  });
});

import { describe, expect, it } from 'vitest';
import { panelState } from '../../../src/editor/model/panelState';
import { RunRecord } from '../../../src/editor/model/runRecord';
import { Scripts, unitKey } from '../../../src/editor/model/scripts';
import { makeExperiment } from '../experiment';
import { makeFinding } from '../finding';

const path = '/project/train.py';
const experiment = makeExperiment(path);
const scripts = new Scripts();
const verdict = { findings: [makeFinding('missing-zero-grad')], decided: ['missing-zero-grad', 'missing-step'] as const };
scripts.update(
  path,
  { units: [{ experiment, verdict }], suppressions: [], commandLine: {}, isBroken: false },
  { levels: {}, mayRun: true },
);
const unit = scripts.unit(unitKey(path, 'optimizer')) ?? null;
const shown = unit ? scripts.findingsOf(unit) : [];

describe('panelState', () => {
  it('shows what the text says before any run', () => {
    const state = panelState({ unit, record: null, shown, waitsFor: null, isTrusted: true });
    expect(state.phase).toBe('idle');
    expect(state.report?.findings.map(({ rule }) => rule)).toEqual(['missing-zero-grad']);
    expect(state.report?.passed).toEqual(['missing-step']);
    expect(state.trust).toBe('Read 3 of 4 parts of the script · nothing assumed · not run · not compared with PyTorch');
  });

  it('keeps what the text says until a run has a verdict of its own', () => {
    const record = new RunRecord(experiment);
    const state = (): unknown => panelState({ unit, record, shown, waitsFor: null, isTrusted: true }).report?.passed;
    expect(state()).toEqual(['missing-step']);
    record.stop('cancelled', 'Cancelled.');
    expect(state()).toEqual(['missing-step']);
    record.finish({ ...record.report, undecided: [{ rule: 'missing-step', needs: 'a loop' }] });
    expect(state()).toEqual([]);
  });

  it('says why it waits', () => {
    const waiting = panelState({ unit, record: null, shown, waitsFor: 1, isTrusted: true });
    expect(waiting).toMatchObject({ phase: 'waiting', text: 'Waiting for another run to end.' });
    const third = panelState({ unit, record: null, shown, waitsFor: 2, isTrusted: true });
    expect(third).toMatchObject({ phase: 'waiting', text: 'Waiting: 2 runs come first.' });
    expect(panelState({ unit, record: null, shown, waitsFor: null, isTrusted: false }).text).toMatch(/trusted/);
    expect(panelState({ unit: null, record: null, shown: [], waitsFor: null, isTrusted: true }).unit).toBeNull();
  });

  it('says once that the data were made up, and once why nothing was trained', () => {
    const record = new RunRecord(experiment);
    const reason = { text: 'wine.csv is not there', range: experiment.unit.range };
    record.finish({ ...record.report, status: 'static', standIn: true, reason });
    const state = panelState({ unit, record, shown, waitsFor: null, isTrusted: true });
    // The badge is made from the report's mark, and the reason stands with the checks.
    expect(state.report).toMatchObject({ standIn: true, reason });
    expect(`${state.text} ${state.trust}`).not.toMatch(/stand-in|wine/i);
  });

  it('carries no measurements and keeps a run whose script was closed', () => {
    const record = new RunRecord(experiment);
    record.finish({
      ...record.report,
      status: 'measured',
      measurements: { loss: { steps: [0], values: [1] } },
      findings: [makeFinding('plateau')],
    });
    const state = panelState({ unit: null, record, shown: [], waitsFor: null, isTrusted: true });
    expect(state.report?.measurements).toEqual({});
    expect(state.report?.findings.map(({ rule }) => rule)).toEqual(['plateau']);
    expect(state.phase).toBe('done');
  });
});

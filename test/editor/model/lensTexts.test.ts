import { describe, expect, it } from 'vitest';
import type { LensInput } from '../../../src/editor/model/lensTexts';
import { lensTexts } from '../../../src/editor/model/lensTexts';
import { trustLine } from '../../../src/editor/model/trustLine';
import { RunRecord } from '../../../src/editor/model/runRecord';
import { makeExperiment } from '../experiment';
import { makeFinding } from '../finding';

const experiment = makeExperiment('/project/train.py');

function lens(changes: Partial<LensInput>): string {
  const input = { experiment, record: null, waitsFor: null, isTrusted: true, mayRun: true, shown: [], ...changes };
  return lensTexts(input)
    .map(({ action, title }) => `${action}: ${title}`)
    .join(' | ');
}

function record(phase: 'training' | 'done' | 'cancelled' | 'failed'): RunRecord {
  const run = new RunRecord(experiment);
  if (phase === 'training') run.accept({ kind: 'phase', phase, fraction: 0.43, text: '' });
  else if (phase === 'done')
    run.finish({ ...run.report, status: 'measured', measurements: { loss: { steps: [0, 9], values: [2.5, 0.125] } } });
  else run.stop(phase, 'The engine stopped.');
  return run;
}

describe('the lens', () => {
  it('offers a run first', () => {
    expect(lens({})).toBe('run: $(play) Diagnose | panel: $(graph-line) Panel');
  });

  it('shows progress and offers to cancel', () => {
    expect(lens({ record: record('training') })).toBe('cancel: $(debug-stop) Cancel | panel: $(sync~spin) Training 43 %');
    expect(lens({ waitsFor: 1 })).toContain('cancel: $(clock) Waiting');
    expect(lens({ waitsFor: 3 })).toContain('cancel: $(clock) Waiting for 3 runs');
  });

  it('shows no earlier verdict once another run is asked for', () => {
    const asked = 'cancel: $(debug-stop) Cancel | panel: $(sync~spin) Loading 0 %';
    expect(lens({ record: record('done'), isRunning: true })).toBe(asked);
    expect(lens({ record: null, isRunning: true })).toBe(asked);
    expect(lens({ record: record('training'), isRunning: true })).toContain('Training 43 %');
  });

  it('keeps the last verdict', () => {
    expect(lens({ record: record('done') })).toBe('run: $(play) Diagnose again | panel: $(check) No warning · loss 2.5 → 0.125');
    const shown = [{ finding: makeFinding('plateau'), stale: false, unit: 'optimizer' }];
    expect(lens({ record: record('done'), shown })).toContain('panel: $(warning) 1 warning · loss');
    const stale = record('done');
    stale.textChanged = true;
    expect(lens({ record: stale })).toContain('(out of date)');
    expect(lens({ record: record('failed') })).toContain('panel: $(error) The engine stopped.');
    expect(lens({ record: record('cancelled') })).toContain('run: $(play) Diagnose |');
  });

  it('says once that no loss was a number', () => {
    const run = record('done');
    const loss = { steps: [0, 9], values: [NaN, NaN] };
    run.finish({ ...run.report, measurements: { loss } });
    expect(lens({ record: run })).toMatch(/No warning · loss NaN$/);
    run.finish({ ...run.report, measurements: { loss: { ...loss, values: [2, NaN] } } });
    expect(lens({ record: run })).toMatch(/loss 2 → NaN$/);
  });

  it('counts errors and warnings apart, in the words of the list of problems', () => {
    const shown = (['warning', 'error', 'information', 'warning'] as const).map((severity) => ({
      finding: makeFinding('plateau', { severity }),
      stale: false,
      unit: 'optimizer',
    }));
    expect(lens({ shown })).toContain('$(error) 1 error, 2 warnings');
    expect(lens({ record: record('done'), shown: shown.slice(2, 3) })).toContain('$(check) No warning');
  });

  it('says why a unit was not run', () => {
    const run = record('done');
    const reason = { text: 'What is split into folds could not be read', range: experiment.unit.range };
    run.finish({ ...run.report, status: 'unread', run: null, reason });
    expect(lens({ record: run })).toContain('$(question) Not run: What is split into folds could not be read');
    const text = "'missing.csv' is not there. Looked in /project. Put the file in one of these places, or correct the path.";
    run.finish({ ...run.report, reason: { ...reason, text } });
    expect(lens({ record: run })).toMatch(/Not run: 'missing\.csv' is not there$/);
    run.finish({ ...run.report, reason: { ...reason, text: 'x'.repeat(200) } });
    expect(lens({ record: run })).toMatch(/Not run$/);
  });

  it('never offers a run without trust or when runs are off', () => {
    expect(lens({ isTrusted: false })).toMatch(/^trust: /);
    expect(lens({ mayRun: false })).toBe('panel: $(graph-line) Panel');
  });

  it('says that the data were made up, whatever was found in the text', () => {
    const run = record('done');
    run.finish({ ...run.report, status: 'static', standIn: true });
    expect(lens({ record: run })).toContain('panel: $(beaker) on stand-in data');
    const shown = [{ finding: makeFinding('zero-init'), stale: false, unit: 'optimizer' }];
    expect(lens({ record: run, shown })).toContain('1 warning on stand-in data');
    expect(trustLine(run.report)).toMatch(/^On stand-in data/);
  });

  it('asks for what only the command line gives, before the run', () => {
    const reason = { text: '', range: experiment.unit.range, missing: { kind: 'value', name: 'lr' } } as const;
    const asks = { ...experiment, unread: [reason, { ...reason, range: { ...reason.range, line: 9 } }] };
    expect(lens({ experiment: asks })).toMatch(/^give: \$\(edit\) Give lr \| run:/);
  });

  it('leads to the critical point that a fresh run found', () => {
    const finding = { ...makeFinding('plateau'), evidence: [{ quantity: 'gradientNorm', step: 7, value: 0, unit: '' }] };
    const shown = [{ finding, stale: false, unit: 'optimizer' }];
    expect(lens({ record: record('done'), shown })).toMatch(/inspect: .* Inspect critical point$/);
    const stale = record('done');
    stale.textChanged = true;
    expect(lens({ record: stale, shown })).not.toContain('inspect:');
  });
});

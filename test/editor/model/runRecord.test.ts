import { describe, expect, it } from 'vitest';
import { cancelledText, RunRecord } from '../../../src/editor/model/runRecord';
import { makeExperiment } from '../experiment';
import { makeFinding } from '../finding';

const path = '/project/train.py';

describe('RunRecord', () => {
  it('puts findings of a run into the text as it was edited meanwhile', () => {
    const record = new RunRecord(makeExperiment(path));
    record.edit([{ path, line: 1, column: 1, endLine: 1, endColumn: 1, newText: '\n' }]);
    record.accept({ kind: 'findings', findings: [makeFinding('plateau')], passed: [], undecided: [] });
    expect(record.report.findings[0]?.range.line).toBe(6);
    record.edit([{ path, line: 1, column: 1, endLine: 1, endColumn: 1, newText: '\n' }]);
    expect(record.report.findings[0]?.range.line).toBe(7);
    record.finish({ ...record.report, findings: [makeFinding('plateau')], status: 'measured' });
    expect(record.report.findings[0]?.range.line).toBe(7);
  });

  it('keeps what was measured when it is stopped', () => {
    const record = new RunRecord(makeExperiment(path));
    expect(cancelledText(record)).toMatch(/before anything was measured/);
    record.accept({ kind: 'phase', phase: 'training', fraction: 0.4, text: 'Training' });
    const column = { quantity: 'loss' as const, steps: Float64Array.of(0, 1), values: Float64Array.of(3, 2) };
    record.accept({ kind: 'measurements', batch: { sequence: 0, columns: [column] } });
    expect(cancelledText(record)).toMatch(/is kept/);
    record.stop('failed', 'The engine stopped');
    expect([record.isRunning, record.phase, record.fraction, record.text]).toEqual([false, 'failed', 0.4, 'The engine stopped']);
    expect(record.columns.series('loss')?.values).toEqual(Float64Array.of(3, 2));
  });
});

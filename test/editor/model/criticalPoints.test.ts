import { expect, it } from 'vitest';
import { criticalPoint } from '../../../src/editor/model/criticalPoints';
import { criticalStep } from '../../../src/protocol/criticalSteps';
import { takesLong } from '../../../src/editor/model/longRun';
import { RunRecord } from '../../../src/editor/model/runRecord';
import { makeExperiment } from '../experiment';
import { makeFinding } from '../finding';

const saddle = { ...makeFinding('saddle-point'), evidence: [{ quantity: 'lambdaMin', step: 40, value: -1, unit: '' }] };

function record(): RunRecord {
  const run = new RunRecord(makeExperiment('/project/train.py'));
  const summary = {
    steps: 100,
    ofSteps: 100,
    rows: 10,
    ofRows: 10,
    stoppedBy: 'plan',
    seconds: 1,
    measuringShare: 0,
    seed: 0,
    parameters: 5,
  } as const;
  run.accept({ kind: 'run', run: { ...summary, nonFinite: null, stepsPerEpoch: 1, curvatureSteps: [] } });
  return run;
}

it('is at the step of the finding, else nearest to the end of the run', () => {
  expect(criticalPoint(record(), [makeFinding('lr-diverges'), saddle])).toEqual({ step: 40, nearest: false });
  expect(criticalPoint(record(), [makeFinding('lr-diverges')])).toEqual({ step: 100, nearest: true });
  expect(criticalPoint(null, [saddle])).toBeNull();
});

it('is none for findings about other things, or without evidence', () => {
  expect(criticalStep(saddle)).toBe(40);
  expect(criticalStep({ ...saddle, rule: 'lr-diverges' })).toBeNull();
  expect(criticalStep(makeFinding('plateau'))).toBeNull();
});

it('notifies of runs that go on for long, and of no others', () => {
  expect(takesLong(2, 0.01)).toBe(false);
  expect(takesLong(3, 0.1)).toBe(true);
  expect(takesLong(3, 0.6)).toBe(false);
  expect(takesLong(6, 0)).toBe(false);
  expect(takesLong(8, 0)).toBe(true);
  expect(takesLong(60, 0.95)).toBe(false);
});

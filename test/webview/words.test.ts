import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Finding, Severity } from '../../src/records/finding';
import type { SourceRange } from '../../src/records/source';
import type { RunSummary } from '../../src/records/measurement';
import {
  bySeverity,
  describeEvidence,
  describeFindings,
  describePlace,
  describeQuantity,
  describeRun,
  describeTrial,
} from '../../webview/words';

const range: SourceRange = { path: '/project/train.py', line: 7, column: 1, endLine: 7, endColumn: 4 };
const finding = (severity: Severity, message: string): Finding => ({
  rule: 'plateau',
  severity,
  range,
  message,
  evidence: [],
  related: [],
  causes: [],
  fixes: [],
});
const findings = [finding('hint', 'a'), finding('error', 'b'), finding('information', 'c'), finding('error', 'd')];

it('puts the most severe first and keeps the order within', () => {
  expect(bySeverity(findings).map(({ message }) => message)).toEqual(['b', 'd', 'c', 'a']);
  expect(describeFindings(findings)).toBe('2 errors, 1 note, 1 hint');
  expect(describeFindings([])).toBe('');
});

it('says what a trial showed, also where infinity was lost on the way', () => {
  const trial = { steps: 400, seeds: 3, quantity: 'probeLoss', before: 2.3, after: 0.1, helped: true };
  expect(describeTrial(trial)).toBe('loss 2.3 → 0.1 over 400 steps, 3 seeds');
  expect(describeTrial({ ...trial, quantity: 'accuracy', before: 0.1, after: 0.976, seeds: 1 })).toBe(
    'accuracy 10 % → 98 % over 400 steps',
  );
  expect(describeTrial({ ...trial, quantity: 'accuracy', before: 0.408, after: 0.409 })).toBe(
    'accuracy 41 % as before, over 400 steps, 3 seeds',
  );
  const sent: unknown = JSON.parse(JSON.stringify({ ...trial, before: Infinity }));
  expect(describeTrial(sent as typeof trial)).toBe('loss not finite → 0.1 over 400 steps, 3 seeds');
});

it('names places by line, and other files by name', () => {
  expect(describePlace(range, { path: '/project/train.py' })).toBe('line 7');
  expect(describePlace(range, { path: '/project/other.py' })).toBe('train.py:7');
  expect(describePlace({ ...range, path: 'C:\\work\\model.py' }, null)).toBe('model.py:7');
});

it('names places in a notebook by cell', () => {
  const unit = {
    path: range.path,
    cells: [
      { number: 2, lines: 4 },
      { number: 5, lines: 3 },
    ],
  };
  const at = (line: number): string => describePlace({ ...range, line }, unit);
  expect([4, 5, 7].map(at)).toEqual(['cell 2, line 4', 'cell 5, line 1', 'cell 5, line 3']);
});

it('names quantities with their layer', () => {
  expect(describeQuantity('saturated/net.1')).toBe('saturated units, net.1');
  expect(describeQuantity('kappa')).toBe('kappa');
});

it('names in words whatever a rule rests on', () => {
  const folder = path.resolve('src/diagnosis/rules');
  const sources = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), 'utf8'));
  const used = sources.flatMap((text) => [...text.matchAll(/quantity: ['`](\w+)/g)].map(([, name = '']) => name));
  expect(used.length).toBeGreaterThan(20);
  // The probe loss is that of a trial: `describeTrial` names it.
  for (const name of used.filter((one) => one !== 'probeLoss'))
    expect(describeQuantity(name), name).toMatch(/ |^momentum$|^accuracy$/);
});

it('tells the step of what was measured along the run, and of nothing that the script or its data set', () => {
  const rate = describeEvidence({ quantity: 'learningRate', step: 1200, value: 5, limit: 0.287, unit: 'per step' });
  expect(rate).toEqual({ before: 'learning rate', after: ', limit 0.287 at step 1,200' });
  const spread = describeEvidence({ quantity: 'inputScaleSpread', step: 0, value: 2e5, limit: 10, unit: 'ratio' });
  expect(spread.after).toBe(', limit 10');
});

it('says of a run what the line of trust does not', () => {
  const run: RunSummary = {
    ...{ steps: 11, ofSteps: 390, rows: 400, ofRows: 400, stoppedBy: 'divergence', stepsPerEpoch: 13, curvatureSteps: [] },
    ...{ seed: 0, parameters: 1, seconds: 0.5, measuringShare: 0.25, nonFinite: null },
  };
  const end = 'stopped when it diverged';
  expect(describeRun(run)).toEqual(['400 rows', '1 parameter', '0.5 s, 25 % of it measuring', end]);
  expect(describeRun({ ...run, rows: 1 })).toEqual(['1 parameter', '0.5 s, 25 % of it measuring', end]);
});

import type { Finding } from '../../../src/records/finding';
import type { RunSummary } from '../../../src/records/measurement';
import type { UnitReport } from '../../../src/records/report';
import type { SourceRange } from '../../../src/records/source';

/** The script of all scenarios. */
export const path = 'digits/train.py';
/** A place in it. */
export const place = (line: number, column: number, length: number): SourceRange => ({
  path,
  line,
  column,
  endLine: line,
  endColumn: column + length,
});

/** What a run of the digits example took. */
export const summary: RunSummary = {
  steps: 600,
  ofSteps: 18_000,
  rows: 1_437,
  ofRows: 1_437,
  stoppedBy: 'plan',
  stepsPerEpoch: 45,
  curvatureSteps: [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
  seed: 0,
  parameters: 4_810,
  seconds: 3.81,
  measuringShare: 0.17,
  nonFinite: null,
};

/** A rate over the limit, with a fix that was tried. */
export const rateFinding: Finding = {
  rule: 'lr-diverges',
  severity: 'error',
  range: place(31, 41, 3),
  message:
    'Re-run from the start, a learning rate of 0.7 trains and 1.0 does not: the loss left its range at step 37 of 600. At step 32 the local limit was 0.62 (it ranged from 0.21 to 0.66 over the run), from a largest Hessian eigenvalue of 3.23 on 256 probe rows.',
  evidence: [
    { quantity: 'lambdaMax', step: 32, value: 3.23, error: 0.19, limit: 2, unit: 'loss per squared parameter' },
    { quantity: 'learningRate', step: 32, value: 1, limit: 0.62, unit: 'per step' },
  ],
  related: [{ ...place(8, 6, 3), message: 'set here' }],
  causes: ['unscaled-inputs'],
  fixes: [
    {
      title: 'Set lr to 0.3',
      edits: [{ ...place(31, 41, 3), newText: '0.3' }],
      verified: { steps: 600, seeds: 3, quantity: 'probeLoss', before: Infinity, after: 0.0871, helped: true },
    },
    { title: 'Add gradient clipping', edits: [{ ...place(44, 1, 0), newText: '' }] },
  ],
};

/** Units that saturated. */
export const saturationFinding: Finding = {
  rule: 'saturated-units',
  severity: 'warning',
  range: place(14, 9, 9),
  message:
    'After 600 of 18,000 steps 71 % of the units of net.1 are saturated: |tanh| above 0.97 on at least 95 % of the probe rows. They pass less than 6 % of the gradient on.',
  evidence: [{ quantity: 'saturated/net.1', step: 600, value: 0.71, limit: 0.5, unit: 'fraction' }],
  related: [],
  causes: [],
  fixes: [
    {
      title: 'Standardise the inputs',
      edits: [],
      verified: { steps: 600, seeds: 3, quantity: 'saturated', before: 0.71, after: 0.04, helped: true },
    },
  ],
};

/** News that is no fault. */
export const edgeFinding: Finding = {
  rule: 'edge-of-stability',
  severity: 'information',
  range: place(31, 13, 3),
  message:
    'The largest eigenvalue settled at the stability limit of 20 from step 128 on. That is where gradient descent usually trains; it is no fault.',
  evidence: [{ quantity: 'lambdaMax', step: 512, value: 19.7, error: 1.2, limit: 20, unit: 'loss per squared parameter' }],
  related: [],
  causes: [],
  fixes: [],
};

/** The report of a unit that was measured. */
export const report: UnitReport = {
  name: 'optimizer',
  range: place(31, 13, 30),
  status: 'measured',
  reason: null,
  assumptions: [
    { text: 'digits.csv was found beside the script', range: place(5, 18, 12) },
    { text: 'rows are shuffled with the script’s own seed 0, by another stream of numbers', range: place(21, 10, 40) },
    { text: 'log_metrics() does not change the model', range: place(47, 9, 13) },
  ],
  run: summary,
  findings: [],
  passed: [
    'lr-too-small',
    'lr-oscillates',
    'dead-units',
    'symmetric-init',
    'zero-init',
    'missing-zero-grad',
    'softmax-before-cross-entropy',
    'not-shuffled',
    'output-size',
  ],
  undecided: [
    { rule: 'overfitting', needs: 'validation rows' },
    { rule: 'batch-too-small', needs: 'gradient noise on at least two batches' },
    { rule: 'batch-too-large', needs: 'gradient noise on at least two batches' },
  ],
  measurements: {},
  parts: { read: 9, total: 9 },
};

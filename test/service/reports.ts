import type { Finding } from '../../src/records/finding';
import type { SourceRange } from '../../src/records/source';
import type { FileReport } from '../../src/service/check';

export const range = (line: number, column: number, endColumn: number, path = '/project/train.py'): SourceRange => ({
  path,
  line,
  column,
  endLine: line,
  endColumn,
});

export const finding: Finding = {
  rule: 'lr-diverges',
  severity: 'error',
  range: range(2, 6, 9),
  message: 'lr = 1.0 diverges: 50 % <of> runs\nend "early"',
  evidence: [{ quantity: 'rateLimit', step: 40, value: 1, error: 0.0123, limit: 0.6, unit: 'per step' }],
  related: [{ ...range(4, 10, 12), message: 'used here' }],
  causes: [],
  fixes: [
    {
      title: 'Set the learning rate to 0.1',
      edits: [{ ...range(2, 6, 9), newText: '0.1' }],
      verified: { steps: 400, seeds: 2, quantity: 'probeLoss', before: Infinity, after: 0.25, helped: true },
    },
  ],
};

/** A report of one unit with one finding, as `check` makes it. */
export const report: FileReport = {
  notebook: null,
  given: 'sub dir/train.py',
  path: '/project/train.py',
  text: 'import torch\nlr = 1.0\n\nopt = SGD(lr=lr)\n',
  syntaxErrors: [],
  unused: [],
  units: [
    {
      name: 'optimizer',
      range: range(4, 7, 17),
      status: 'measured',
      reason: null,
      assumptions: [{ text: 'data from the script folder', range: range(1, 1, 7) }],
      run: {
        steps: 17,
        ofSteps: 400,
        rows: 100,
        ofRows: 120,
        stoppedBy: 'divergence',
        stepsPerEpoch: 1,
        curvatureSteps: [0, 1],
        seed: 0,
        parameters: 5,
        seconds: 0.5,
        measuringShare: 0.25,
        nonFinite: { step: 17, node: 'mse1', operation: 'mse', pass: 'forward' },
      },
      findings: [finding],
      passed: ['zero-init'],
      undecided: [{ rule: 'plateau', needs: 'a longer run' }],
      measurements: {
        loss: { steps: [1, 2, 3], values: [1, 20, NaN] },
        'gradientNorm/net.0.weight': { steps: [1, 2], values: [0.1, 0.2] },
      },
      parts: { read: 7, total: 7 },
    },
  ],
};

import { Random } from '../../../src/base/random';
import type { PanelState, ToPanel } from '../../../src/protocol/panel';
import type { Finding } from '../../../src/records/finding';
import type { Quantity, RunSummary } from '../../../src/records/measurement';
import type { UnitReport } from '../../../src/records/report';
import type { SourceRange } from '../../../src/records/source';
import { inspected, inspectedCurve, inspectedWhole, inspecting } from './inspection';

/** Streams of messages as the host would send them, synthesised with seeded noise: what the panel is looked at and tested with. */
export type Scenario =
  | 'inspected'
  | 'inspecting'
  | 'inspectedCurve'
  | 'inspectedWhole'
  | 'none'
  | 'idle'
  | 'running'
  | 'done'
  | 'diverged'
  | 'stale'
  | 'failed'
  | 'layers'
  | 'unread'
  | 'cancelled';

export const scenarios: readonly Scenario[] = [
  'inspected',
  'inspecting',
  'inspectedCurve',
  'inspectedWhole',
  'none',
  'idle',
  'running',
  'done',
  'diverged',
  'stale',
  'failed',
  'layers',
  'unread',
  'cancelled',
];

const inspections = { inspected, inspecting, inspectedCurve, inspectedWhole } as const;

const path = 'digits/train.py';
const place = (line: number, column: number, length: number): SourceRange => ({
  path,
  line,
  column,
  endLine: line,
  endColumn: column + length,
});

const summary: RunSummary = {
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

const rateFinding: Finding = {
  rule: 'lr-diverges',
  severity: 'error',
  range: place(31, 41, 3),
  message:
    'Re-run from the start, a learning rate of 0.7 trains and 1.0 does not: the loss left its range at step 37 of 600. At step 32 the local limit was 0.62 (it ranged from 0.21 to 0.66 over the run), from a largest Hessian eigenvalue of 3.23 on 256 probe rows.',
  evidence: [
    { quantity: 'lambdaMax', step: 32, value: 3.23, limit: 2, unit: 'loss per squared parameter' },
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

const saturationFinding: Finding = {
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

const edgeFinding: Finding = {
  rule: 'edge-of-stability',
  severity: 'information',
  range: place(31, 13, 3),
  message:
    'The largest eigenvalue settled at the stability limit of 20 from step 128 on. That is where gradient descent usually trains; it is no fault.',
  evidence: [{ quantity: 'lambdaMax', step: 512, value: 19.7, limit: 20, unit: 'loss per squared parameter' }],
  related: [],
  causes: [],
  fixes: [],
};

const report: UnitReport = {
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
  ],
  measurements: {},
  parts: { read: 9, total: 9 },
};

const trust = 'Twin: 8 of 9 parts read, 1 assumed; 600 of 18,000 steps run; not compared with PyTorch.';
const unit = { path, name: 'optimizer', framework: 'PyTorch', optimizer: 'SGD, lr 0.1, momentum 0.9' };
const state = (change: Partial<PanelState>): PanelState => ({
  unit,
  phase: 'done',
  fraction: 1,
  text: '',
  report: null,
  stale: false,
  trust,
  ...change,
});

type Columns = Map<Quantity, { steps: number[]; values: number[] }>;

interface RunShape {
  readonly steps: number;
  readonly layers: readonly string[];
  readonly kinds: readonly ('saturated' | 'dead')[];
  readonly rate: (step: number) => number;
  /** Step at which the loss leaves its range; null for never. */
  readonly divergesAt: number | null;
  /** Factor on the gradient from one layer to the one before it. */
  readonly passes: number;
}

const healthy: RunShape = {
  steps: 600,
  layers: ['net.0', 'net.2', 'net.4'],
  kinds: ['saturated', 'dead'],
  rate: (t) => 0.1 * (t < 400 ? 1 : 0.3),
  divergesAt: null,
  passes: 0.6,
};

/** Columns of a run that could have been: the loss falls to a floor with noise, the sharpness climbs to the limit. */
function synthesise(shape: RunShape): Columns {
  const random = new Random(7);
  const columns: Columns = new Map();
  const add = (quantity: Quantity, step: number, value: number): void => {
    const column = columns.get(quantity) ?? { steps: [], values: [] };
    columns.set(quantity, column);
    column.steps.push(step);
    column.values.push(value);
  };
  for (let step = 0; step <= shape.steps; step++) {
    const blown = shape.divergesAt !== null && step > shape.divergesAt ? step - shape.divergesAt : 0;
    const growth = Math.exp(0.9 * blown);
    const lost = blown > 60;
    const base = 0.09 + 2.2 * Math.exp(-step / 70);
    add('loss', step, lost ? NaN : base * growth * Math.exp(random.normal(0, 0.13)));
    add('learningRate', step, shape.rate(step));
    shape.layers.forEach((layer, index) => {
      const reach = shape.passes ** (shape.layers.length - 1 - index);
      const size = (0.4 * base + 0.04) * reach * growth * Math.exp(random.normal(0, 0.2));
      add(`gradientNorm/${layer}.weight`, step, lost ? NaN : size);
      add(`gradientNorm/${layer}.bias`, step, lost ? NaN : 0.3 * size);
    });
    if (step % 15 === 0) addProbe(add, shape, step, lost ? NaN : growth, base);
    if (step === 0 || Number.isInteger(Math.log2(step) * 2) || step % 100 === 0)
      addCurvature(add, shape, step, lost ? NaN : growth);
  }
  return columns;
}

function addProbe(
  add: (quantity: Quantity, step: number, value: number) => void,
  shape: RunShape,
  step: number,
  growth: number,
  base: number,
): void {
  const progress = 1 - Math.exp(-step / 90);
  add('epochLoss', step, base * growth * 0.97);
  add('validationLoss', step, (base + 0.11 * progress + 0.00012 * step) * growth);
  add('accuracy', step, growth > 2 || Number.isNaN(growth) ? 0.1 : 0.1 + 0.88 * progress);
  add('validationAccuracy', step, growth > 2 || Number.isNaN(growth) ? 0.1 : 0.1 + 0.84 * progress);
  shape.layers.slice(0, -1).forEach((layer, index) => {
    const name = layer.replace(/\d+/, (digits) => String(Number(digits) + 1));
    for (const kind of shape.kinds) {
      const share = kind === 'saturated' ? 0.55 * progress * 0.7 ** index : index === 1 ? 0.18 * progress : 0;
      add(`${kind}/${name}`, step, Math.min(1, share));
    }
  });
}

function addCurvature(
  add: (quantity: Quantity, step: number, value: number) => void,
  shape: RunShape,
  step: number,
  growth: number,
): void {
  const limit = (2 * 1.9) / shape.rate(step);
  const sharpness = Math.min(1.03 * limit, 4 + 0.35 * step) * growth;
  add('lambdaMax', step, sharpness);
  add('lambdaMaxResidual', step, 0.06 * sharpness);
  add('lambdaMin', step, -(1.8 * Math.exp(-step / 150) + 0.05) * growth);
  add('lambdaMinResidual', step, 0.12);
  add('stabilityLimit', step, limit);
  add('rateLimit', step, 3.8 / sharpness);
  add('gradientStepRate', step, 0.9 / sharpness);
}

function snapshot(columns: Columns, panel: PanelState, sequence = 41): ToPanel {
  const list = [...columns].map(([quantity, { steps, values }]) => ({
    quantity,
    steps: Float64Array.from(steps),
    values: Float64Array.from(values),
  }));
  return { kind: 'snapshot', state: panel, sequence, columns: list };
}

/** The run cut into batches of `size` steps, as they come while it goes on. */
function batches(columns: Columns, size: number, until: number): ToPanel[] {
  const messages: ToPanel[] = [];
  for (let start = 0; start <= until; start += size) {
    const within = (step: number): boolean => step >= start && step < Math.min(start + size, until + 1);
    const part = [...columns].flatMap(([quantity, { steps, values }]) => {
      const chosen = steps.map((step, index) => ({ step, value: values[index] as number })).filter(({ step }) => within(step));
      if (chosen.length === 0) return [];
      return [
        {
          quantity,
          steps: Float64Array.from(chosen, ({ step }) => step),
          values: Float64Array.from(chosen, ({ value }) => value),
        },
      ];
    });
    messages.push({ kind: 'measurements', batch: { sequence: messages.length, columns: part } });
  }
  return messages;
}

const deep: RunShape = {
  steps: 2_000,
  layers: Array.from({ length: 12 }, (_, index) => `encoder.${2 * index}`),
  kinds: ['saturated'],
  rate: (t) => 0.05 * 0.5 * (1 + Math.cos((Math.PI * t) / 2_000)) + 1e-4,
  divergesAt: null,
  passes: 0.33,
};

/** The messages of a scenario, in order. */
export function messagesOf(scenario: Scenario): ToPanel[] {
  const none: Columns = new Map();
  switch (scenario) {
    case 'none':
      return [snapshot(none, state({ unit: null, phase: 'idle', fraction: 0, trust: '' }), -1)];
    case 'idle':
      return [
        snapshot(
          none,
          state({
            phase: 'idle',
            fraction: 0,
            trust: 'Twin: 8 of 9 parts read, 1 assumed; not run yet.',
            report: { ...report, run: null, passed: ['missing-zero-grad', 'softmax-before-cross-entropy'] },
          }),
          -1,
        ),
      ];
    case 'running': {
      const running = (until: number): PanelState =>
        state({
          phase: 'training',
          fraction: (0.7 * until) / 600,
          text: `Training: step ${until} of 600, batches of 32 rows`,
          trust: 'Twin: 8 of 9 parts read, 1 assumed; not compared with PyTorch.',
          report: { ...report, run: null, passed: [], undecided: [] },
        });
      return [
        snapshot(none, running(0), -1),
        ...batches(synthesise(healthy), 12, 263).flatMap((batch, index): ToPanel[] => [
          batch,
          { kind: 'state', state: running(Math.min(263, 12 * index + 11)) },
        ]),
      ];
    }
    case 'done':
      return [
        snapshot(
          synthesise(healthy),
          state({ text: 'Diagnosed in 6.2 s', report: { ...report, findings: [edgeFinding, saturationFinding] } }),
        ),
      ];
    case 'diverged': {
      const columns = synthesise({ ...healthy, steps: 120, rate: () => 1, divergesAt: 37 });
      const run: RunSummary = { ...summary, steps: 120, stoppedBy: 'divergence' };
      return [
        snapshot(
          columns,
          state({
            text: 'Diverged at step 98; the fix was tried',
            report: { ...report, run, findings: [rateFinding, saturationFinding] },
          }),
        ),
      ];
    }
    case 'stale':
      return [
        snapshot(
          synthesise(healthy),
          state({ stale: true, text: 'Changed since the run of 12 seconds ago', report: { ...report, findings: [rateFinding] } }),
        ),
      ];
    case 'failed':
      return [
        snapshot(
          synthesise({ ...healthy, steps: 150 }),
          state({
            phase: 'failed',
            fraction: 0.3,
            text: 'The engine process ended in mid-run (signal SIGKILL). What was measured is kept; the next run starts a new one.',
            report: { ...report, run: null },
          }),
        ),
      ];
    case 'layers':
      return [
        snapshot(
          synthesise(deep),
          state({
            unit: { ...unit, name: 'optimizer_encoder', optimizer: 'AdamW, lr 0.05, cosine schedule' },
            text: 'Diagnosed in 9.7 s',
            report: { ...report, run: { ...summary, steps: 2_000, parameters: 1_482_906 }, findings: [saturationFinding] },
          }),
        ),
      ];
    case 'unread':
      return [
        snapshot(
          none,
          state({
            phase: 'idle',
            fraction: 0,
            trust: 'Twin: 3 of 9 parts read.',
            report: {
              ...report,
              run: null,
              status: 'unread',
              passed: [],
              undecided: [],
              assumptions: [],
              reason: { text: 'the model is built by timm.create_model, which is not known here', range: place(12, 9, 24) },
            },
          }),
          -1,
        ),
      ];
    case 'inspected':
    case 'inspecting':
    case 'inspectedCurve':
    case 'inspectedWhole':
      return [...messagesOf('done'), ...inspections[scenario].map((news): ToPanel => ({ kind: 'inspection', news }))];
    case 'cancelled':
      return [
        snapshot(
          synthesise({ ...healthy, steps: 90 }),
          state({
            phase: 'cancelled',
            fraction: 0.2,
            text: 'Cancelled after 90 of 600 steps',
            report: { ...report, run: { ...summary, steps: 90, stoppedBy: 'cancelled' } },
          }),
        ),
      ];
  }
}

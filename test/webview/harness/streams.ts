import type { PanelState, ToPanel } from '../../../src/protocol/panel';
import type { RunSummary } from '../../../src/records/measurement';
import { inspected, inspectedCurve, inspectedWhole, inspecting } from './inspection';
import { edgeFinding, path, place, rateFinding, report, saturationFinding, summary } from './sampleReport';
import { deep, healthy, synthesise, type Columns } from './syntheticRun';

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
      return [snapshot(synthesise(healthy), state({ report: { ...report, findings: [edgeFinding, saturationFinding] } }))];
    case 'diverged': {
      const columns = synthesise({ ...healthy, steps: 120, rate: () => 1, divergesAt: 37 });
      const run: RunSummary = { ...summary, steps: 120, stoppedBy: 'divergence' };
      return [
        snapshot(
          columns,
          state({
            report: { ...report, run, findings: [rateFinding, saturationFinding] },
          }),
        ),
      ];
    }
    case 'stale':
      return [snapshot(synthesise(healthy), state({ stale: true, report: { ...report, findings: [rateFinding] } }))];
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

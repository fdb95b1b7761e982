import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { never } from '../../src/base/cancel';
import { prepare } from '../../src/engine/prepare';
import { Programs } from '../../src/engine/programs';
import { noLoops } from '../../src/engine/loop/stepLoop';
import { TrainingRun } from '../../src/engine/run';
import { RateSchedule } from '../../src/engine/schedules/rates';
import { planRun } from '../../src/engine/trainingPlan';
import type { Run } from '../../src/engine/twin';
import { everyNth } from '../../src/engine/watch';
import type { Dataset } from '../../src/records/dataset';
import type { Loop } from '../../src/records/experiment';
import type { ModelGraph } from '../../src/records/model/graph';
import type { OptimizerKind, ScheduleRule } from '../../src/records/optimizer';
import { dataset, experiment, here, loop, ModelBuilder, optimizer, plainCrossEntropy, schedule, sourced } from './experiments';
import { libraries, runtimeOn } from './onnx/runtimes';
import { columnOf, relativeDistance, runtime, twinOf } from './twins';

interface TrainingReference {
  readonly name: string;
  readonly kind: OptimizerKind;
  readonly rate: number;
  readonly settings: Readonly<Record<string, number | boolean>>;
  readonly steps: number;
  readonly clip: { readonly kind: 'norm' | 'value'; readonly limit: number; readonly normType: number | 'Infinity' } | null;
  readonly zero: Loop['zeroGrad']['when'];
  readonly groups:
    readonly { readonly parameters: readonly number[]; readonly learningRate?: number; readonly weightDecay?: number }[] | null;
  readonly maximize: boolean;
  readonly losses: readonly number[];
  readonly norms: readonly number[];
  readonly final: Readonly<Record<string, readonly number[]>>;
  readonly gap: Readonly<Record<string, number>>;
  readonly form?: 'keras';
  /** Factor on the rate after each step. */
  readonly falls?: number;
  /** Whether it trains on the rows that disagree. */
  readonly disagreeing?: true;
}

interface ScheduleReference {
  readonly name: string;
  readonly rules: readonly ScheduleRule[];
  readonly base: readonly number[];
  readonly rates: readonly (readonly number[])[];
  readonly metrics: readonly number[] | null;
  readonly momenta: readonly number[] | null;
}

interface Rows {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

interface Reference extends Rows {
  /** Rows that have both labels, some of them. */
  readonly disagreeing: Rows;
  readonly init: Readonly<Record<string, readonly number[]>>;
  readonly runs: readonly TrainingReference[];
  readonly schedules: readonly ScheduleReference[];
}

const reference = JSON.parse(readFileSync(new URL('../reference/optimizers.json', import.meta.url), 'utf8')) as Reference;
const datasetOf = ({ x, y }: Rows): Dataset =>
  dataset({ shape: [12, 3], values: Float32Array.from(x) }, { shape: [12], values: Int32Array.from(y) });
const [data, disagreeing] = [datasetOf(reference), datasetOf(reference.disagreeing)];

describe.each(libraries)('every optimizer goes where it goes in PyTorch, on %s', (library) => {
  const runtime = runtimeOn(library, { threads: 1 });
  const ways = reference.runs.flatMap((run) => [
    [run.name, 'in a loop where it fits', run] as const,
    [run.name, 'step by step', run] as const,
  ]);
  test.each(ways)('%s, %s', async (_, way, expected) => {
    const rows = expected.disagreeing ? disagreeing : data;
    const twin = await twinOf(unitOf(expected), rows, runtime);
    const run = way === 'step by step' ? stepByStep(unitOf(expected), rows, runtime) : twin.start(0);
    const { columns } = await run.advance(expected.steps, never);
    expect(relativeDistance(columnOf(columns, 'loss'), expected.losses)).toBeLessThan(2e-5);
    expect(relativeDistance(columnOf(columns, 'gradientNorm'), expected.norms)).toBeLessThan(1e-4);
    for (const { name, offset, length } of twin.parameters)
      expect(
        relativeDistance(run.theta.subarray(offset, offset + length), expected.final[name] as readonly number[]),
        name,
      ).toBeLessThan(Math.max(1e-4, 3 * (expected.gap[name] as number)));
  });
});

describe('every schedule gives the rates it gives in PyTorch', () => {
  test.each(reference.schedules.map((each) => [each.name, each] as const))(
    '%s',
    (_, { rules, base, rates, metrics, momenta }) => {
      const schedules = rules.map((rule) => schedule(rule, 'batch'));
      const rateSchedule = new RateSchedule(schedules, base, () => 1);
      rates.forEach((expected, step) => {
        expected.forEach((rate, group) =>
          expect(Math.abs((rateSchedule.rates[group] as number) - rate), `step ${step}`).toBeLessThan(1e-8),
        );
        if (momenta !== null) expect(rateSchedule.momentum).toBeCloseTo(momenta[step] as number, 7);
        rateSchedule.tick('batch', metrics?.[step] ?? 0);
      });
    },
  );

  test('in half the time for a run of half the length', () => {
    const rules: ScheduleRule[] = [
      { kind: 'step', stepSize: 20, gamma: 0.5 },
      { kind: 'cosine', period: 100, minimum: 0 },
      { kind: 'exponential', gamma: 0.98 },
      { kind: 'linear', startFactor: 0.1, endFactor: 1, length: 50 },
    ];
    for (const rule of rules) {
      const whole = new RateSchedule([schedule(rule, 'batch')], [0.1], () => 1);
      const half = new RateSchedule([schedule(rule, 'batch')], [0.1], () => 0.5);
      for (let step = 0; step < 45; step++) {
        expect((half.rates[0] as number) / (whole.rates[0] as number), `${rule.kind} at ${step}`).toBeCloseTo(1, 6);
        half.tick('batch', 0);
        for (let twice = 0; twice < 2; twice++) whole.tick('batch', 0);
      }
    }
  });
});

/** A run that takes each step by itself, however small the net. */
function stepByStep(unit: ReturnType<typeof experiment>, rows = data, on = runtime): Run {
  const setup = prepare(unit, rows);
  if (!setup.ok) throw new Error(setup.error.text);
  const plan = planRun(setup.value, setup.value.trainRows);
  const look = () => Promise.resolve({ loss: 0, accuracy: null });
  const ways = { watch: everyNth(1), loops: noLoops };
  return new TrainingRun(new Programs(setup.value, on), plan, 0, look, ways);
}

function unitOf(expected: TrainingReference): ReturnType<typeof experiment> {
  const groups = expected.groups?.map(({ parameters, learningRate, weightDecay }) => ({
    parameters,
    ...(learningRate === undefined ? {} : { learningRate: sourced(learningRate) }),
    ...(weightDecay === undefined ? {} : { weightDecay: sourced(weightDecay) }),
  }));
  const { clip } = expected;
  const normType = clip === null || clip.normType === 'Infinity' ? Infinity : clip.normType;
  return experiment({
    model: referenceModel(),
    optimizer: optimizer(expected.kind, expected.rate, 4, expected.settings, {
      maximize: expected.maximize,
      ...(expected.form ? { form: expected.form } : {}),
      ...(groups ? { groups } : {}),
    }),
    schedules: expected.falls === undefined ? [] : [schedule({ kind: 'exponential', gamma: expected.falls }, 'batch')],
    loop: loop({
      // As many steps as are taken, so that the schedule is the script's own.
      epochs: sourced(expected.steps),
      zeroGrad: { when: expected.zero, range: here },
      clipping: clip === null ? null : { kind: clip.kind, limit: sourced(clip.limit), normType, range: here },
    }),
  });
}

function referenceModel(): ModelGraph {
  const model = new ModelBuilder();
  const layer = (x: number, name: string, columns: number, out: number): number => {
    const values = (role: string): { kind: 'values'; values: readonly number[] } => ({
      kind: 'values',
      values: reference.init[`${name}.${role}`] as readonly number[],
    });
    const weight = model.parameter(`${name}.weight`, [out, columns], values('weight'));
    const bias = model.parameter(`${name}.bias`, [out], values('bias'));
    return model.call('linear', [x], { in: columns, out }, { name, parameters: { weight, bias } });
  };
  const out = layer(model.call('tanh', [layer(model.input(), '0', 3, 4)], {}), '2', 4, 2);
  return model.finish(out, model.call('crossEntropy', [out, model.beginLoss()], plainCrossEntropy));
}

test('LBFGS goes on from a snapshot as it went before', async () => {
  const expected = reference.runs.find(({ name }) => name === 'LBFGS with a line search') as TrainingReference;
  const run = stepByStep(unitOf(expected));
  await run.advance(1, never);
  const snapshot = run.snapshot();
  const first = await run.advance(1, never);
  const end = run.theta.slice();
  await run.advance(2, never);
  run.restore(snapshot);
  const again = await run.advance(1, never);
  expect(columnOf(again.columns, 'loss')).toEqual(columnOf(first.columns, 'loss'));
  expect(run.theta).toEqual(end);
});

import { describe, expect, it, vi } from 'vitest';
import { never } from '../../src/base/cancel';
import { mainRun, type MainRun } from '../../src/probe/mainRun';
import { planRun } from '../../src/probe/plan';
import { openProbe } from '../../src/probe/probeRows';
import { trialRun } from '../../src/probe/trialRun';
import { workOf } from '../../src/probe/work';
import type { Experiment } from '../../src/records/experiment';
import type { Series } from '../../src/records/measurement';
import {
  dataset,
  experiment,
  loop,
  meanSquaredError,
  minibatches,
  ModelBuilder,
  optimizer,
  perceptron,
  sourced,
} from '../engine/experiments';
import { normalTensor, twinOf } from '../engine/twins';

const bounds = { cancel: never, deadline: null };
const x = normalTensor([200, 3], 1);
const y = normalTensor([200, 1], 2);

/** Linear regression: its Hessian is 2/n·AᵀA with A = [x, 1], whatever the parameters. */
const regression = (rate: number): Experiment =>
  experiment({
    model: perceptron([3, 1], 'tanh', 'mse'),
    optimizer: optimizer('sgd', rate, 2),
    loop: loop({ epochs: sourced(60) }),
  });

async function run(unit: Experiment): Promise<MainRun> {
  const twin = await twinOf(unit, dataset(x, y, 50));
  const plan = planRun(workOf(twin));
  const probe = openProbe(twin, plan, 0);
  try {
    return await mainRun({ twin, experiment: unit, plan, probe, seed: 0, bounds, onBatch: () => undefined });
  } finally {
    probe.dispose();
    twin.dispose();
  }
}

/** Largest eigenvalue of 2/n·AᵀA by power iteration in double precision. */
function exactSharpness(): number {
  const rows = Array.from({ length: 200 }, (_, i) => [...x.values.subarray(3 * i, 3 * i + 3), 1]);
  let v = [1, 0.7, 0.4, 0.2];
  let value = 0;
  for (let round = 0; round < 500; round++) {
    const image = [0, 0, 0, 0];
    for (const row of rows) {
      const along = row.reduce((sum, entry, j) => sum + entry * (v[j] ?? 0), 0);
      row.forEach((entry, j) => (image[j] = (image[j] ?? 0) + (2 / 200) * along * entry));
    }
    value = Math.hypot(...image);
    v = image.map((entry) => entry / value);
  }
  return value;
}

const last = (series: Series | undefined): number => Number(series?.values[series.values.length - 1]);

describe('mainRun', () => {
  it('measures the sharpness of a quadratic and the rate at its limit', async () => {
    const { measurements, summary, baseline } = await run(regression(0.1));
    const sharpness = exactSharpness();
    expect(last(measurements.lambdaMax)).toBeCloseTo(sharpness, 2);
    expect(last(measurements.rateLimit)).toBeCloseTo(2 / sharpness, 2);
    expect(last(measurements.stabilityLimit)).toBeCloseTo(20, 6);
    expect(summary).toMatchObject({ steps: 60, ofSteps: 60, stoppedBy: 'plan', nonFinite: null });
    expect(baseline.status).toBe('trained');
    expect(baseline.probeLoss.end).toBeLessThan(baseline.probeLoss.start);
  });

  it('measures no noise between rows where none of them reach the loss, and all else', async () => {
    for (const seesTargets of [false, true]) {
      const model = new ModelBuilder();
      const drawn = model.call('noise', [], { distribution: 'normal', shape: [-1, 3], call: 0 });
      const out = model.linear(model.call('tanh', [model.linear(drawn, 'g.0', 3, 4)], {}), 'g.2', 4, 1);
      const target = seesTargets ? model.beginLoss() : model.call('constant', [], { value: 1 });
      const graph = model.finish(out, model.call('mse', [out, target], meanSquaredError));
      const generator = experiment({ model: graph, optimizer: optimizer('sgd', 0.05, 4), batches: minibatches(20) });
      const { measurements } = await run(generator);
      expect(measurements.lambdaMax?.values.length).toBeGreaterThan(3);
      for (const quantity of ['noiseTrace', 'noiseScale', 'signalToNoise', 'batchSharpness'] as const)
        expect(measurements[quantity] !== undefined, `${quantity}, ${seesTargets}`).toBe(seesTargets);
    }
  });

  it('ends at the first loss that is not finite and says so', async () => {
    const { summary, baseline } = await run(regression(40));
    expect(summary.stoppedBy).toBe('divergence');
    expect(summary.steps).toBeLessThan(60);
    expect(baseline.status).toBe('diverged');
  });

  it('gives the same measurements for the same seed', async () => {
    const [one, two] = [await run(regression(0.1)), await run(regression(0.1))];
    expect(two.measurements).toEqual(one.measurements);
  });

  it('tells the share of the time that went into measuring', async () => {
    const twin = await twinOf(regression(0.1), dataset(x, y, 50));
    const plan = planRun(workOf(twin));
    const probe = openProbe(twin, plan, 0);
    // A clock that only training and the losses on the probe rows move on: 10 ms for each call of one, 30 ms for each of the other.
    const ticks = { training: 0, measuring: 0 };
    const now = vi.spyOn(performance, 'now').mockImplementation(() => 10 * ticks.training + 30 * ticks.measuring);
    const { train } = probe;
    const [evaluate, observe] = [train.evaluate.bind(train), train.observe.bind(train)];
    train.evaluate = (theta) => (ticks.measuring++, evaluate(theta));
    train.observe = (theta, wanted) => (ticks.measuring++, observe(theta, wanted));
    const start = twin.start.bind(twin);
    twin.start = (seed, settings) => {
      const run = start(seed, settings);
      const advance = run.advance.bind(run);
      run.advance = (count, cancel) => (ticks.training++, advance(count, cancel));
      return run;
    };
    try {
      const unit = regression(0.1);
      const { summary } = await mainRun({ twin, experiment: unit, plan, probe, seed: 0, bounds, onBatch: () => undefined });
      const stops = new Set([...plan.evaluationSteps, ...plan.curvatureSteps]).size;
      // Nothing is trained before the first look.
      expect(ticks).toEqual({ training: stops - 1, measuring: stops });
      expect(summary.seconds).toBeCloseTo((10 * (stops - 1) + 30 * stops) / 1000, 9);
      expect(summary.measuringShare).toBeCloseTo((30 * stops) / (10 * (stops - 1) + 30 * stops), 9);
    } finally {
      now.mockRestore();
      probe.dispose();
      twin.dispose();
    }
  });
});

describe('trialRun', () => {
  it('re-runs with a changed rate; unchanged it repeats the baseline', async () => {
    const unit = regression(40);
    const twin = await twinOf(unit, dataset(x, y));
    const input = { twin, experiment: unit, plan: planRun(workOf(twin)), seed: 0, bounds };
    const changed = await trialRun({ key: 'a', changes: [{ field: 'learningRate', value: 0.1 }], seedOffset: 0 }, input);
    const same = await trialRun({ key: 'b', changes: [], seedOffset: 0 }, input);
    twin.dispose();
    expect(changed?.status).toBe('trained');
    expect(same?.status).toBe('diverged');
    expect(changed?.probeLoss.start).toBe(same?.probeLoss.start);
  });
});

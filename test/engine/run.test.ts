import { describe, expect, test } from 'vitest';
import { CancelSource, never } from '../../src/base/cancel';
import { buildTwin } from '../../src/engine/build';
import { createRuntime } from '../../src/engine/onnx/backend';
import type { Experiment } from '../../src/records/experiment';
import {
  dataset,
  experiment,
  fullBatch,
  loop,
  minibatches,
  ModelBuilder,
  optimizer,
  perceptron,
  plainCrossEntropy,
} from './experiments';
import { columnOf, normalTensor, separableClasses, twinOf } from './twins';

const x = normalTensor([50, 4], 1);
const data = dataset(x, separableClasses(x), 10);
const small = (parts: Partial<Parameters<typeof experiment>[0]> = {}): Experiment =>
  experiment({ model: perceptron([4, 8, 3], 'tanh', 'crossEntropy'), optimizer: optimizer('sgd', 0.5, 4), ...parts });

/** A net with dropout and batch norm, whose run has all kinds of state. */
function stateful(): Experiment {
  const model = new ModelBuilder();
  const hidden = model.batchNorm(model.linear(model.input(), 'net.0', 4, 8), 'net.1', 8);
  const dropped = model.call('dropout', [model.call('relu', [hidden], {})], { p: 0.3, call: 0 });
  const out = model.linear(dropped, 'net.4', 8, 3);
  const loss = model.call('crossEntropy', [out, model.beginLoss()], plainCrossEntropy);
  return small({ model: model.finish(out, loss), optimizer: optimizer('adam', 0.01, 6), batches: minibatches(16) });
}

describe('a run', () => {
  test.each([
    ['SGD on all rows', small({ batches: fullBatch }), 50, 1],
    ['Adam in batches', small({ optimizer: optimizer('adam', 0.02, 4), batches: minibatches(16) }), 40, 4],
    ['batch norm and dropout', stateful(), 40, 4],
  ] as const)('with %s learns', async (_, unit, steps, perEpoch) => {
    const twin = await twinOf(unit, data);
    expect(twin.stepsPerEpoch).toBe(perEpoch);
    expect(twin.totalSteps).toBe(10 * perEpoch);
    const { columns } = await twin.start(0).advance(steps, never);
    const loss = columnOf(columns, 'loss');
    expect(loss).toHaveLength(steps);
    expect(loss[steps - 1] as number).toBeLessThan(0.9 * (loss[0] as number));
  });

  test('gives the same numbers for the same seed, bit for bit, and others for another', async () => {
    const first = (await twinOf(stateful(), data)).start(7);
    const second = (await twinOf(stateful(), data)).start(7);
    const other = (await twinOf(stateful(), data)).start(8);
    const a = await first.advance(25, never);
    const b = await second.advance(25, never);
    const c = await other.advance(25, never);
    expect(first.theta).toEqual(second.theta);
    expect(columnOf(a.columns, 'loss')).toEqual(columnOf(b.columns, 'loss'));
    expect(columnOf(a.columns, 'loss')).not.toEqual(columnOf(c.columns, 'loss'));
  });

  test('gives the same numbers with two threads as often as it is taken with two', async () => {
    const wide = normalTensor([256, 64], 4);
    const rows = dataset(wide, separableClasses(wide));
    const unit = small({ model: perceptron([64, 256, 256, 3], 'relu', 'crossEntropy'), optimizer: optimizer('adam', 1e-3, 6) });
    const trained = async (): Promise<Float32Array> => {
      const built = await buildTwin(unit, rows, createRuntime({ threads: 2 }));
      if (!built.ok) throw new Error(built.error.text);
      const run = built.value.start(7);
      await run.advance(10, never);
      return run.theta.slice();
    };
    const first = await trained();
    expect(first.some((value) => value !== 0)).toBe(true);
    expect(await trained()).toEqual(first);
  });

  test('goes on from a snapshot exactly as it went on before', async () => {
    const twin = await twinOf(stateful(), data);
    const run = twin.start(3);
    await run.advance(11, never);
    const snapshot = run.snapshot();
    const before = await run.advance(9, never);
    const theta = run.theta.slice();
    run.restore(snapshot);
    expect(run.step).toBe(11);
    const after = await run.advance(9, never);
    expect(columnOf(after.columns, 'loss')).toEqual(columnOf(before.columns, 'loss'));
    expect(columnOf(after.columns, 'gradientCosine')).toEqual(columnOf(before.columns, 'gradientCosine'));
    expect(run.theta).toEqual(theta);
    const branch = twin.start(3);
    branch.restore(snapshot);
    await branch.advance(9, never);
    expect(branch.theta).toEqual(theta);
  });

  test('does not change when it is advanced in parts', async () => {
    const twin = await twinOf(stateful(), data);
    const whole = twin.start(1);
    const parts = twin.start(1);
    await whole.advance(12, never);
    for (const count of [5, 1, 6]) await parts.advance(count, never);
    expect(parts.theta).toEqual(whole.theta);
  });

  test('leaves alone what it has told of earlier steps', async () => {
    const run = (await twinOf(stateful(), data)).start(0);
    const first = await run.advance(3, never);
    const told = structuredClone(first);
    const second = await run.advance(3, never);
    expect(first).toEqual(told);
    expect([...first.steps, ...second.steps]).toEqual([0, 1, 2, 3, 4, 5]);
    expect(second.columns.get('gradientNorm')).toHaveLength(3);
  });

  test('ends where the loss is not finite, and says at which step', async () => {
    const twin = await twinOf(small({ model: perceptron([4, 8, 1], 'relu', 'mse'), optimizer: optimizer('sgd', 1e3, 4) }), {
      ...data,
      train: { ...data.train, targets: [normalTensor([50, 1], 2)] },
    });
    const run = twin.start(0);
    const { steps, columns, nonFinite } = await run.advance(500, never);
    expect(nonFinite).toEqual({ step: steps[steps.length - 1] });
    expect(steps.length).toBeLessThan(100);
    expect(Number.isFinite(columnOf(columns, 'loss')[steps.length - 2])).toBe(true);
    expect((await run.advance(5, never)).steps).toHaveLength(0);
    expect(run.step).toBe((nonFinite as { readonly step: number }).step);
    expect(run.theta.every(Number.isFinite)).toBe(true);
    // Where it stands then is where that many steps lead.
    const again = twin.start(0);
    await again.advance((nonFinite as { readonly step: number }).step, never);
    expect(run.theta).toEqual(again.theta);
  });

  test('hears a cancellation', async () => {
    const run = (await twinOf(small(), data)).start(0);
    const source = new CancelSource();
    const advancing = run.advance(1_000_000, source.token);
    setImmediate(() => source.cancel());
    const { steps } = await advancing;
    expect(steps.length).toBeGreaterThan(0);
    expect(steps.length).toBeLessThan(1_000_000);
  });

  test('records rates, norms and the cosine of successive gradients', async () => {
    const run = (await twinOf(small(), data)).start(0);
    const { columns } = await run.advance(3, never);
    const squares = (name: string): number => (columnOf(columns, `gradientNorm/${name}` as 'gradientNorm')[1] as number) ** 2;
    const total = ['net.0.weight', 'net.0.bias', 'net.2.weight', 'net.2.bias'].reduce((sum, name) => sum + squares(name), 0);
    expect((columnOf(columns, 'gradientNorm')[1] as number) ** 2).toBeCloseTo(total, 10);
    expect([...columnOf(columns, 'learningRate')]).toEqual([0.5, 0.5, 0.5]);
    const cosine = columnOf(columns, 'gradientCosine');
    expect(cosine[0]).toBeNaN();
    expect(Math.abs(cosine[1] as number)).toBeLessThanOrEqual(1);
    const ratio = (0.5 * (columnOf(columns, 'gradientNorm')[2] as number)) / (columnOf(columns, 'parameterNorm')[2] as number);
    expect(columnOf(columns, 'updateRatio')[2] as number).toBeCloseTo(ratio, 6);
  });
});

describe('a faulty loop', () => {
  const gradientOf = async (unit: Experiment, steps: number): Promise<Float64Array> =>
    columnOf((await (await twinOf(unit, data)).start(0).advance(steps, never)).columns, 'gradientNorm');

  test('without step leaves the parameters alone', async () => {
    const run = (await twinOf(small({ loop: loop({ step: null }) }), data)).start(0);
    const first = run.theta.slice();
    const { columns } = await run.advance(5, never);
    expect(run.theta).toEqual(first);
    expect(new Set(columnOf(columns, 'loss')).size).toBe(1);
  });

  test('without backward has no gradient', async () => {
    const run = (await twinOf(small({ loop: loop({ backward: null }) }), data)).start(0);
    const first = run.theta.slice();
    const { columns } = await run.advance(3, never);
    expect(run.theta).toEqual(first);
    expect([...columnOf(columns, 'gradientNorm')]).toEqual([0, 0, 0]);
  });

  test('without zero_grad sums its gradients: at rate 0 the buffer grows by the same gradient each step', async () => {
    const frozen = { optimizer: optimizer('sgd', 0, 4) };
    const norms = await gradientOf(small({ ...frozen, loop: loop({ zeroGrad: { when: 'never', range: null } }) }), 4);
    for (const [i, norm] of norms.entries()) expect(norm / (norms[0] as number)).toBeCloseTo(i + 1, 5);
    const batches = minibatches(25);
    const perEpoch = await gradientOf(
      small({ ...frozen, batches, loop: loop({ zeroGrad: { when: 'everyEpoch', range: null } }) }),
      4,
    );
    const whole = await gradientOf(small(frozen), 1);
    expect((perEpoch[1] as number) / (2 * (whole[0] as number))).toBeCloseTo(1, 5);
    expect((perEpoch[3] as number) / (2 * (whole[0] as number))).toBeCloseTo(1, 5);
  });

  test('accumulates batches before each step', async () => {
    const twin = await twinOf(small({ batches: minibatches(10), loop: loop({ accumulation: 2 }) }), data);
    expect(twin.stepsPerEpoch).toBe(2);
    const norms = await gradientOf(
      small({ optimizer: optimizer('sgd', 0, 4), batches: minibatches(25), loop: loop({ accumulation: 2 }) }),
      1,
    );
    const whole = await gradientOf(small(), 1);
    expect((norms[0] as number) / (2 * (whole[0] as number))).toBeCloseTo(1, 5);
  });
});

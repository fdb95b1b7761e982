import { describe, expect, test } from 'vitest';
import { never } from '../../../src/base/cancel';
import type { StepColumns, Twin } from '../../../src/engine/twin';
import type { Quantity } from '../../../src/records/measurement';
import { everyNth, unwatched, watchedAt, type Watch } from '../../../src/engine/watch';
import { dataset, experiment, fullBatch, minibatches, optimizer, perceptron, schedule } from '../experiments';
import { columnOf, normalTensor, separableClasses, twinOf } from '../twins';

const x = normalTensor([50, 4], 1);
const data = dataset(x, separableClasses(x));

/** 67 parameters: each step hands its vectors back. 4,099: its sums, where not every step is watched. */
const sizes = { short: [4, 8, 3], long: [4, 512, 3] };
const unit = (net: keyof typeof sizes, kind: 'sgd' | 'adam', rate: number, batch?: number) =>
  experiment({
    model: perceptron(sizes[net], 'relu', 'crossEntropy'),
    optimizer: optimizer(kind, rate, 4),
    batches: batch === undefined ? fullBatch : minibatches(batch),
  });

const norm = (values: ArrayLike<number>, from = 0, to = values.length): number =>
  Math.sqrt(
    Array.from(values)
      .slice(from, to)
      .reduce((sum, v) => sum + v * v, 0),
  );

async function columnsAt(twin: Twin, watch: Watch, steps: number) {
  const run = twin.start(3, { watch });
  const { columns, looked, nonFinite } = await run.advance(steps, never);
  /** What is known of a step, NaN where nothing is. */
  const at = (quantity: Quantity, step: number): number => columns.get(quantity)?.[looked.indexOf(step)] ?? NaN;
  return { columns, at, nonFinite, theta: run.theta.slice() };
}

/** Within single precision. */
const expectClose = (value: number | undefined, expected: number, message: string): void =>
  expect(Math.abs((value ?? NaN) - expected), message).toBeLessThan(1e-5 * Math.max(1e-2, Math.abs(expected)));

const watchedOnly: readonly Quantity[] = ['parameterNorm', 'updateRatio', 'gradientNorm/net.0.weight', 'updateRatio/net.0.bias'];

describe.each(['short', 'long'] as const)('steps of a %s vector in one call', (net) => {
  test.each([
    ['SGD on all rows', unit(net, 'sgd', 0.3)],
    ['Adam in batches, the last of which is smaller', unit(net, 'adam', 0.01, 16)],
  ])('are the same however often they are watched: %s', async (_, script) => {
    const twin = await twinOf(script, data);
    const every = await columnsAt(twin, everyNth(1), 60);
    for (const watch of [everyNth(7), watchedAt([0, 1, 5, 6, 59]), unwatched]) {
      const some = await columnsAt(twin, watch, 60);
      expect(some.theta).toEqual(every.theta);
      expect(columnOf(some.columns, 'loss')).toEqual(columnOf(every.columns, 'loss'));
      for (const quantity of watchedOnly) {
        for (let step = 0; step < 60; step++) {
          const [own, expected] = [some.at(quantity, step), watch.next(step) === step ? every.at(quantity, step) : NaN];
          if (Number.isNaN(expected)) expect(own, `${quantity} at ${step}`).toBeNaN();
          else expectClose(own, expected, `${quantity} at ${step}`);
        }
      }
      // Norms of the whole gradient may also be known of other steps.
      for (const quantity of ['gradientNorm', 'gradientCosine'] as const) {
        for (let step = 0; step < 60; step++) {
          const own = some.at(quantity, step);
          const isTaken = (watch.next(step) === step && step > 0) || !Number.isNaN(own);
          if (isTaken) expectClose(own, every.at(quantity, step), `${quantity} at ${step}`);
        }
      }
    }
  });

  test('tell the norms of the gradient, the parameters and the update', async () => {
    const twin = await twinOf(unit(net, 'sgd', 0.3), data);
    const run = twin.start(3, { watch: everyNth(5) });
    const objective = twin.objective(
      'train',
      Int32Array.from({ length: 50 }, (_, i) => i),
    );
    await run.advance(4, never);
    const gradients: Float32Array[] = [];
    const at = async (): Promise<void> => {
      const gradient = new Float32Array(twin.dim);
      await objective.gradient(run.theta, gradient);
      gradients.push(gradient);
    };
    await at();
    await run.advance(1, never);
    await at();
    const before = run.theta.slice();
    const { columns } = await run.advance(1, never);
    const [previous, gradient] = gradients as [Float32Array, Float32Array];
    const moved = run.theta.map((value, i) => value - (before[i] ?? 0));
    const product = gradient.reduce((sum, g, i) => sum + g * (previous[i] ?? 0), 0);
    const value = (quantity: Quantity): number => columnOf(columns, quantity)[0] as number;
    expect(value('gradientNorm')).toBeCloseTo(norm(gradient), 5);
    expect(value('gradientCosine')).toBeCloseTo(product / norm(gradient) / norm(previous), 5);
    expect(value('parameterNorm')).toBeCloseTo(norm(before), 4);
    expect(value('updateRatio')).toBeCloseTo(norm(moved) / norm(before), 5);
    for (const { name, offset, length } of twin.parameters) {
      const [from, to] = [offset, offset + length];
      expect(value(`gradientNorm/${name}`)).toBeCloseTo(norm(gradient, from, to), 5);
      expect(value(`updateRatio/${name}`)).toBeCloseTo(norm(moved, from, to) / norm(before, from, to), 5);
    }
  });

  test('end where a value is no longer finite, at the step before', async () => {
    const twin = await twinOf(unit(net, 'sgd', 1e20), data);
    const every = await columnsAt(twin, everyNth(1), 60);
    const some = await columnsAt(twin, everyNth(9), 60);
    expect(every.nonFinite).not.toBeNull();
    expect(some.nonFinite).toEqual(every.nonFinite);
    expect(some.theta).toEqual(every.theta);
  });

  test('tell the gradients around a jump of the loss, watched or not', async () => {
    // The rate grows until the run bursts.
    const script = experiment({
      model: perceptron(sizes[net], 'relu', 'crossEntropy'),
      optimizer: optimizer('sgd', 0.05, 4),
      schedules: [schedule({ kind: 'exponential', gamma: 1.1 }, 'batch')],
    });
    const twin = await twinOf(script, data);
    const every = await columnsAt(twin, everyNth(1), 120);
    const some = await columnsAt(twin, unwatched, 120);
    expect(some.theta).toEqual(every.theta);
    const losses = columnOf(some.columns, 'loss');
    const jump = losses.findIndex((loss, step) => step >= 20 && loss > 2 * Math.max(...losses.subarray(step - 20, step)));
    expect(jump).toBeGreaterThan(20);
    for (const step of [jump - 1, jump, jump + 1])
      expectClose(some.at('gradientNorm', step), every.at('gradientNorm', step), `step ${step}`);
  });

  test('go on from a snapshot between two watched steps', async () => {
    const twin = await twinOf(unit(net, 'adam', 0.01, 16), data);
    const run = twin.start(3, { watch: everyNth(7) });
    await run.advance(10, never);
    const snapshot = run.snapshot();
    const first: StepColumns = await run.advance(20, never);
    run.restore(snapshot);
    const again = await run.advance(20, never);
    for (const quantity of ['loss', 'gradientNorm', 'gradientCosine', 'updateRatio'] as const)
      expect(columnOf(again.columns, quantity)).toEqual(columnOf(first.columns, quantity));
  });
});

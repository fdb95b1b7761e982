import { describe, expect, test } from 'vitest';
import { never } from '../../src/base/cancel';
import type { Experiment, WeightBounds } from '../../src/records/experiment';
import { dataset, experiment, here, loop, minibatches, optimizer, perceptron, sourced } from './experiments';
import { normalTensor, separableClasses, twinOf } from './twins';

const x = normalTensor([50, 4], 1);
const data = dataset(x, separableClasses(x), 10);

const unit = (bounds?: readonly WeightBounds[]): Experiment =>
  experiment({
    model: perceptron([4, 8, 3], 'tanh', 'crossEntropy'),
    optimizer: optimizer('sgd', 0.5, 4),
    batches: minibatches(10),
    loop: loop(bounds ? { bounds } : {}),
  });

/** The first parameter's 32 values are kept in ±0.1 and the rest free. */
const first = (when: WeightBounds['when']): WeightBounds => ({
  low: sourced(-0.1),
  high: sourced(0.1),
  when,
  parameters: [0],
  range: here,
});
const inside = (values: Float32Array): boolean => values.every((value) => Math.abs(value) <= Math.fround(0.1));

describe('weights that the script cuts off', () => {
  test('are within their bounds after each step, and only they', async () => {
    const run = (await twinOf(unit([first('afterStep')]), data)).start(0);
    const free = (await twinOf(unit(), data)).start(0);
    expect(inside(run.theta.subarray(0, 32))).toBe(false);
    for (let step = 0; step < 6; step++) {
      const before = run.theta.slice();
      await run.advance(1, never);
      expect(inside(run.theta.subarray(0, 32))).toBe(true);
      expect(inside(run.theta.subarray(32))).toBe(false);
      expect(run.theta).not.toEqual(before);
    }
    await free.advance(6, never);
    expect(free.theta).not.toEqual(run.theta);
  });

  test('are cut off before the forward pass, and free after it', async () => {
    const run = (await twinOf(unit([first('beforeStep')]), data)).start(0);
    expect(inside(run.theta.subarray(0, 32))).toBe(true);
    await run.advance(3, never);
    expect(inside(run.theta.subarray(0, 32))).toBe(false);
  });

  test('have norms of their rows between two bounds where the framework says so', async () => {
    const norms = { least: 0.5, most: 0.8 };
    const bounded: WeightBounds = { low: null, high: null, norms, when: 'afterStep', parameters: [0], range: here };
    const run = (await twinOf(unit([bounded]), data)).start(0);
    const rows = () => Array.from({ length: 8 }, (_, i) => Math.hypot(...run.theta.subarray(4 * i, 4 * i + 4)));
    const directions = () => run.theta.slice(0, 32).map((value, i) => value / (rows()[Math.floor(i / 4)] ?? 1));
    expect(rows().some((norm) => norm < 0.5 || norm > 0.8)).toBe(true);
    for (let step = 0; step < 4; step++) {
      const before = directions();
      await run.advance(1, never);
      for (const norm of rows()) expect(Math.min(norm - 0.5, 0.8 - norm)).toBeGreaterThan(-1e-5);
      expect(directions()).not.toEqual(before);
    }
  });

  test('are where they were after going back to a snapshot', async () => {
    const run = (await twinOf(unit([first('afterStep')]), data)).start(0);
    await run.advance(2, never);
    const snapshot = run.snapshot();
    await run.advance(4, never);
    const end = run.theta.slice();
    run.restore(snapshot);
    await run.advance(4, never);
    expect(run.theta).toEqual(end);
  });
});

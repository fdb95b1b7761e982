import { describe, expect, test } from 'vitest';
import { never } from '../../src/base/cancel';
import type { Averaging, Experiment } from '../../src/records/experiment';
import { dataset, experiment, here, loop, minibatches, optimizer, perceptron, sourced } from './experiments';
import { normalTensor, separableClasses, twinOf } from './twins';

const x = normalTensor([50, 4], 1);
const data = dataset(x, separableClasses(x), 10);

/** Fifty rows in batches of ten: five steps an epoch. */
const unit = (averaging: Omit<Averaging, 'range'>): Experiment =>
  experiment({
    model: perceptron([4, 8, 3], 'tanh', 'crossEntropy'),
    optimizer: optimizer('adam', 0.05, 4),
    batches: minibatches(10),
    loop: loop({ averaging: { ...averaging, range: here } }),
  });

/** The weights after each of `count` steps, and what the run says is evaluated after the last. */
async function walk(
  each: Experiment,
  count: number,
): Promise<{ readonly states: Float64Array[]; readonly evaluated: Float32Array }> {
  const run = (await twinOf(each, data)).start(0);
  const states: Float64Array[] = [];
  for (let step = 0; step < count; step++) {
    await run.advance(1, never);
    states.push(Float64Array.from(run.theta));
  }
  return { states, evaluated: run.evaluated.slice() };
}

function expectClose(actual: Float32Array, expected: (i: number) => number): void {
  actual.forEach((value, i) => expect(Math.abs(value - expected(i))).toBeLessThan(1e-6));
}

const mean = (states: readonly Float64Array[]) => (i: number) =>
  states.reduce((sum, s) => sum + (s[i] ?? NaN), 0) / states.length;

describe('what a script evaluates is the average of the weights that it keeps', () => {
  test('the mean of all', async () => {
    const { states, evaluated } = await walk(unit({ decay: null, per: 'step', every: 1, evaluated: true }), 9);
    expectClose(evaluated, mean(states));
  });

  test('exponential, of every third step, from the first on', async () => {
    const { states, evaluated } = await walk(unit({ decay: sourced(0.8), per: 'step', every: 3, evaluated: true }), 10);
    const [first, second, third] = [states[2], states[5], states[8]].map((s) => s ?? new Float64Array());
    const at = (s: Float64Array | undefined, i: number): number => s?.[i] ?? NaN;
    expectClose(evaluated, (i) => 0.64 * at(first, i) + 0.16 * at(second, i) + 0.2 * at(third, i));
  });

  test('of the ends of epochs', async () => {
    const { states, evaluated } = await walk(unit({ decay: null, per: 'epoch', every: 1, evaluated: true }), 12);
    expectClose(evaluated, mean(states.filter((_, step) => (step + 1) % 5 === 0)));
  });

  test('and the weights themselves before the first, or where the script evaluates them', async () => {
    const early = await walk(unit({ decay: null, per: 'epoch', every: 1, evaluated: true }), 3);
    expectClose(early.evaluated, (i) => early.states[2]?.[i] ?? NaN);
    const apart = await walk(unit({ decay: null, per: 'step', every: 1, evaluated: false }), 5);
    expectClose(apart.evaluated, (i) => apart.states[4]?.[i] ?? NaN);
  });

  test('after going back to a snapshot too', async () => {
    const run = (await twinOf(unit({ decay: sourced(0.9), per: 'step', every: 1, evaluated: true }), data)).start(0);
    await run.advance(4, never);
    const snapshot = run.snapshot();
    await run.advance(5, never);
    const end = run.evaluated.slice();
    await run.advance(3, never);
    run.restore(snapshot);
    await run.advance(5, never);
    expect(run.evaluated).toEqual(end);
  });

  test('and training is what it is without it', async () => {
    const averaged = await walk(unit({ decay: null, per: 'step', every: 1, evaluated: true }), 6);
    const plain = (await twinOf({ ...unit({ decay: null, per: 'step', every: 1, evaluated: true }), loop: loop() }, data)).start(
      0,
    );
    await plain.advance(6, never);
    plain.theta.forEach((value, i) => expect(Math.abs(value - (averaged.states[5]?.[i] ?? NaN))).toBeLessThan(1e-6));
  });
});

import { describe, expect, test } from 'vitest';
import { never } from '../../src/base/cancel';
import type { LayerUnits, Objective, ParameterView } from '../../src/engine/twin';
import { dataset, experiment, minibatches, ModelBuilder, optimizer, perceptron } from './experiments';
import { allRows, normalTensor, relativeDistance, separableClasses, twinOf } from './twins';

const x = normalTensor([60, 4], 5);
const data = dataset(x, separableClasses(x), 20);
const unit = experiment({
  model: perceptron([4, 8, 3], 'tanh', 'crossEntropy'),
  optimizer: optimizer('sgd', 0.5, 4),
  batches: minibatches(20),
});

async function differences(objective: Objective, theta: Float32Array, v: Float32Array, size: number): Promise<Float32Array> {
  const ahead = new Float32Array(theta.length);
  const behind = new Float32Array(theta.length);
  await objective.gradient(
    theta.map((value, i) => value + size * (v[i] as number)),
    ahead,
  );
  await objective.gradient(
    theta.map((value, i) => value - size * (v[i] as number)),
    behind,
  );
  return ahead.map((value, i) => (value - (behind[i] as number)) / (2 * size));
}

describe('an objective', () => {
  test('has the gradient and the Hessian-vector product that differences show', async () => {
    const twin = await twinOf(unit, data);
    const run = twin.start(0);
    await run.advance(10, never);
    const objective = twin.objective('train', allRows(60));
    const gradient = new Float32Array(twin.dim);
    const loss = await objective.gradient(run.theta, gradient);
    expect((await objective.evaluate(run.theta)).loss).toBeCloseTo(loss, 6);
    const v = normalTensor([twin.dim], 9).values as Float32Array;
    const size = 1e-2;
    const at = async (sign: number): Promise<number> =>
      (await objective.evaluate(run.theta.map((value, i) => value + sign * size * (v[i] as number)))).loss;
    const slope = gradient.reduce((sum, g, i) => sum + g * (v[i] as number), 0);
    expect(((await at(1)) - (await at(-1))) / (2 * size) / slope).toBeCloseTo(1, 2);
    const hessian = await objective.hessian(run.theta);
    const product = new Float32Array(twin.dim);
    await hessian.apply(v, product);
    expect(relativeDistance(product, await differences(objective, run.theta, v, 5e-3))).toBeLessThan(5e-3);
  });

  test('keeps the Hessian at its point while the run goes on, and the Hessian is symmetric', async () => {
    const twin = await twinOf(unit, data);
    const run = twin.start(0);
    const hessian = await twin.objective('train', allRows(60)).hessian(run.theta);
    const [a, b] = [normalTensor([twin.dim], 1).values as Float32Array, normalTensor([twin.dim], 2).values as Float32Array];
    const ha = new Float32Array(twin.dim);
    const hb = new Float32Array(twin.dim);
    const again = new Float32Array(twin.dim);
    await hessian.apply(a, ha);
    await hessian.apply(b, hb);
    await run.advance(5, never);
    await hessian.apply(a, again);
    expect(again).toEqual(ha);
    const dot = (u: Float32Array, w: Float32Array): number => u.reduce((sum, value, i) => sum + value * (w[i] as number), 0);
    expect(dot(ha, b) / dot(a, hb)).toBeCloseTo(1, 4);
  });

  test('is the mean over its rows, however they are chosen', async () => {
    const twin = await twinOf(unit, data);
    const { theta } = twin.start(0);
    const halves = [allRows(60).subarray(0, 30), allRows(60).subarray(30)];
    const [first, second] = await Promise.all(halves.map((rows) => twin.objective('train', rows).evaluate(theta)));
    const whole = await twin.objective('train', allRows(60)).evaluate(theta);
    expect(
      ((first as { readonly loss: number; readonly accuracy: number | null }).loss +
        (second as { readonly loss: number; readonly accuracy: number | null }).loss) /
        2,
    ).toBeCloseTo(whole.loss, 6);
    expect(
      (((first as { readonly loss: number; readonly accuracy: number | null }).accuracy as number) +
        ((second as { readonly loss: number; readonly accuracy: number | null }).accuracy as number)) /
        2,
    ).toBeCloseTo(whole.accuracy as number, 10);
    const validation = await twin.objective('validation', allRows(20)).evaluate(theta);
    expect(validation.loss).toBeCloseTo((await twin.objective('train', allRows(20)).evaluate(theta)).loss, 6);
  });

  test('gives the gradients of parts of the rows, no row twice: single rows in some order, and means of several', async () => {
    const twin = await twinOf(unit, data);
    const { theta } = twin.start(0);
    const single: Float32Array[] = [];
    for (let row = 0; row < 60; row++) {
      const out = new Float32Array(twin.dim);
      await twin.objective('train', Int32Array.of(row)).gradient(theta, out);
      single.push(out);
    }
    const objective = twin.objective('train', allRows(60));
    const parts = async (rowsEach: number): Promise<Float32Array[]> => {
      const gradients: Float32Array[] = [];
      expect(await objective.partGradients(theta, rowsEach, (gradient) => gradients.push(gradient.slice()))).toBe(rowsEach);
      return gradients;
    };
    const left = [...single];
    for (const gradient of await parts(1)) {
      const same = left.findIndex((other) => relativeDistance(other, gradient) < 1e-5);
      expect(same).toBeGreaterThanOrEqual(0);
      left.splice(same, 1);
    }
    expect(left).toHaveLength(0);
    const mean = (of: readonly Float32Array[]): number[] =>
      Array.from({ length: twin.dim }, (_, i) => of.reduce((sum, gradient) => sum + (gradient[i] as number) / of.length, 0));
    const fives = await parts(5);
    expect(fives).toHaveLength(12);
    expect(relativeDistance(mean(fives), mean(single))).toBeLessThan(1e-5);
  });

  test('knows its units: dead rectifiers and saturated tanh', async () => {
    const model = new ModelBuilder();
    const hidden = model.linear(model.input(), 'fc1', 4, 2);
    const relu = model.call('relu', [hidden], {}, { name: 'act1' });
    const tanh = model.call('tanh', [model.linear(relu, 'fc2', 2, 1)], {}, { name: 'act2' });
    const target = model.beginLoss();
    const built = model.finish(tanh, model.call('mse', [tanh, target], { reduction: 'mean' }));
    const twin = await twinOf(
      experiment({ model: built, optimizer: optimizer('sgd', 0.1, 4) }),
      dataset(x, normalTensor([60, 1], 1)),
    );
    const theta = twin.start(0).theta.slice();
    const bias = (twin.parameters.find(({ name }) => name === 'fc1.bias') as ParameterView).offset;
    theta[bias] = -100;
    theta[bias + 1] = 100;
    const objective = twin.objective('train', allRows(60));
    const { units, loss, accuracy } = await objective.observe(theta, { rowGradients: false });
    expect({ loss, accuracy }).toEqual(await objective.evaluate(theta));
    const [first, second] = units;
    expect([...(first as LayerUnits).dead]).toEqual([1, 0]);
    expect((first as LayerUnits).slope).toBeNull();
    expect((first as LayerUnits).mean[0]).toBe(0);
    expect((first as LayerUnits).mean[1] as number).toBeGreaterThan(90);
    expect((second as LayerUnits).slope?.[0]).toBeLessThan(1e-3);
    expect((second as LayerUnits).deviation[0] as number).toBeLessThan(0.1);
  });

  test('names the first call that is not finite, forward and backward', async () => {
    const build = (kind: 'log' | 'sqrt'): ReturnType<ModelBuilder['finish']> => {
      const fresh = new ModelBuilder();
      const y = fresh.linear(fresh.input(), 'fc', 4, 1);
      const made = fresh.call(kind, [fresh.call('abs', [y], {}, { name: 'abs 1' })], {}, { name: `${kind} 1` });
      const target = fresh.beginLoss();
      return fresh.finish(made, fresh.call('mse', [made, target], { reduction: 'mean' }));
    };
    for (const [kind, pass] of [
      ['log', 'forward'],
      ['sqrt', 'backward'],
    ] as const) {
      const twin = await twinOf(
        experiment({ model: build(kind), optimizer: optimizer('sgd', 0.1, 2) }),
        dataset(x, normalTensor([60, 1], 1)),
      );
      const objective = twin.objective('train', allRows(60));
      expect(await objective.findNonFinite(twin.start(0).theta)).toBeNull();
      const zeros = new Float32Array(twin.dim);
      expect(await objective.findNonFinite(zeros)).toEqual({ node: `${kind} 1`, operation: kind, pass });
    }
  });
});

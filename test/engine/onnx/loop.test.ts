import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random';
import { join, split } from '../../../src/graph/compose';
import { gradient } from '../../../src/graph/differentiate';
import { Graph } from '../../../src/graph/graph';
import type { Tensor } from '../../../src/graph/operations';
import { evaluate } from '../../graph/evaluate';
import { libraries, runtimeOn, type LibraryName } from './runtimes';

const shapes = [[2, 5], [5], [5, 3], [3]];
const dim = 33;
const rowCount = 12;
const batch = 4;
const maxSteps = 6;

/** One step of SGD with momentum on a small classifier, whose batch is gathered from all rows. */
function trainingStep() {
  const g = new Graph();
  const theta = g.input('theta', [dim]);
  const velocity = g.input('velocity', [dim]);
  const rows = g.input('rows', [batch], 'int32');
  const rate = g.input('rate', []);
  const features = g.input('features', [rowCount, 2]);
  const labels = g.input('labels', [rowCount], 'int32');
  const [w1, b1, w2, b2] = split(g, theta, shapes) as [Tensor, Tensor, Tensor, Tensor];
  const hidden = g.relu(g.add(g.matmul(g.gather(g.mul(features, 0.5), rows), w1), b1));
  const logits = g.add(g.matmul(hidden, w2), b2);
  const picked = g.takeAlong(g.logSoftmax(logits), g.reshape(g.gather(labels, rows), [batch, 1]), 1);
  const loss = g.neg(g.mean(picked));
  const slope = join(g, gradient(g, loss, [w1, b1, w2, b2]));
  const nextVelocity = g.add(g.mul(velocity, 0.9), slope);
  const nextTheta = g.sub(theta, g.mul(nextVelocity, rate));
  return { theta, velocity, rows, rate, features, labels, loss, slope, nextTheta, nextVelocity };
}

const random = new Random(3);
const normals = (count: number): Float32Array => Float32Array.from({ length: count }, () => random.normal(0, 0.7));
const values = {
  theta: normals(dim),
  velocity: new Float32Array(dim),
  features: normals(rowCount * 2),
  labels: Int32Array.from({ length: rowCount }, () => random.integer(3)),
  rows: Int32Array.from({ length: maxSteps * batch }, () => random.integer(rowCount)),
  rate: Float32Array.from({ length: maxSteps }, (_, i) => 0.3 / (1 + i)),
};

/** The steps one by one, in float64, by the definition of every operation. */
function reference(steps: number) {
  const s = trainingStep();
  let theta: ArrayLike<number> = values.theta;
  let velocity: ArrayLike<number> = values.velocity;
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) {
    const inputs = {
      ...values,
      theta,
      velocity,
      rows: values.rows.subarray(i * batch, (i + 1) * batch),
      rate: [values.rate[i] ?? 0],
    };
    const [loss, nextTheta, nextVelocity] = evaluate([s.loss, s.nextTheta, s.nextVelocity], inputs);
    losses.push(loss?.[0] ?? NaN);
    theta = nextTheta ?? [];
    velocity = nextVelocity ?? [];
  }
  return { theta: Array.from(theta), losses };
}

async function compileSteps(library: LibraryName) {
  const s = trainingStep();
  const loop = await runtimeOn(library).compileLoop({
    maxSteps,
    state: [
      { name: 'theta', current: s.theta, next: s.nextTheta },
      { name: 'velocity', current: s.velocity, next: s.nextVelocity },
    ],
    perStep: [
      { name: 'rows', tensor: s.rows },
      { name: 'rate', tensor: s.rate },
    ],
    constants: [
      { name: 'features', tensor: s.features },
      { name: 'labels', tensor: s.labels },
    ],
    outputs: [
      { name: 'loss', tensor: s.loss },
      { name: 'slope', tensor: s.slope },
      { name: 'before', tensor: s.theta },
    ],
  });
  const state = { theta: values.theta.slice(), velocity: values.velocity.slice() };
  const outputs = {
    loss: new Float32Array(maxSteps),
    slope: new Float32Array(maxSteps * dim),
    before: new Float32Array(maxSteps * dim),
  };
  const call = loop.bind({ state, perStep: values, constants: values, outputs });
  return { loop, call, state, outputs };
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  Array.from(actual).forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 5));
}

describe.each(libraries)('a loop of training steps on %s', (library) => {
  it('takes all steps in one call, overwriting its state', async () => {
    const { loop, call, state, outputs } = await compileSteps(library);
    await call.run(maxSteps);
    const expected = reference(maxSteps);
    expectClose(state.theta, expected.theta);
    expectClose(outputs.loss, expected.losses);
    expectClose(outputs.before.subarray(0, dim), values.theta);
    loop.dispose();
  });

  it('goes on from where it stopped, with any number of steps a call', async () => {
    const { loop, call, state, outputs } = await compileSteps(library);
    await call.run(2);
    expectClose(state.theta, reference(2).theta);
    expectClose(outputs.loss.subarray(0, 2), reference(2).losses);
    expect([...outputs.loss.subarray(2)]).toEqual([0, 0, 0, 0]);
    await call.run(1);
    await call.run(2);
    state.theta.set(values.theta);
    state.velocity.fill(0);
    await call.run(2);
    expectClose(state.theta, reference(2).theta);
    loop.dispose();
  });

  it('refuses more steps than it was made for', async () => {
    const { loop, call } = await compileSteps(library);
    expect(() => call.run(maxSteps + 1)).toThrow(RangeError);
    loop.dispose();
  });
});

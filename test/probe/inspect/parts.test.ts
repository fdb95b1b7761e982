import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CancelSource } from '../../../src/base/cancel';
import { toDense } from '../../../src/curvature/dense';
import { inspectUnit } from '../../../src/probe/inspect/inspect';
import type { BenchedUnit } from '../../../src/probe/inspect/unitBench';
import { partKey, type InspectEvent } from '../../../src/protocol/inspection';
import type { ModelGraph } from '../../../src/records/model/graph';
import { noiseFacts } from '../../../webview/inspect/noiseWords';
import {
  experiment,
  fullBatch,
  loop,
  meanSquaredError,
  minibatches,
  ModelBuilder,
  optimizer,
  perceptron,
  sourced,
} from '../../engine/experiments';
import { normalTensor, separableClasses } from '../../engine/twins';
import { benched, look, type Told } from './units';

const x = normalTensor([96, 4], 5);
const classifier = experiment({
  model: perceptron([4, 6, 3], 'tanh', 'crossEntropy'),
  optimizer: optimizer('adam', 0.02, 4),
  batches: minibatches(16),
  loop: loop({ epochs: sourced(20) }),
});

it('tells a net of convolutions alone to the end, which has no inputs of linear layers to tell of', async () => {
  const model = new ModelBuilder();
  const parameters = {
    weight: model.parameter('conv.weight', [1, 2, 3], { kind: 'normal', mean: 0, deviation: 0.4 }),
    bias: model.parameter('conv.bias', [1], { kind: 'constant', value: 0 }),
  };
  const extents = { kernel: [3], stride: [1], padding: [1], dilation: [1] };
  const settings = { inChannels: 2, outChannels: 1, groups: 1, ...extents };
  const convolved = model.call('conv1d', [model.input()], settings, { name: 'conv', parameters });
  const target = model.beginLoss();
  const graph = model.finish(convolved, model.call('mse', [convolved, target], meanSquaredError));
  const unit = await benched(
    experiment({ model: graph, optimizer: optimizer('sgd', 0.05, 2), batches: minibatches(16) }),
    normalTensor([48, 2, 6], 5),
    normalTensor([48, 1, 6], 6),
  );
  const told = await look(unit, 2);
  unit.twin.dispose();
  expect(told.reason).toBeNull();
  expect(told.part('noise').inputs).toEqual([]);
  expect(told.has('minima')).toBe(true);
});

describe('noise between rows', () => {
  /** A net over numbers that it draws itself, against a constant (as a generator is trained) or against the rows' targets. */
  const generator = (seesTargets: boolean): ModelGraph => {
    const model = new ModelBuilder();
    const drawn = model.call('noise', [], { distribution: 'normal', shape: [-1, 3], call: 0 });
    const hidden = model.call('tanh', [model.linear(drawn, 'g.0', 3, 4)], {});
    const out = model.linear(hidden, 'g.2', 4, 1);
    const target = seesTargets ? model.beginLoss() : model.call('constant', [], { value: 1 });
    return model.finish(out, model.call('mse', [out, target], meanSquaredError));
  };

  it('is not told where no rows reach the loss, and is where targets do', async () => {
    for (const seesTargets of [false, true]) {
      const graph = generator(seesTargets);
      const unit = await benched(
        experiment({ model: graph, optimizer: optimizer('sgd', 0.05, 4), batches: minibatches(8) }),
        normalTensor([48, 3], 5),
        normalTensor([48, 1], 6),
      );
      const told = await look(unit, 3);
      unit.twin.dispose();
      const { gradients, batchSharpness, floor, ...noise } = told.part('noise');
      expect(noise.seesRows).toBe(seesTargets);
      expect(noise.gaussNewton?.largest.value).toBeGreaterThan(0);
      expect([gradients, batchSharpness, floor].map((part) => part !== null)).toEqual([seesTargets, seesTargets, seesTargets]);
      expect(told.part('point').batchNoise !== null).toBe(seesTargets);
      const facts = noiseFacts(told.part('noise'));
      expect(facts.some(({ note }) => note?.includes('no rows of data reach this loss'))).toBe(!seesTargets);
      expect(facts.some(({ name }) => name === 'signal to noise')).toBe(seesTargets);
    }
  });
});

describe('parts of an inspection', () => {
  let unit: BenchedUnit;
  let told: Told;
  beforeAll(async () => {
    unit = await benched(classifier, x, separableClasses(x));
    told = await look(unit, 40);
  });
  afterAll(() => unit.twin.dispose());

  it('stands at the asked step, with the loss and the gradient there', async () => {
    const point = told.part('point');
    const gradient = new Float32Array(unit.twin.dim);
    const loss = await unit.loss.gradient(unit.course.run.theta, gradient);
    expect(point).toMatchObject({ step: 40, ofSteps: 120, rows: 96, ofRows: 96, gradientNoise: 0 });
    expect(point.loss).toBeCloseTo(loss, 6);
    expect(point.gradientNorm).toBeCloseTo(Math.hypot(...gradient), 6);
    expect(point.largestGradientNorm).toBeGreaterThan(point.gradientNorm);
  });

  it('tells no noise of batches where each is all rows', async () => {
    const whole = await benched({ ...classifier, batches: fullBatch }, x, separableClasses(x));
    expect((await look(whole, 10)).part('point')).toMatchObject({ batchNoise: null, gradientNoise: 0 });
    whole.twin.dispose();
  });

  it('leaves the run where it is: a look between changes nothing of the next', async () => {
    const other = await benched(classifier, x, separableClasses(x));
    await look(other, 90);
    await look(other, 7);
    const again = await look(other, 40);
    other.twin.dispose();
    // The last form of every part: what is known of the whole run already is not told step by step again.
    const timeless = (all: Told): unknown =>
      new Map(
        all.events.flatMap((event) => (event.kind === 'part' ? [[partKey(event.part), { ...event.part, cost: null }]] : [])),
      );
    expect(timeless(again)).toEqual(timeless(told));
  });

  it('cuts the loss along gradient, step, top and bottom eigenvector as its derivatives foretell', () => {
    for (const direction of ['gradient', 'step', 'top', 'bottom']) {
      const { positions, losses, loss, slope, curvature } = told.part('slice', `slice ${direction}`);
      const zero = positions.indexOf(0);
      expect(losses[zero]).toBeCloseTo(loss, 6);
      const [before = 0, here = 0, after = 0] = losses.subarray(zero - 1, zero + 2);
      const width = (positions[zero + 1] as number) - (positions[zero] as number);
      expect(((after - before) / (2 * width) - slope) * width).toBeCloseTo(0, 3);
      expect(after - 2 * here + before - curvature * width * width).toBeCloseTo(0, 3);
    }
    expect(told.part('slice', 'slice step')).toMatchObject({ made: 'next', unit: 'step' });
    expect(told.part('slice', 'slice gradient').slope).toBeCloseTo(-told.part('point').gradientNorm, 5);
  });

  it('says what the optimizer’s own step gains: where the run is next', async () => {
    const { ownStep, newton } = told.part('gains');
    const next = await look(unit, 41);
    expect(told.part('point').loss - next.part('point').loss).toBeCloseTo(ownStep ?? NaN, 5);
    expect(newton?.measured).toBeGreaterThan(ownStep ?? NaN);
  });

  it('shows by a chord between permuted copies that the loss is not convex', () => {
    const { kind, chord } = told.part('convexity');
    expect(kind).toBe('disproved');
    const ends = chord ? [chord.losses[0], chord.losses[chord.losses.length - 1]] : [];
    expect(ends[0]).toBeCloseTo(ends[1] as number, 5);
  });

  it('has a density whose shares add up and whose mean is the trace', () => {
    const { shares, trace, edges, noiseFloor } = told.part('density');
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
    expect([...edges]).toContain(-noiseFloor);
    expect(trace.value).toBeGreaterThan(0);
    expect(told.part('conditioning')).toMatchObject({ diagonal: 'optimizer' });
  });

  it('tells the other matrices: Gauss-Newton, the gradients of rows, single batches, inputs of layers', () => {
    const { largest, gaussNewton, gradients, batchSharpness, inputs } = told.part('noise');
    expect(largest).toBeCloseTo(told.part('verdict').largest.value, 6);
    expect(gaussNewton?.largest.value).toBeGreaterThan(0);
    // The batch noise of the point is the same trace, from parts of the rows.
    const { batchNoise } = told.part('point');
    expect(gradients?.rowsEach).toBe(1);
    expect(Math.sqrt((gradients?.trace.value ?? NaN) / (gradients?.batch ?? NaN)) / (batchNoise?.value ?? NaN)).toBeCloseTo(1, 0);
    const single = Math.sqrt((gradients?.trace.value ?? NaN) / (gradients?.batch ?? NaN));
    expect(Math.abs((batchNoise?.value ?? NaN) - single)).toBeLessThan(batchNoise?.error ?? 0);
    expect(gradients?.largest.value).toBeLessThan(gradients?.trace.value ?? NaN);
    expect(batchSharpness?.error).toBeGreaterThan(0);
    for (const { largest: top, mean } of inputs) expect(top.value).toBeGreaterThanOrEqual(mean);
    expect(inputs.length).toBeGreaterThan(0);
  });

  it('tells the batch at which noise halves the best rate, tr(HΣ)/gᵀHg', async () => {
    const { theta } = unit.course.run;
    const rows: Float32Array[] = [];
    await unit.loss.objective.partGradients(theta, 1, (gradient) => rows.push(gradient.slice()));
    const held = await unit.loss.hessian(theta.slice());
    const entries = await toDense(held);
    held.dispose();
    const { dim } = unit.twin;
    const bend = (v: (i: number) => number): number => {
      let sum = 0;
      for (let i = 0; i < dim; i++) for (let j = 0; j < dim; j++) sum += v(i) * (entries[i * dim + j] as number) * v(j);
      return sum;
    };
    const mean = Float64Array.from({ length: dim }, (_, i) => rows.reduce((sum, g) => sum + (g[i] as number) / rows.length, 0));
    const trace = rows.reduce((sum, g) => sum + bend((i) => (g[i] as number) - (mean[i] as number)) / (rows.length - 1), 0);
    const along = bend((i) => mean[i] as number);
    const { curvatureNoise, bestBatch, drawnFrom } = told.part('noise').gradients ?? {};
    expect(along).toBeGreaterThan(0);
    // From 64 of the 96 rows, within its error.
    expect(Math.abs((curvatureNoise?.value ?? NaN) - trace / along)).toBeLessThan(curvatureNoise?.error ?? 0);
    expect(curvatureNoise?.error).toBeLessThan(trace / along);
    expect(drawnFrom).toBe(96);
    // There (B_noise/B)(1 - B/N) is 1.
    const size = bestBatch?.value ?? NaN;
    expect(((curvatureNoise?.value ?? NaN) / size) * (1 - size / 96)).toBeCloseTo(1, 6);
  });

  it('draws three planes from coarse to fine, the trajectory ending at the point', () => {
    for (const plane of ['eigenvectors', 'random', 'trajectory']) {
      const grids = told.events.flatMap((event) =>
        event.kind === 'part' && event.part.part === 'surface' && event.part.plane === plane ? [event.part] : [],
      );
      expect(grids.map(({ xs }) => xs.length)).toEqual([5, 9, 17, 33]);
      const { trajectory, xs, losses } = told.part('surface', `surface ${plane}`);
      expect(trajectory.steps[trajectory.steps.length - 1]).toBe(40);
      expect(trajectory.x[trajectory.x.length - 1]).toBeCloseTo(0, 5);
      expect(losses.length).toBe(xs.length ** 2);
    }
    const { losses } = told.part('surface', 'surface eigenvectors');
    expect(losses[16 * 33 + 16]).toBeCloseTo(told.part('point').loss, 6);
  });

  it('stops when it is cancelled, and the next look is whole', async () => {
    const source = new CancelSource();
    const heard: InspectEvent[] = [];
    const hear = (event: InspectEvent): void => {
      heard.push(event);
      if (event.kind === 'part' && event.part.part === 'verdict') source.cancel();
    };
    await inspectUnit(unit, { step: 10, nearest: false }, hear, source.token);
    expect(heard[heard.length - 1]).toMatchObject({ kind: 'part', part: { part: 'verdict' } });
    const next = await look(unit, 40);
    expect(next.part('point').loss).toBe(told.part('point').loss);
  });

  it('looks at the last step from the one before', async () => {
    const end = await look(unit, 1_000_000);
    expect(end.part('point').step).toBe(120);
    expect(end.part('slice', 'slice step').made).toBe('last');
  });
});

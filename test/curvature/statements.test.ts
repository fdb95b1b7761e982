import { describe, expect, it } from 'vitest';
import { never } from '../../src/base/cancel';
import { Random } from '../../src/base/random';
import { denseOperator, diagonalOperator, toDense } from '../../src/curvature/dense';
import { curvatureNoiseScale, halvingBatch } from '../../src/curvature/gradientNoise';
import { gradientStep } from '../../src/curvature/gradientStep';
import { lanczos } from '../../src/curvature/lanczos';
import { shuffledShare, smallRateNoiseFloor } from '../../src/curvature/lossNoiseFloor';
import { centringCondition } from '../../src/diagnosis/inputScaling';
import { limitFor } from '../../src/diagnosis/limits';
import { optimizer as optimizerOf, said } from '../diagnosis/evidence';
import { dataset, experiment, fullBatch, optimizer, perceptron } from '../engine/experiments';
import { allRows, normalTensor, twinOf } from '../engine/twins';
import { jacobiEigen } from './jacobi';

/* Statements of the mathematics behind verdicts, each held against an experiment that does not use its formula. */

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x / values.length, 0);

describe('noise', () => {
  it('keeps Adam up at η·tr(P⁻¹Σ)/(4B), momentum or not', () => {
    const [curvature, deviation, p, rate, batch] = [2, 3, 5, 0.01, 4];
    for (const beta of [0, 0.9]) {
      const random = new Random(2);
      let [x, m, sum] = [0, 0, 0];
      const steps = 400_000;
      for (let i = 0; i < steps; i++) {
        m = beta * m + (1 - beta) * (curvature * x + random.normal(0, deviation / Math.sqrt(batch)));
        x -= (rate * m) / p;
        sum += 0.5 * curvature * x * x;
      }
      const floor = smallRateNoiseFloor(deviation ** 2 / p, { rate, momentum: 0, batch });
      expect(sum / steps / floor, `β1 = ${beta}`).toBeGreaterThan(0.9);
      expect(sum / steps / floor, `β1 = ${beta}`).toBeLessThan(1.1);
    }
  });

  it.each([
    [0.02, 0],
    [0.1, 0],
    [0.02, 0.8],
  ])('leaves about x/(3+x) of its floor where epochs are shuffled: η = %s, μ = %s', (rate, momentum) => {
    const [rows, batch, curvature] = [64, 4, 1];
    const floorOf = (shuffled: boolean): number => {
      const random = new Random(7);
      const targets = Array.from({ length: rows }, () => random.normal());
      const centre = mean(targets);
      let [x, velocity, sum, count] = [0, 0, 0, 0];
      for (let epoch = 0; epoch < 6000; epoch++) {
        const order = random.permutation(rows);
        for (let start = 0; start < rows; start += batch) {
          let gradient = 0;
          for (let i = 0; i < batch; i++) {
            const row = shuffled ? (order[start + i] as number) : random.bits() % rows;
            gradient += (curvature * (x - ((targets[row] as number) - centre))) / batch;
          }
          velocity = momentum * velocity + gradient;
          x -= rate * velocity;
          if (epoch < 200) continue;
          sum += x * x;
          count++;
        }
      }
      return sum / count;
    };
    const share = floorOf(true) / floorOf(false);
    expect(share / shuffledShare(curvature, rows, { rate, momentum, batch })).toBeGreaterThan(0.6);
    expect(share / shuffledShare(curvature, rows, { rate, momentum, batch })).toBeLessThan(1.6);
  });

  it('makes η*/(1 + (B_noise/B)(1 - B/N)) the best rate of one step along the gradient of B of N rows', async () => {
    const h = Float32Array.of(8, 2, 0.5);
    const at = Float32Array.of(0.2, 1, -3);
    const deviation = [3, 1, 2];
    const random = new Random(4);
    const [all, batch] = [40, 10];
    const rows = Array.from({ length: all }, () =>
      h.map((curvature, i) => curvature * (at[i] as number) + random.normal(0, deviation[i])),
    );
    const gradient = h.map((_, i) => mean(rows.map((row) => row[i] as number)));
    const scale = (await curvatureNoiseScale(diagonalOperator(h), rows, gradient)) ?? { value: NaN, error: NaN };
    const whole = (await gradientStep(diagonalOperator(h), gradient))?.rate ?? NaN;
    // The best rate of steps along batches' gradients, of a quadratic whose gradient is that of all rows: E ḡᵀb / E bᵀHb.
    let [along, bend] = [0, 0];
    for (let draw = 0; draw < 40_000; draw++) {
      const chosen = Array.from(random.permutation(all).subarray(0, batch), (row) => rows[row] as Float32Array);
      const b = h.map((_, i) => mean(chosen.map((row) => row[i] as number)));
      along += b.reduce((sum, value, i) => sum + value * (gradient[i] as number), 0);
      bend += b.reduce((sum, value, i) => sum + value * value * (h[i] as number), 0);
    }
    const foretold = whole / (1 + (scale.value / batch) * (1 - batch / all));
    expect(along / bend / foretold).toBeGreaterThan(0.97);
    expect(along / bend / foretold).toBeLessThan(1.03);
    const { value } = halvingBatch(scale, all);
    expect((scale.value / value) * (1 - value / all)).toBeCloseTo(1, 9);
    expect(halvingBatch(scale, Infinity).value).toBe(scale.value);
  });

  it('makes η*/(1 + B_noise/B) the best rate of one step along a batch’s gradient', async () => {
    const h = Float32Array.of(8, 2, 0.5);
    const at = Float32Array.of(0.2, 1, -3);
    const deviation = [3, 1, 2];
    const gradient = h.map((curvature, i) => curvature * (at[i] as number));
    const random = new Random(3);
    const row = (): Float32Array => gradient.map((g, i) => g + random.normal(0, deviation[i]));
    const scale = await curvatureNoiseScale(diagonalOperator(h), Array.from({ length: 4000 }, row), gradient);
    const step = await gradientStep(diagonalOperator(h), gradient);
    const batch = 5;
    const best = (step?.rate ?? NaN) / (1 + (scale?.value ?? NaN) / batch);
    const batches = Array.from({ length: 20_000 }, () =>
      gradient.map((g, i) => g + random.normal(0, (deviation[i] as number) / Math.sqrt(batch))),
    );
    const lossAfter = (rate: number): number =>
      mean(
        batches.map((noisy) =>
          h.reduce((sum, curvature, i) => sum + 0.5 * curvature * ((at[i] as number) - rate * (noisy[i] as number)) ** 2, 0),
        ),
      );
    // A quadratic through three rates has its minimum at the best one.
    const [low, middle, high] = [0.5 * best, best, 1.5 * best].map(lossAfter) as [number, number, number];
    const least = best + (0.25 * best * (low - high)) / (low - 2 * middle + high);
    expect(least / best).toBeGreaterThan(0.95);
    expect(least / best).toBeLessThan(1.05);
  });
});

it('gradients that are never cleared swing with period 2π/arccos(1-ηλ/2), and diverge from 4/λ on', () => {
  const [curvature, rate] = [3, 0.2];
  const path = (eta: number): number[] => {
    let [x, buffer] = [1, 0];
    return Array.from({ length: 4000 }, () => {
      buffer += curvature * x;
      x -= eta * buffer;
      return x;
    });
  };
  const signs = path(rate).map(Math.sign);
  const turns = signs.filter((sign, i) => i > 0 && sign !== signs[i - 1]).length;
  expect(((2 * signs.length) / turns / ((2 * Math.PI) / Math.acos(1 - (rate * curvature) / 2))).toFixed(2)).toBe('1.00');
  // As heavy ball with momentum 1, of which the table says 4/λ: bounded under it for ever, growing above it.
  const limit = limitFor(optimizerOf('sgd', rate, { momentum: said(1) }))?.rate(curvature) ?? NaN;
  expect(limit).toBeCloseTo(4 / curvature, 9);
  expect(
    Math.max(
      ...path(0.99 * limit)
        .slice(0, 300)
        .map(Math.abs),
    ),
  ).toBeLessThan(100);
  expect(
    Math.max(
      ...path(1.01 * limit)
        .slice(0, 300)
        .map(Math.abs),
    ),
  ).toBeGreaterThan(1e6);
});

it('a linear layer with bias on uncorrelated unit columns is conditioned by their means alone; MSELoss doubles its curvature', async () => {
  const means = [1.5, -2, 0.5];
  const dim = means.length + 1;
  const entries = new Float64Array(dim * dim);
  const all = [1, ...means];
  for (let i = 0; i < dim; i++)
    for (let j = 0; j < dim; j++) entries[i * dim + j] = (all[i] as number) * (all[j] as number) + (i === j && i > 0 ? 1 : 0);
  const { values } = jacobiEigen(entries, dim);
  const squared = means.reduce((sum, m) => sum + m * m, 0);
  const top = (2 + squared + Math.sqrt(squared * (squared + 4))) / 2;
  expect((values[dim - 1] as number) / top).toBeCloseTo(1, 6);
  expect((values[0] as number) * top).toBeCloseTo(1, 6);
  expect(centringCondition(squared) / ((values[dim - 1] as number) / (values[0] as number))).toBeCloseTo(1, 6);

  const x = normalTensor([40, 3], 3);
  const unit = experiment({ model: perceptron([3, 1], 'tanh', 'mse'), optimizer: optimizer('sgd', 0.1, 2), batches: fullBatch });
  const twin = await twinOf(unit, dataset(x, normalTensor([40, 1], 4)));
  const run = twin.start(0);
  const at = await twin.objective('train', allRows(40)).hessian(run.theta);
  const hessian = await toDense({ dim: 4, selfAdjoint: true, apply: at.apply.bind(at) });
  twin.dispose();
  const column = (row: number, j: number): number => (j < 3 ? (x.values[3 * row + j] as number) : 1);
  for (let i = 0; i < 4; i++)
    for (let j = 0; j < 4; j++) {
      const moment = mean(Array.from({ length: 40 }, (_, row) => column(row, i) * column(row, j)));
      expect(hessian[4 * i + j]).toBeCloseTo(2 * moment, 4);
    }
});

it('PyTorch’s first weights pass a sixth of the variance on through each ReLU layer', async () => {
  const sizes = [128, 128, 128, 128, 1];
  const unit = experiment({ model: perceptron(sizes, 'relu', 'mse'), optimizer: optimizer('sgd', 0.1, 8), batches: fullBatch });
  const x = normalTensor([64, 128], 3);
  const twin = await twinOf(unit, dataset(x, normalTensor([64, 1], 4)));
  const theta = twin.start(0).theta.slice();
  const part = (name: string): Float32Array => {
    const view = twin.parameters.find((each) => each.name === name);
    return theta.subarray(view?.offset ?? 0, (view?.offset ?? 0) + (view?.length ?? 0));
  };
  let signal = Array.from({ length: 64 }, (_, row) => Array.from(x.values.subarray(128 * row, 128 * (row + 1))));
  let expected = 1;
  for (const layer of [0, 2, 4]) {
    const [weight, bias] = [part(`net.${layer}.weight`), part(`net.${layer}.bias`)];
    const variance = mean(Array.from(weight, (w) => w * w));
    expect((variance * 128) / 2).toBeCloseTo(1 / 6, 2);
    const sums = signal.map((row) =>
      Array.from(bias, (b, unit) => row.reduce((sum, value, i) => sum + value * (weight[128 * unit + i] as number), b)),
    );
    // Of the inputs all is passed on, of a ReLU's outputs half: 1/3 and 1/6 of the variance, and the bias adds 1/(3·128).
    expected = expected * (layer === 0 ? 1 / 3 : 1 / 6) + 1 / (3 * 128);
    expect(mean(sums.flat().map((z) => z * z)) / expected).toBeGreaterThan(0.75);
    expect(mean(sums.flat().map((z) => z * z)) / expected).toBeLessThan(1.3);
    signal = sums.map((row) => row.map((z) => Math.max(0, z)));
  }
  twin.dispose();
});

it('RMSprop’s first step is ten times its rate at α = .99', async () => {
  const unit = experiment({
    model: perceptron([3, 1], 'tanh', 'mse'),
    optimizer: optimizer('rmsprop', 0.01, 2, { alpha: 0.99 }),
    batches: fullBatch,
  });
  const twin = await twinOf(unit, dataset(normalTensor([20, 3], 3), normalTensor([20, 1], 4)));
  const run = twin.start(0);
  const before = run.theta.slice();
  await run.advance(1, never);
  before.forEach((value, i) => expect(Math.abs((run.theta[i] as number) - value)).toBeCloseTo(0.1, 4));
  twin.dispose();
});

it('a start in a symmetric subspace hides the negative end with residual 0; the random one among the starts finds it', async () => {
  // Two copied units: along (1, 1) curvature rises, along (1, -1), which no symmetric start sees, it falls.
  const matrix = [0.5, 0.5101, 0.5101, 0.5];
  const symmetric = Float32Array.of(1, 1);
  const image = new Float32Array(2);
  await denseOperator(matrix, 2).apply(symmetric, image);
  expect(image[0]).toBe(image[1]);
  const found = await lanczos(denseOperator(matrix, 2), { random: new Random(1), starts: [symmetric] });
  expect(found.smallest.value).toBeCloseTo(-0.0101, 5);
});

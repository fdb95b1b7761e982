import { describe, expect, it } from 'vitest';
import { CancelSource } from '../../src/base/cancel';
import { Random } from '../../src/base/random';
import { adjointCheck } from '../../src/curvature/adjointCheck';
import { denseOperator, diagonalOperator, toDense } from '../../src/curvature/dense';
import { gradientDifference, stepCurvature } from '../../src/curvature/gradientDifference';
import { gradientMoments } from '../../src/curvature/gradientMoments';
import {
  batchCurvatureSpread,
  batchSharpness,
  covarianceTrace,
  curvatureNoiseScale,
  noiseScale,
  preconditionedTrace,
  signalToNoise,
  squaredMeanGradient,
  twoBatchNoise,
} from '../../src/curvature/gradientNoise';
import { gradientStep } from '../../src/curvature/gradientStep';
import { GroupedNoise } from '../../src/curvature/groupedNoise';
import { gramian, meanVector } from '../../src/curvature/gramian';
import { lossByMode, slowShare } from '../../src/curvature/lossByMode';
import { lossNoiseFloor, shuffledShare, smallRateNoiseFloor } from '../../src/curvature/lossNoiseFloor';
import { dot, normalVector } from '../../src/curvature/vector';
import { expectCoverage } from './coverage';
import { tinyNet } from './tinyNet';

/** Gradients of rows: a mean with independent normal noise of known deviation in each place. */
const mean = Float32Array.from({ length: 12 }, (_, i) => 1 - i / 8);
const deviation = Float32Array.from({ length: 12 }, (_, i) => 0.5 + i / 6);
const draw = (random: Random): Float32Array => mean.map((m, i) => m + (deviation[i] as number) * random.normal());
const trace = deviation.reduce((sum, d) => sum + d * d, 0);
const squaredMean = dot(mean, mean);
const many = (random: Random, count: number): Float32Array[] => Array.from({ length: count }, () => draw(random));
const batch = (random: Random, rows: number): Float32Array => meanVector(many(random, rows));

describe('gradient noise covers the truth', () => {
  it('from rows: trace, squared mean, noise scale, signal to noise', async () => {
    const moments = (random: Random) => gradientMoments(many(random, 80));
    await expectCoverage('trace', trace, (random) => covarianceTrace(moments(random)));
    await expectCoverage('squared mean', squaredMean, (random) => squaredMeanGradient(moments(random)));
    await expectCoverage('noise scale', trace / squaredMean, (random) => noiseScale(moments(random)));
    await expectCoverage('signal', (16 * squaredMean) / trace, (random) => signalToNoise(moments(random), 16));
  });

  it('in the metric of a diagonal, from few gradients and many', async () => {
    const diagonal = Float32Array.from({ length: 8 }, (_, i) => 0.1 * 2 ** i);
    const deviations = [0.2, 3, 1, 0.5, 2, 0.1, 1, 4];
    const truth = deviations.reduce((sum, deviation, i) => sum + deviation ** 2 / (diagonal[i] as number), 0);
    for (const [count, rowsEach] of [
      [6, 1],
      [40, 1],
      [40, 5],
    ] as const)
      await expectCoverage(`${count} of ${rowsEach}`, truth, (random) => {
        const gradients = Array.from({ length: count }, () =>
          Float32Array.from(deviations, (deviation) => 1 + (deviation * random.normal()) / Math.sqrt(rowsEach)),
        );
        return preconditionedTrace(gradients, diagonal, rowsEach);
      });
  });

  it('from batches of one size', async () => {
    const moments = (random: Random) =>
      gradientMoments(
        Array.from({ length: 20 }, () => batch(random, 8)),
        8,
      );
    await expectCoverage('trace', trace, (random) => covarianceTrace(moments(random)));
    await expectCoverage('squared mean', squaredMean, (random) => squaredMeanGradient(moments(random)));
  });

  it('from parts of the rows in few groups, also where noise is a good part of the squared mean', async () => {
    for (const [parts, rowsEach] of [
      [64, 8],
      [64, 1],
      [12, 1],
    ] as const) {
      const statistics = (random: Random) => {
        const grouped = new GroupedNoise(12);
        for (let part = 0; part < parts; part++) grouped.add(batch(random, rowsEach));
        const [whole, scale, signal] = grouped.statistics(rowsEach, [
          (noise) => noise.trace,
          (noise) => noise.trace / noise.squaredMean,
          (noise) => (16 * noise.squaredMean) / noise.trace,
        ]);
        if (!whole || !scale || !signal) throw new Error('no statistics');
        return { whole, scale, signal };
      };
      const name = `${parts} parts of ${rowsEach}`;
      await expectCoverage(`trace, ${name}`, trace, (random) => statistics(random).whole);
      await expectCoverage(`scale, ${name}`, trace / squaredMean, (random) => statistics(random).scale);
      await expectCoverage(`signal, ${name}`, (16 * squaredMean) / trace, (random) => statistics(random).signal);
      // They say something: errors are no wider than twice what is told.
      const { whole, scale } = statistics(new Random(5));
      expect(whole.error / whole.value).toBeLessThan(parts > 12 ? 0.6 : 2);
      expect(scale.error / scale.value).toBeLessThan(parts > 12 ? 1 : 3);
    }
    const few = new GroupedNoise(12);
    few.add(mean);
    expect(few.statistics(1, [(noise) => noise.trace])).toEqual([{ value: NaN, error: Infinity }]);
    few.add(mean.map((x) => 2 * x));
    expect(few.statistics(1, [(noise) => noise.trace])[0]).toEqual({
      value: expect.closeTo(squaredMean / 2, 4) as number,
      error: Infinity,
    });
  });

  it('from batches of two sizes', async () => {
    const samples = (random: Random) =>
      twoBatchNoise(
        Array.from({ length: 40 }, () => {
          const [small, big] = [batch(random, 4), batch(random, 32)];
          return { small: dot(small, small), big: dot(big, big) };
        }),
        4,
        32,
      );
    await expectCoverage('trace', trace, (random) => samples(random).trace);
    await expectCoverage('squared mean', squaredMean, (random) => samples(random).squaredMean);
    await expectCoverage('scale', trace / squaredMean, (random) => samples(random).scale);
  });

  it('tr(HΣ)/gᵀHg', async () => {
    const h = Float32Array.from({ length: 12 }, (_, i) => 10 / (1 + i));
    const truth =
      h.reduce((sum, x, i) => sum + x * (deviation[i] as number) ** 2, 0) /
      h.reduce((s, x, i) => s + x * (mean[i] as number) ** 2, 0);
    await expectCoverage('curvature noise scale', truth, async (random) => {
      const estimate = await curvatureNoiseScale(diagonalOperator(h), many(random, 60), mean);
      return estimate ?? { value: NaN, error: 0 };
    });
    expect(await curvatureNoiseScale(diagonalOperator(h.map((x) => -x)), many(new Random(1), 5), mean)).toBeNull();
  });

  it('with fewer rows where these say enough, and ends at cancellation', async () => {
    const h = Float32Array.from({ length: 12 }, (_, i) => 10 / (1 + i));
    const truth =
      h.reduce((sum, x, i) => sum + x * (deviation[i] as number) ** 2, 0) /
      h.reduce((s, x, i) => s + x * (mean[i] as number) ** 2, 0);
    const operator = diagonalOperator(h);
    const taken: number[] = [];
    await expectCoverage('stopped by tolerance', truth, async (random) => {
      const estimate = await curvatureNoiseScale(operator, many(random, 400), mean, { tolerance: 0.2 });
      taken.push(estimate?.applications ?? NaN);
      return estimate ?? { value: NaN, error: 0 };
    });
    expect(Math.max(...taken)).toBeLessThan(200);
    const source = new CancelSource();
    source.cancel();
    const options = { cancel: source.token };
    expect(await curvatureNoiseScale(operator, many(new Random(1), 9), mean, options)).toMatchObject({
      applications: 1,
      error: Infinity,
    });
    const batches = [{ hessian: operator, gradient: mean }];
    expect(await batchSharpness(batches, options)).toMatchObject({ applications: 0, error: Infinity });
    expect(await batchCurvatureSpread([operator], mean, 1, options)).toMatchObject({ applications: 0, error: Infinity });
  });

  it('batch sharpness and the spread of batch curvature', async () => {
    // Batches with Hessian (1+s)·I, s normal: gᵀHg/‖g‖² = 1+s, ‖Hv‖² - 1 has mean E s² = .09.
    const hessians = (random: Random) =>
      Array.from({ length: 60 }, () => diagonalOperator(new Float32Array(12).fill(1 + 0.3 * random.normal())));
    await expectCoverage('batch sharpness', 1, (random) =>
      batchSharpness(hessians(random).map((hessian) => ({ hessian, gradient: draw(random) }))),
    );
    const unit = new Float32Array(12);
    unit[3] = 1;
    await expectCoverage('spread', 0.09, (random) => batchCurvatureSpread(hessians(random), unit, 1));
  });
});

describe('noise floor of the loss', () => {
  it('agrees with heavy ball simulated on a noisy quadratic', () => {
    const [eigenvalue, variance, rate, momentum, batchRows] = [2, 3, 0.3, 0.5, 4];
    const random = new Random(1);
    let [x, velocity, sum] = [0, 0, 0];
    const steps = 200_000;
    for (let i = 0; i < steps; i++) {
      velocity = momentum * velocity + eigenvalue * x + random.normal(0, Math.sqrt(variance / batchRows));
      x -= rate * velocity;
      sum += 0.5 * eigenvalue * x * x;
    }
    const floor = lossNoiseFloor([{ eigenvalue, variance }], { rate, momentum, batch: batchRows });
    expect(sum / steps / floor).toBeGreaterThan(0.97);
    expect(sum / steps / floor).toBeLessThan(1.03);
  });

  it('small rates need the trace alone; past the limit there is no floor', () => {
    const steps = { rate: 1e-3, momentum: 0.9, batch: 8 };
    expect(lossNoiseFloor([{ eigenvalue: 1, variance: 5 }], steps) / smallRateNoiseFloor(5, steps)).toBeCloseTo(1, 3);
    expect(lossNoiseFloor([{ eigenvalue: 5000, variance: 1 }], steps)).toBe(Infinity);
    expect(shuffledShare(1, 1e9, steps)).toBeCloseTo(1, 3);
    expect(shuffledShare(1, 8, steps)).toBeLessThan(0.01);
  });
});

const random = new Random(11);
const rows = Array.from({ length: 10 }, () => [random.normal(), random.normal()]);
const net = tinyNet(
  4,
  rows,
  rows.map(([a, b]) => Math.sin(2 * (a as number)) - (b as number)),
);
const theta = normalVector(net.dim, new Random(5)).map((x) => 0.5 * x);

describe('operators of a tiny net', () => {
  it('gradient differences give the Hessian', async () => {
    const dense = await toDense(gradientDifference(net.gradient, theta, 1e-2));
    const expected = net.hessianEntries(theta);
    dense.forEach((entry, i) => expect(entry).toBeCloseTo(expected[i] as number, 2));
    expect((await adjointCheck(await net.hessian(theta), new Random(1))).passed).toBe(true);
    const skew = denseOperator([0, 1, -1, 0], 2, false);
    expect((await adjointCheck(skew, new Random(1))).passed).toBe(false);
  });

  it('sees a kink that the second derivative leaves out', async () => {
    // |x| at .001 with steps of .1: gradient jumps from 1 to -1.
    const gradient = (at: Float32Array, out: Float32Array): Promise<void> =>
      Promise.resolve(void (out[0] = Math.sign(at[0] as number)));
    const out = new Float32Array(1);
    await gradientDifference(gradient, Float32Array.of(0.001), 0.1).apply(Float32Array.of(1), out);
    expect(out[0]).toBeCloseTo(10, 4);
    expect(stepCurvature(Float32Array.of(1), Float32Array.of(-1), Float32Array.of(-0.2))).toEqual({
      lipschitz: expect.closeTo(10, 4) as number,
      along: expect.closeTo(10, 4) as number,
    });
  });

  it('the gramian of centred row gradients is their covariance', async () => {
    const gradients = net.rowGradients(theta);
    const centre = meanVector(gradients);
    const dense = await toDense(gramian(gradients, centre, gradients.length - 1));
    for (const [i, j] of [
      [0, 0],
      [2, 9],
      [net.dim - 1, 3],
    ] as const) {
      const expected = gradients.reduce(
        (sum, g) => sum + ((g[i] as number) - (centre[i] as number)) * ((g[j] as number) - (centre[j] as number)),
        0,
      );
      expect(dense[i * net.dim + j]).toBeCloseTo(expected / (gradients.length - 1), 4);
    }
    const total = Array.from({ length: net.dim }, (_, i) => dense[i * net.dim + i] as number).reduce((sum, x) => sum + x, 0);
    expect(covarianceTrace(gradientMoments(gradients)).value / total).toBeCloseTo(1, 4);
  });
});

describe('steps and modes on a quadratic', () => {
  const h = [0.001, 0.01, 1, 10];
  const at = [30, 20, 1, 0.5];
  const gradient = Float32Array.from(h, (x, i) => x * (at[i] as number));
  const hessian = diagonalOperator(Float32Array.from(h));

  it('the best rate along the gradient minimises the loss along it', async () => {
    const loss = (rate: number, p: readonly number[]): number =>
      h.reduce((sum, x, i) => sum + 0.5 * x * ((at[i] as number) - (rate * (gradient[i] as number)) / (p[i] as number)) ** 2, 0);
    for (const p of [
      [1, 1, 1, 1],
      [0.1, 0.5, 2, 8],
    ]) {
      const step = await gradientStep(hessian, gradient, Float32Array.from(p));
      const rate = step?.rate ?? NaN;
      expect(loss(rate, p)).toBeLessThan(loss(rate * 1.01, p));
      expect(loss(rate, p)).toBeLessThan(loss(rate * 0.99, p));
      expect(loss(0, p) - loss(rate, p)).toBeCloseTo(step?.gain ?? NaN, 4);
    }
    expect(await gradientStep(diagonalOperator(Float32Array.of(-1)), Float32Array.of(1))).toBeNull();
  });

  it('the remaining loss is told apart by curvature', async () => {
    const modes = await lossByMode(hessian, gradient);
    h.forEach((x, i) => {
      expect((modes.eigenvalues[i] as number) / x).toBeCloseTo(1, 2);
      expect((modes.losses[i] as number) / (0.5 * x * (at[i] as number) ** 2)).toBeCloseTo(1, 2);
    });
    const all = h.reduce((sum, x, i) => sum + 0.5 * x * (at[i] as number) ** 2, 0);
    expect(slowShare(modes, 0.1)?.value).toBeCloseTo((0.5 * 0.001 * 900 + 0.5 * 0.01 * 400) / all, 3);
  });
});

describe('noise in shuffled epochs', () => {
  /** Mean loss of heavy ball at the floor, a row after another in each epoch's own order, over rows whose gradients' noise adds up to zero. */
  function shuffledLoss(rows: number, batch: number, rate: number, momentum: number, epochs: number): number {
    const random = new Random(3);
    const drawn = Array.from({ length: rows }, () => random.normal());
    const mean = drawn.reduce((sum, value) => sum + value / rows, 0);
    const size = Math.sqrt(drawn.reduce((sum, value) => sum + (value - mean) ** 2 / rows, 0));
    const noise = drawn.map((value) => (value - mean) / size);
    let [x, velocity, sum, count] = [0, 0, 0, 0];
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = random.permutation(rows);
      for (let at = 0; at + batch <= rows; at += batch) {
        let g = x;
        for (let i = 0; i < batch; i++) g += (noise[order[at + i] as number] as number) / batch;
        velocity = momentum * velocity + g;
        x -= rate * velocity;
        if (epoch < epochs / 4) continue;
        sum += 0.5 * x * x;
        count++;
      }
    }
    return sum / count;
  }

  it.each([
    [64, 4, 0.05, 0],
    [64, 4, 0.2, 0],
    [256, 4, 0.1, 0],
    [256, 2, 0.02, 0],
    [128, 4, 0.02, 0.8],
    [256, 8, 0.02, 0.9],
  ])('leaves x/(3+x) of the floor: %i rows, batches of %i, η = %f, μ = %f', (rows, batch, rate, momentum) => {
    const steps = { rate, momentum, batch };
    const floor = lossNoiseFloor([{ eigenvalue: 1, variance: 1 }], steps);
    const share = shuffledLoss(rows, batch, rate, momentum, 4000) / floor;
    expect(share / shuffledShare(1, rows, steps)).toBeGreaterThan(0.85);
    expect(share / shuffledShare(1, rows, steps)).toBeLessThan(1.2);
  });
});

import { describe, expect, it } from 'vitest';
import { CancelSource } from '../../src/base/cancel';
import { Random } from '../../src/base/random';
import { restricted } from '../../src/curvature/composition';
import { conditionNumber, effectiveConditionNumber } from '../../src/curvature/conditionNumber';
import { diagonalBekas } from '../../src/curvature/diagonalBekas';
import { diagonalOperator } from '../../src/curvature/dense';
import { effectiveRank, participationRatio, stableRank } from '../../src/curvature/effectiveRank';
import { studentPoint, type Estimate } from '../../src/curvature/estimate';
import { frobeniusNorm } from '../../src/curvature/frobeniusNorm';
import { lanczos } from '../../src/curvature/lanczos';
import type { LinearOperator } from '../../src/curvature/operator';
import { spectralQuadrature, spectralSum, type SpectralQuadrature } from '../../src/curvature/quadrature';
import type { SamplingOptions } from '../../src/curvature/sampling';
import { logarithmicEdges, negativeFraction, spectralDensity, spectralHistogram } from '../../src/curvature/spectralDensity';
import { traceHutchPlusPlus } from '../../src/curvature/traceHutchPlusPlus';
import { traceHutchinson } from '../../src/curvature/traceHutchinson';
import { traceXTrace } from '../../src/curvature/traceXTrace';
import { cases, fromSpectrum } from './cases';
import { expectCoverage } from './coverage';
import { jacobiEigen } from './jacobi';

const total = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0);
type Method = (operator: LinearOperator, options: SamplingOptions) => Promise<Estimate>;
const traces: [string, Method][] = [
  ['Hutchinson', traceHutchinson],
  ['Hutch++', traceHutchPlusPlus],
  ['XTrace', traceXTrace],
];

/** What the dense matrix says, by its own eigenvalues rather than those it was made from. */
const dense = cases.map((each) => ({ ...each, values: jacobiEigen(each.entries, each.dim).values }));

describe.each(traces)('trace by %s', (_, method) => {
  it.each(dense)('covers: $name', async ({ name, operator, values }) => {
    await expectCoverage(name, total(values), (random) => method(operator, { random, maximumApplications: 48, tolerance: 0.1 }));
  });

  it('stops by tolerance', async () => {
    const { operator } = fromSpectrum(
      'identity-like',
      Array.from({ length: 60 }, (_x, i) => 1 + i / 600),
    );
    const loose = await method(operator, { random: new Random(1), tolerance: 0.2, maximumApplications: 300 });
    expect(loose.applications).toBeLessThan(100);
    expect(loose.error).toBeLessThanOrEqual(0.2 * loose.value);
  });

  it('ends at cancellation', async () => {
    const source = new CancelSource();
    source.cancel();
    expect(
      (await method(diagonalOperator(new Float32Array(9).fill(1)), { random: new Random(1), cancel: source.token })).error,
    ).toBe(Infinity);
  });
});

it('on a part of the parameters the traces and the spectrum are those of the block', async () => {
  const { operator, entries, dim } = cases[0] as (typeof cases)[0];
  const part = restricted(operator, [{ offset: 5, length: 20 }]);
  const truth = total(Array.from({ length: 20 }, (_, i) => entries[(5 + i) * dim + 5 + i] as number));
  for (const [name, method] of traces) {
    await expectCoverage(name, truth, (random) => method(part, { random, maximumApplications: 48 }));
  }
  await expectCoverage('quadrature', truth, async (random) =>
    spectralSum(await spectralQuadrature(part, { random, steps: 10, maximumApplications: 120 }), (x) => x),
  );
});

it('XTrace and Hutch++ need fewer applications than Hutchinson where few eigenvalues dominate', async () => {
  const { operator } = fromSpectrum(
    'decaying',
    Array.from({ length: 80 }, (_, i) => 100 * 0.7 ** i),
    4,
  );
  const cost = async (method: Method): Promise<number> =>
    (await method(operator, { random: new Random(1), tolerance: 1e-3, maximumApplications: 400 })).applications;
  const [plain, hutch, xtrace] = [await cost(traceHutchinson), await cost(traceHutchPlusPlus), await cost(traceXTrace)];
  expect(hutch).toBeLessThan(plain / 2);
  expect(xtrace).toBeLessThan(plain / 2);
});

describe('Frobenius norm', () => {
  it.each(dense)('covers: $name', async ({ name, operator, values }) => {
    const truth = Math.hypot(...values);
    await expectCoverage(name, truth, (random) => frobeniusNorm(operator, { random, maximumApplications: 60 }));
  });
});

describe('diagonal', () => {
  it.each(dense)('covers: $name', async ({ dim, operator, entries }) => {
    let covered = 0;
    let all = 0;
    for (let seed = 0; seed < 20; seed++) {
      const { values, errors } = await diagonalBekas(operator, { random: new Random(seed), maximumApplications: 60 });
      values.forEach((value, i) => {
        all++;
        if (Math.abs(value - (entries[i * dim + i] as number)) <= (errors[i] as number) + 1e-5) covered++;
      });
    }
    expect(covered / all).toBeGreaterThanOrEqual(0.9);
  });

  it('is exact for a diagonal operator, at the least cost', async () => {
    const diagonal = Float32Array.of(1, -2, 3);
    const { values, applications } = await diagonalBekas(diagonalOperator(diagonal), { random: new Random(1) });
    expect([...values]).toEqual([1, -2, 3]);
    expect(applications).toBe(8);
  });
});

describe('stochastic Lanczos quadrature', () => {
  it.each(dense)('sums over the spectrum and effective ranks cover: $name', async ({ name, operator, values }) => {
    const quadratures: SpectralQuadrature[] = [];
    for (let seed = 0; seed < 200; seed++) {
      quadratures.push(await spectralQuadrature(operator, { random: new Random(seed), steps: 12, maximumApplications: 12 * 14 }));
    }
    const each = (of: (quadrature: SpectralQuadrature) => Estimate): (() => Estimate) => {
      const left = quadratures.values();
      return () => of(left.next().value as SpectralQuadrature);
    };
    const scale = Math.max(...values.map(Math.abs), 1e-9);
    const smooth = (x: number): number => Math.exp(-((x / scale) ** 2));
    await expectCoverage(
      `${name} sum`,
      total(values.map(smooth)),
      each((q) => spectralSum(q, smooth)),
    );
    const sizes = values.map((x) => (Math.abs(x) < 1e-9 ? 0 : Math.abs(x)));
    const sum = total(sizes);
    const squares = total(sizes.map((x) => x * x));
    if (sum === 0) return;
    const entropy = -total(sizes.map((x) => (x === 0 ? 0 : (x / sum) * Math.log(x / sum))));
    await expectCoverage(`${name} entropy`, Math.exp(entropy), each(effectiveRank));
    await expectCoverage(`${name} participation`, total([...values]) ** 2 / squares, each(participationRatio));
    await expectCoverage(
      `${name} stable`,
      squares / scale ** 2,
      each((q) => stableRank(q, scale)),
    );
  });

  it('density: mass one, error bars over the smoothed truth, negative fraction', async () => {
    // Two bumps.
    const values = Array.from({ length: 80 }, (_, i) => (i < 20 ? -1 - i / 100 : 1 + i / 80));
    const [operator, dim] = [diagonalOperator(Float32Array.from(values)), values.length];
    let covered = 0;
    let quadrature: SpectralQuadrature = { dim, probes: [], applications: 0, stopped: 'maximum' };
    let negatives = 0;
    const seeds = 200;
    for (let seed = 0; seed < seeds; seed++) {
      quadrature = await spectralQuadrature(operator, {
        random: new Random(seed),
        steps: 36,
        maximumApplications: 36 * 8,
        tolerance: 0,
      });
      const negative = negativeFraction(quadrature);
      if (Math.abs(negative.value - 0.25) <= negative.error) negatives++;
      const density = spectralDensity(quadrature, 50, 0.1);
      const step = (density.eigenvalues[1] as number) - (density.eigenvalues[0] as number);
      expect(density.density.reduce((sum, x) => sum + x * step, 0)).toBeCloseTo(1, 2);
      density.eigenvalues.forEach((at, i) => {
        const truth = total(values.map((x) => Math.exp(-0.5 * ((x - at) / 0.1) ** 2) / (0.1 * Math.sqrt(2 * Math.PI) * dim)));
        if (Math.abs((density.density[i] as number) - truth) <= (density.error[i] as number) + 1e-6) covered++;
      });
    }
    expect(covered / (50 * seeds)).toBeGreaterThanOrEqual(0.9);
    expect(negatives / seeds).toBeGreaterThanOrEqual(0.9);
    expect(negativeFraction(quadrature).error).toBeLessThan(0.15);
    const bins = spectralHistogram(quadrature, logarithmicEdges([-2, 3], 0.01));
    expect(total(bins.map(({ value }) => value))).toBeCloseTo(1, 6);
  });

  it('adds probes until the distribution is known to the tolerance, and no further', async () => {
    const { operator } = fromSpectrum(
      'bulk',
      Array.from({ length: 300 }, (_, i) => i / 300),
    );
    const loose = await spectralQuadrature(operator, { random: new Random(1), steps: 20, tolerance: 0.05 });
    const tight = await spectralQuadrature(operator, { random: new Random(1), steps: 20, tolerance: 0.02 });
    expect([loose.stopped, tight.stopped]).toEqual(['tolerance', 'tolerance']);
    expect(loose.probes.length).toBeLessThan(tight.probes.length);
  });
});

describe('condition number', () => {
  it('is right, with its error, where the small end can be told from zero', async () => {
    const { operator } = fromSpectrum(
      'mild',
      Array.from({ length: 40 }, (_, i) => 1 + i),
    );
    const { value, error } = conditionNumber(await lanczos(operator, { random: new Random(1), tolerance: 1e-4 }));
    expect(value).not.toBeNull();
    expect(Math.abs((value as number) - 40)).toBeLessThanOrEqual(error + 1e-3);
  });

  it('covers, and so do the shares of a histogram', async () => {
    const spectrum = Array.from({ length: 40 }, (_, i) => 1 + i);
    const { operator } = fromSpectrum('mild', spectrum);
    await expectCoverage('condition number', 40, async (random) => {
      const { value, error } = conditionNumber(await lanczos(operator, { random, tolerance: 1e-3 }));
      return { value: value ?? NaN, error };
    });
    const share = spectrum.filter((x) => x > 10.5 && x < 25.5).length / 40;
    await expectCoverage('share', share, async (random) => {
      const quadrature = await spectralQuadrature(operator, { random, steps: 16, maximumApplications: 16 * 16 });
      return spectralHistogram(quadrature, [0, 10.5, 25.5, 41])[1] ?? { value: NaN, error: 0 };
    });
  });

  it('states the noise floor where it cannot', async () => {
    const { operator } = fromSpectrum('singular', [...Array.from({ length: 20 }, () => 0), 1, 2, 3, 4, 5]);
    const result = conditionNumber(await lanczos(operator, { random: new Random(1), tolerance: 1e-4 }));
    expect(result.value).toBeNull();
    expect(result.atLeast).toBeGreaterThan(1e3);
    expect(result.noiseFloor).toBeGreaterThan(0);
  });

  it('covers over the part above the noise', async () => {
    // Even in the logarithm over two decades, on a diagonal: a random start does not see axes. Of the positive ones, one in a hundred lies
    // under the second of 180.
    const positive = Array.from({ length: 180 }, (_, i) => 10 ** (i / 90));
    const operator = diagonalOperator(Float32Array.from([...Array.from({ length: 20 }, () => 0), ...positive]));
    for (const steps of [16, 32]) {
      await expectCoverage(`effective condition number, ${steps} steps`, 10 ** (179 / 90) / 10 ** (1 / 90), async (random) => {
        const quadrature = await spectralQuadrature(operator, { random, steps, maximumApplications: steps * 6, tolerance: 0 });
        const { value, error } = effectiveConditionNumber(quadrature, 1e-3);
        return { value: value ?? NaN, error };
      });
    }
  });

  it('over the part above the noise', async () => {
    const spectrum = [...Array.from({ length: 30 }, () => 0), ...Array.from({ length: 30 }, (_, i) => 0.1 + i * 0.1), 100];
    const { operator } = fromSpectrum('zeros and bulk', spectrum);
    const quadrature = await spectralQuadrature(operator, { random: new Random(3), steps: 50 });
    const { value, error } = effectiveConditionNumber(quadrature, 1e-5);
    expect(value).toBeGreaterThan(300);
    expect(value).toBeLessThan(1100);
    expect(Number.isFinite(error)).toBe(true);
  });
});

it('points of Student’s distribution agree with tables', () => {
  const table: [number, number][] = [
    [1, 12.7062],
    [2, 4.3027],
    [3, 3.1824],
    [5, 2.5706],
    [10, 2.2281],
    [30, 2.0423],
    [1000, 1.9623],
  ];
  for (const [degrees, point] of table) expect(Math.abs(studentPoint(degrees) / point - 1)).toBeLessThan(2e-3);
});

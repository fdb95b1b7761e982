import { fc } from '../support/property';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random';
import { symmetricEigenvalues } from '../../src/data/statistics/eigenvalues';
import { dataStatistics } from '../../src/data/statistics/statistics';
import { runsZ, targetStatistics } from '../../src/data/statistics/target';
import { arrayOf } from '../../src/data/values';

const integers = (...values: number[]) => arrayOf([values.length], Int32Array.from(values));
const matrix = (width: number, ...values: number[]) => arrayOf([values.length / width, width], Float64Array.from(values));

describe('eigenvalues of a symmetric matrix', () => {
  it('are those that it was built from', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer(), (n, seed) => {
        const random = new Random(seed);
        const known = Float64Array.from({ length: n }, () => random.normal() * 10 ** random.uniform(-3, 3)).sort();
        const found = symmetricEigenvalues(rotated(known, random), n);
        const scale = Math.max(...known.map(Math.abs));
        for (let i = 0; i < n; i++) expect(Math.abs((found[i] as number) - (known[i] as number))).toBeLessThan(1e-12 * scale);
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  it('hold for diagonal, zero and repeated ones', () => {
    expect([...symmetricEigenvalues(Float64Array.from([3, 0, 0, 0, 1, 0, 0, 0, 2]), 3)]).toEqual([1, 2, 3]);
    expect([...symmetricEigenvalues(new Float64Array(16), 4)]).toEqual([0, 0, 0, 0]);
  });
});

/** QΛQᵀ with Q a product of plane rotations. */
function rotated(eigenvalues: Float64Array, random: Random): Float64Array {
  const n = eigenvalues.length;
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) a[i * n + i] = eigenvalues[i] as number;
  for (let turn = 0; turn < 3 * n && n > 1; turn++) {
    const p = random.integer(n);
    const q = (p + 1 + random.integer(n - 1)) % n;
    const angle = random.uniform(0, 2 * Math.PI);
    rotate(a, n, p, q, angle, 1, n);
    rotate(a, n, p, q, angle, n, 1);
  }
  return a;
}

function rotate(a: Float64Array, n: number, p: number, q: number, angle: number, along: number, across: number): void {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  for (let k = 0; k < n; k++) {
    const [x, y] = [a[p * across + k * along] as number, a[q * across + k * along] as number];
    a[p * across + k * along] = c * x - s * y;
    a[q * across + k * along] = s * x + c * y;
  }
}

describe('column statistics', () => {
  it('describe each column, missing values left out', async () => {
    const { columns } = await dataStatistics(
      [{ ...matrix(2, 1, 5, 3, NaN, 5, 5, 3, 5), names: ['a', 'b'] }],
      integers(0, 0, 1, 1),
      0,
      4,
    );
    expect(columns).toEqual([
      { name: 'a', mean: 3, deviation: Math.sqrt(2), minimum: 1, maximum: 5, missing: 0, distinct: 3 },
      { name: 'b', mean: 5, deviation: 0, minimum: 5, maximum: 5, missing: 1, distinct: 1 },
    ]);
  });

  it('count distinct values as a set does, up to 1,000', async () => {
    const random = new Random(4);
    const values = Float64Array.from({ length: 5000 }, () => random.integer(700) / 7 - 50);
    const many = Float64Array.from({ length: 5000 }, () => random.normal());
    const { columns } = await dataStatistics([arrayOf([5000], values), arrayOf([5000], many)], integers(0), 0, 0);
    expect(columns.map(({ name, distinct }) => ({ name, distinct }))).toEqual([
      { name: 'column 0', distinct: new Set(values).size },
      { name: 'column 1', distinct: 1000 },
    ]);
  });

  it('tell images from tables', async () => {
    const image = arrayOf([2, 1, 3, 3], new Float32Array(18));
    const series = arrayOf([2, 3, 3], new Float32Array(18));
    expect((await dataStatistics([image], integers(0, 1), 0, 2)).isImage).toBe(true);
    expect((await dataStatistics([series], integers(0, 1), 0, 2)).isImage).toBe(false);
  });

  it('leave the moments out when the input is too wide', async () => {
    expect((await dataStatistics([arrayOf([2, 301], new Float32Array(602))], integers(0, 1), 0, 2)).secondMoment).toBeNull();
  });
});

describe('moments', () => {
  it('follow the formula for one uncentred column: [1, x] with mean m and deviation s', async () => {
    const { secondMoment, centredMoment, standardisedMoment } = await dataStatistics([matrix(1, 8, 12)], integers(0, 1), 0, 2);
    // Trace 1 + m² + s² = 105, determinant s² = 4.
    const largest = (105 + Math.sqrt(105 ** 2 - 16)) / 2;
    expect(secondMoment?.largest).toBeCloseTo(largest, 10);
    expect(secondMoment?.condition).toBeCloseTo(largest ** 2 / 4, 8);
    expect(centredMoment).toEqual({ largest: 4, smallest: 1, condition: 4 });
    expect(standardisedMoment).toEqual({ largest: 1, smallest: 1, condition: 1 });
  });

  it('do not count directions without any variation', async () => {
    const { centredMoment, standardisedMoment } = await dataStatistics([matrix(3, 1, 1, 7, 3, 3, 7)], integers(0, 1), 0, 2);
    expect(centredMoment?.largest).toBeCloseTo(2, 12);
    expect(centredMoment?.smallest).toBeCloseTo(1, 12);
    expect(standardisedMoment?.largest).toBeCloseTo(2, 12);
  });
});

describe('the target', () => {
  it('is classes for integers, 0/1 floats and one-hot rows', () => {
    expect(targetStatistics(integers(0, 2, 2))).toMatchObject({ kind: 'classes', counts: [1, 0, 2], shape: [3] });
    expect(targetStatistics(matrix(1, 0, 1, 1))).toMatchObject({ kind: 'classes', counts: [1, 2], shape: [3, 1] });
    expect(targetStatistics(matrix(2, 0, 1, 1, 0, 0, 1))).toMatchObject({ kind: 'classes', counts: [1, 2] });
    expect(targetStatistics(matrix(1, 0.5, 1, NaN))).toMatchObject({
      kind: 'numbers',
      counts: [],
      mean: 0.75,
      variance: 0.0625,
      missing: 1,
    });
    expect(targetStatistics(integers(-1, 1)).kind).toBe('numbers');
  });

  it('has few runs when it is sorted', () => {
    const sorted = Int32Array.from({ length: 150 }, (_, row) => Math.floor(row / 50));
    expect(runsZ(sorted)).toBeLessThan(-10);
    expect(runsZ(Int32Array.from({ length: 100 }, (_, row) => row % 2))).toBeGreaterThan(9);
    expect(runsZ(new Int32Array(10))).toBeNull();
  });

  it('has the runs of Wald and Wolfowitz for two kinds', () => {
    // n1 = 5, n2 = 3: mean 2·5·3/8 + 1 = 4.75, variance 30·(30 - 8)/(64·7).
    const labels = Int32Array.from([0, 0, 1, 1, 0, 0, 1, 0]);
    expect(runsZ(labels)).toBeCloseTo((5 - 4.75) / Math.sqrt((30 * 22) / (64 * 7)), 12);
  });

  it('is near zero on shuffled labels: within 4 deviations in 200 orders', () => {
    const random = new Random(2);
    const scores = Array.from({ length: 200 }, () => runsZ(random.permutation(90).map((at) => at % 3)) ?? 0);
    expect(Math.max(...scores.map(Math.abs))).toBeLessThan(4);
    const spread = scores.reduce((sum, z) => sum + z * z, 0) / scores.length;
    expect(spread).toBeGreaterThan(0.7);
    expect(spread).toBeLessThan(1.4);
  });
});

describe('conflicting rows', () => {
  it('are equal inputs with different classes', async () => {
    const inputs = matrix(2, 1, 2, 3, 4, 1, 2, 1, 2, 3, 4, 5, -0, 5, 0);
    expect((await dataStatistics([inputs], integers(0, 1, 1, 0, 1, 0, 1), 0, 7)).conflictingRows).toBe(5);
    expect((await dataStatistics([inputs], matrix(1, 1.5, 2, 3, 4, 5, 6, 7), 0, 7)).conflictingRows).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { CancelSource } from '../../src/base/cancel';
import { Random } from '../../src/base/random';
import { denseOperator, diagonalOperator } from '../../src/curvature/dense';
import { lanczos, missStatement, type LanczosResult } from '../../src/curvature/lanczos';
import type { Reorthogonalisation } from '../../src/curvature/lanczosBasis';
import type { LinearOperator } from '../../src/curvature/operator';
import { powerIteration } from '../../src/curvature/powerIteration';
import { axpy, norm, normalVector } from '../../src/curvature/vector';
import { cases, fromSpectrum } from './cases';
import { expectCoverage } from './coverage';

const modes: Reorthogonalisation[] = ['full', 'selective', 'none'];
const first = (values: readonly number[]): number => values[0] as number;
const last = (values: readonly number[]): number => values[values.length - 1] as number;

async function trueResidual(operator: LinearOperator, end: LanczosResult['largest']): Promise<number> {
  const image = new Float32Array(operator.dim);
  await operator.apply(end.vector, image);
  axpy(-end.value, end.vector, image);
  return norm(image);
}

describe.each(modes)('lanczos, reorthogonalisation %s', (reorthogonalisation) => {
  it.each(cases)('finds both ends of: $name', async ({ operator, values }) => {
    const result = await lanczos(operator, {
      random: new Random(7),
      tolerance: 1e-4,
      reorthogonalisation,
      maximumApplications: 300,
    });
    const magnitude = Math.max(-first(values), last(values));
    expect(result.converged).toBe(true);
    expect(Math.abs(result.largest.value - last(values))).toBeLessThanOrEqual(2e-4 * magnitude);
    expect(Math.abs(result.smallest.value - first(values))).toBeLessThanOrEqual(2e-4 * magnitude);
    for (const end of [result.largest, result.smallest]) {
      expect(norm(end.vector)).toBeCloseTo(1, 5);
      expect(await trueResidual(operator, end)).toBeLessThanOrEqual(1.1 * end.residual + 1e-6 * magnitude);
    }
  });
});

describe('lanczos', () => {
  it('stops by tolerance: a loose goal takes fewer applications than a tight one, and both are met', async () => {
    const spectrum = Float32Array.from({ length: 2000 }, (_, i) => (i < 1990 ? i / 2000 : (i - 1985) * 0.5));
    const operator = diagonalOperator(spectrum);
    const loose = await lanczos(operator, { random: new Random(1), ends: 'largest', tolerance: 0.05 });
    const tight = await lanczos(operator, { random: new Random(1), ends: 'largest', tolerance: 1e-4 });
    expect(loose.applications).toBeLessThan(tight.applications);
    expect(Math.abs(loose.largest.value / 7 - 1)).toBeLessThan(0.05);
    expect(Math.abs(tight.largest.value / 7 - 1)).toBeLessThan(1e-4);
    expect(tight.applications).toBeLessThan(40);
  });

  it.each([2, 3, 4])('in %s dimensions starts at both ends find both again, whatever the random direction', async (dim) => {
    const diagonal = Float32Array.from({ length: dim }, (_, i) => [20, 1, 7, 3][i] as number);
    const ends = [0, 1].map((at) => Float32Array.from({ length: dim }, (_, i) => Number(i === at)));
    for (let seed = 0; seed < 500; seed++) {
      const result = await lanczos(diagonalOperator(diagonal), { random: new Random(seed), starts: ends });
      expect(Math.abs(result.largest.value - 20)).toBeLessThan(0.2);
      expect(Math.abs(result.smallest.value - 1)).toBeLessThan(0.2);
    }
  });

  it('a warm start from the last eigenvectors saves applications after a small change', async () => {
    const n = 3000;
    const diagonal = Float32Array.from({ length: n }, (_, i) => Math.sin(i) + (i === 5 ? 2 : 0) - (i === 9 ? 2 : 0));
    const before = await lanczos(diagonalOperator(diagonal), { random: new Random(2), tolerance: 1e-3 });
    const moved = diagonal.map((d, i) => d * (1 + 0.01 * Math.cos(i)));
    const cold = await lanczos(diagonalOperator(moved), { random: new Random(3), tolerance: 1e-3 });
    const warm = await lanczos(diagonalOperator(moved), {
      random: new Random(3),
      tolerance: 1e-3,
      starts: [before.largest.vector, before.smallest.vector],
    });
    expect(warm.applications).toBeLessThan(cold.applications);
    expect(warm.largest.value).toBeCloseTo(cold.largest.value, 2);
    expect(warm.smallest.value).toBeCloseTo(cold.smallest.value, 2);
  });

  it('a start inside an invariant subspace does not hide the negative end', async () => {
    // The given start is an eigenvector at +.001: alone it would end at once with residual 0.
    const diagonal = Float32Array.from({ length: 60 }, (_, i) => 0.001 + i / 60);
    diagonal[17] = -0.0101;
    const start = new Float32Array(60);
    start[0] = 1;
    const result = await lanczos(diagonalOperator(diagonal), { random: new Random(4), starts: [start], tolerance: 1e-4 });
    expect(result.smallest.value).toBeCloseTo(-0.0101, 5);
  });

  it.each(cases)('bounds miss no eigenvalue more often than stated: $name', async ({ operator, values }) => {
    let missed = 0;
    const seeds = 200;
    for (let seed = 0; seed < seeds; seed++) {
      const starts = seed % 2 === 0 ? [] : [normalVector(operator.dim, new Random(9))];
      const { largest, smallest } = await lanczos(operator, {
        random: new Random(seed),
        starts,
        missProbability: 0.1,
        maximumApplications: 6,
      });
      const noise = 2e-6 * Math.max(-first(values), last(values));
      if (last(values) > largest.bound + noise) missed++;
      if (first(values) < smallest.bound - noise) missed++;
    }
    // Two ends, each with probability .1.
    expect(missed / (2 * seeds)).toBeLessThanOrEqual(0.1);
  });

  it('error estimates cover in at least 90 % of 200 seeds where the ends are simple', async () => {
    for (const { name, operator, values } of cases.filter(
      (each) => !['repeated ends', 'zero', 'single parameter'].includes(each.name),
    )) {
      let covered = 0;
      for (let seed = 0; seed < 200; seed++) {
        const { largest, smallest } = await lanczos(operator, { random: new Random(seed), tolerance: 0.01 });
        const within = (end: LanczosResult['largest'], truth: number): boolean =>
          Math.abs(end.value - truth) <= end.error * 1.0001;
        if (within(largest, last(values)) && within(smallest, first(values))) covered++;
      }
      expect(covered, name).toBeGreaterThanOrEqual(180);
    }
  });

  it('error estimates cover after warm starts too', async () => {
    for (const name of ['saddle, tiny negative end', 'few outliers over a bulk near zero', 'evenly spread']) {
      const { operator, values, dim, entries } = cases.find((each) => each.name === name) as (typeof cases)[0];
      // The operator some steps earlier: the same with a small symmetric change.
      const change = fromSpectrum(
        'change',
        Array.from({ length: dim }, (_, i) => 0.02 * Math.sin(i) * last(values)),
        5,
      );
      const earlier = denseOperator(
        entries.map((x, i) => x + (change.entries[i] as number)),
        dim,
      );
      let covered = 0;
      for (let seed = 0; seed < 200; seed++) {
        const before = await lanczos(earlier, { random: new Random(seed), tolerance: 0.01 });
        const { largest, smallest } = await lanczos(operator, {
          random: new Random(seed + 1000),
          tolerance: 0.01,
          starts: [before.largest.vector, before.smallest.vector],
        });
        if (Math.abs(largest.value - last(values)) <= largest.error && Math.abs(smallest.value - first(values)) <= smallest.error)
          covered++;
      }
      expect(covered, name).toBeGreaterThanOrEqual(180);
    }
  });

  it('says what it may have missed', async () => {
    const result = await lanczos(diagonalOperator(Float32Array.of(-1, 2)), { random: new Random(1) });
    expect(missStatement(result, 'smallest')).toBe('no eigenvalue below -1 found, miss probability 0.01');
    expect(missStatement(result, 'largest')).toBe('no eigenvalue above 2 found, miss probability 0.01');
  });

  it('goes on until bounded when asked, and then the bound is near', async () => {
    const { operator } = fromSpectrum(
      'wide',
      Array.from({ length: 120 }, (_, i) => i / 100),
    );
    const plain = await lanczos(operator, { random: new Random(1), tolerance: 0.02 });
    const bounded = await lanczos(operator, { random: new Random(1), tolerance: 0.02, untilBounded: true });
    expect(bounded.applications).toBeGreaterThanOrEqual(plain.applications);
    expect(bounded.smallest.value - bounded.smallest.bound).toBeLessThanOrEqual(0.02 * 1.19);
  });

  it('is cancelled at the iteration at which it is asked', async () => {
    const source = new CancelSource();
    let count = 0;
    const inner = diagonalOperator(Float32Array.from({ length: 500 }, (_, i) => i));
    const operator: LinearOperator = {
      ...inner,
      apply: (v, out) => {
        if (++count === 3) source.cancel();
        return inner.apply(v, out);
      },
    };
    const result = await lanczos(operator, { random: new Random(1), cancel: source.token, tolerance: 1e-6 });
    expect(result).toMatchObject({ stopped: 'cancelled', applications: 3, converged: false });
    expect(Number.isFinite(result.largest.value)).toBe(true);
    const again = await lanczos(operator, { random: new Random(1), cancel: source.token });
    expect(again.applications).toBe(0);
    expect(again.largest.value).toBeNaN();
  });

  it('says so when the operator is not finite', async () => {
    const operator: LinearOperator = { dim: 4, selfAdjoint: true, apply: (_, out) => Promise.resolve(void out.fill(NaN)) };
    expect(await lanczos(operator, { random: new Random(1) })).toMatchObject({ stopped: 'notFinite', converged: false });
  });

  it('same seed, same numbers', async () => {
    const { operator } = cases[0] as (typeof cases)[0];
    const [a, b] = [await lanczos(operator, { random: new Random(5) }), await lanczos(operator, { random: new Random(5) })];
    expect(a).toEqual(b);
  });
});

describe('power iteration', () => {
  it.each(cases.filter(({ name }) => !['evenly spread', 'zero'].includes(name)))(
    'finds the largest magnitude of: $name',
    async (each) => {
      const truth = -first(each.values) > last(each.values) ? first(each.values) : last(each.values);
      const result = await powerIteration(each.operator, { random: new Random(3), tolerance: 1e-3, maximumApplications: 2000 });
      expect(result.converged).toBe(true);
      expect(Math.abs(result.value - truth)).toBeLessThanOrEqual(result.residual + 1e-5);
    },
  );

  it.each(cases)('covers, converged or not: $name', async ({ operator, values }) => {
    const truth = Math.max(-first(values), last(values));
    for (const start of [undefined, normalVector(operator.dim, new Random(9))]) {
      await expectCoverage('largest magnitude', truth, async (random) => {
        const { value, error } = await powerIteration(operator, { random, tolerance: 0.05, ...(start ? { start } : {}) });
        return { value: Math.abs(value), error };
      });
    }
  });

  it('in one dimension a start that lies opposite to the random one does not cancel it', async () => {
    const operator = diagonalOperator(Float32Array.of(-3));
    for (let seed = 0; seed < 8; seed++) {
      const start = Float32Array.of(1);
      expect((await powerIteration(operator, { random: new Random(seed), start })).value).toBe(-3);
      expect((await lanczos(operator, { random: new Random(seed), starts: [start] })).largest.value).toBe(-3);
    }
  });

  it('tells the largest magnitude the better the longer it goes on', async () => {
    const { operator } = cases[0] as (typeof cases)[0];
    const error = async (maximumApplications: number): Promise<number> =>
      (await powerIteration(operator, { random: new Random(3), tolerance: 0, maximumApplications })).error;
    expect(await error(80)).toBeLessThan((await error(20)) / 3);
    expect(await error(80)).toBeLessThan(0.1 * 29);
    expect(await error(0)).toBe(Infinity);
  });

  it('does not claim convergence when both ends are equally large', async () => {
    const operator = diagonalOperator(Float32Array.of(1, -1, 0.5));
    expect((await powerIteration(operator, { random: new Random(1) })).converged).toBe(false);
  });
});

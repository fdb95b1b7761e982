import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random';
import { KrylovRoom } from '../../src/curvature/krylovRoom';
import { lanczos } from '../../src/curvature/lanczos';
import { isBoundedWithin, lanczosPolynomialBound } from '../../src/curvature/lanczosBound';
import type { LinearOperator } from '../../src/curvature/operator';
import { normalVector, orthonormalBasis } from '../../src/curvature/vector';
import { fromSpectrum } from './cases';

const sum = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((total, x, i) => total + x * (b[i] as number), 0);

/** Largest distance of entries. */
const apart = (a: ArrayLike<number>, b: readonly number[]): number =>
  Math.max(...b.map((x, i) => Math.abs(x - (a[i] as number))));

// Plain arrays below 64 entries, kernels from there on; the last entries by themselves where they are no multiple of four.
describe.each([5, 63, 64, 67, 1021])('a room for vectors of %i entries', (dim) => {
  const random = new Random(3);
  const [a, b, c] = [normalVector(dim, random), normalVector(dim, random), normalVector(dim, random)];

  it('does the arithmetic of a Lanczos step', () => {
    const room = new KrylovRoom(dim, 3);
    const [q, p, y] = [room.takeScaled(2, a), room.takeScaled(1, b), room.takeScaled(-1, c)];
    expect(
      apart(
        q,
        Array.from(a, (x) => 2 * x),
      ),
    ).toBeLessThan(1e-5);
    expect(room.dot(q, p)).toBeCloseTo(2 * sum(a, b), 3);
    const { alpha, length } = room.removeTwo(y, q, 0.5, p);
    expect(alpha).toBeCloseTo(-2 * sum(a, c), 3);
    const expected = Array.from(c, (x, i) => -x - alpha * (q[i] as number) - 0.5 * (p[i] as number));
    expect(apart(y, expected) / (1 + Math.abs(alpha))).toBeLessThan(1e-6);
    expect(length / Math.sqrt(sum(expected, expected))).toBeCloseTo(1, 5);
    room.close();
  });

  it.each([1, 3, 4, 6, 9])('takes components along %i vectors away, and adds vectors up', (count) => {
    const basis = orthonormalBasis(Array.from({ length: Math.min(count, dim) }, () => normalVector(dim, random)));
    const room = new KrylovRoom(dim, basis.length + 1);
    const own = basis.map((vector) => room.takeScaled(1, vector));
    const w = room.takeScaled(1, a);
    room.removeComponents(w, own);
    for (const vector of basis) expect(Math.abs(sum(w, vector))).toBeLessThan(1e-4);
    const factors = basis.map((_, i) => i + 0.5);
    const combined = Array.from(a, (_, i) => basis.reduce((total, vector, j) => total + (factors[j] ?? 0) * (vector[i] ?? 0), 0));
    expect(apart(room.combine(own, factors), combined)).toBeLessThan(1e-5);
    room.close();
  });

  it('hands its memory on without handing on what lies in it to two at once', () => {
    const [one, two] = [new KrylovRoom(dim, 2), new KrylovRoom(dim, 2)];
    const [x, y] = [one.takeScaled(1, a), two.takeScaled(1, b)];
    one.close();
    const third = new KrylovRoom(dim, 2).takeScaled(1, c);
    expect(apart(y, Array.from(b))).toBe(0);
    expect(apart(third, Array.from(c))).toBe(0);
    expect(x.length).toBe(dim);
  });
});

const spread = fromSpectrum(
  'spread',
  Array.from({ length: 90 }, (_, i) => (i - 20) / 10),
);

it('operators that answer at once and those that are waited for give the same numbers', async () => {
  const { dim, entries } = spread;
  const multiply = (v: Float32Array, out: Float32Array): undefined => {
    for (let i = 0; i < dim; i++) out[i] = sum(entries.subarray(i * dim, (i + 1) * dim), v);
    return undefined;
  };
  const atOnce: LinearOperator = { dim, selfAdjoint: true, apply: multiply };
  const later: LinearOperator = { dim, selfAdjoint: true, apply: (v, out) => Promise.resolve().then(() => multiply(v, out)) };
  const [first, second] = [await lanczos(atOnce, { random: new Random(1) }), await lanczos(later, { random: new Random(1) })];
  expect(first.applications).toBeGreaterThan(5);
  expect(second).toEqual(first);
});

it.each([2, 4, 8, 30])(
  'the polynomial’s bound after %i steps lies where the polynomial has grown to the chance, at both ends',
  async (steps) => {
    const { alphas, betas, largest, smallest } = await lanczos(spread.operator, {
      random: new Random(steps),
      tolerance: 1e-9,
      maximumApplications: steps,
    });
    for (const [end, side] of [
      [largest, 1],
      [smallest, -1],
    ] as const) {
      const chance = { dim: spread.dim, miss: 0.05, randomShare: 1 };
      const distance = side * (lanczosPolynomialBound({ alphas, betas }, end.value, side, chance) - end.value);
      expect(distance).toBeGreaterThan(0);
      expect(isBoundedWithin({ alphas, betas }, end.value, side, distance * 1.001, chance)).toBe(true);
      expect(isBoundedWithin({ alphas, betas }, end.value, side, distance * 0.999, chance)).toBe(false);
    }
  },
);

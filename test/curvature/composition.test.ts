import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random';
import { block, preconditioned, projectedOut, restricted, scaled, shifted, squared, sum } from '../../src/curvature/composition';
import { denseOperator, diagonalOperator, toDense } from '../../src/curvature/dense';
import { lanczos } from '../../src/curvature/lanczos';
import type { LinearOperator } from '../../src/curvature/operator';
import { dot, norm, normalVector, orthonormalBasis, removeComponents, signVector } from '../../src/curvature/vector';
import { fromSpectrum } from './cases';
import { jacobiEigen } from './jacobi';

const n = 9;
const { entries, operator } = fromSpectrum('small', [-3, -1, 0, 0.5, 1, 2, 3, 5, 8]);
const at = (i: number, j: number): number => entries[i * n + j] as number;
const p = Float32Array.from({ length: n }, (_, i) => 0.1 + i);
const q = (() => {
  const v = normalVector(n, new Random(3));
  const length = norm(v);
  return v.map((x) => x / length);
})();

const compositions: [string, LinearOperator, (i: number, j: number) => number][] = [
  ['preconditioned', preconditioned(operator, p), (i, j) => at(i, j) / Math.sqrt((p[i] as number) * (p[j] as number))],
  ['shifted', shifted(operator, 0.7), (i, j) => at(i, j) + (i === j ? 0.7 : 0)],
  ['scaled', scaled(operator, -2), (i, j) => -2 * at(i, j)],
  ['restricted', restricted(operator, [{ offset: 2, length: 3 }]), (i, j) => (i >= 2 && i < 5 && j >= 2 && j < 5 ? at(i, j) : 0)],
  ['sum', sum([operator, diagonalOperator(p)], [2, 3]), (i, j) => 2 * at(i, j) + (i === j ? 3 * (p[i] as number) : 0)],
  ['squared', squared(operator), (i, j) => Array.from({ length: n }, (_, k) => at(i, k) * at(k, j)).reduce((a, b) => a + b, 0)],
  [
    'projected out',
    projectedOut(operator, [q]),
    (i, j) => {
      let total = 0;
      const proj = (a: number, b: number): number => (a === b ? 1 : 0) - (q[a] as number) * (q[b] as number);
      for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) total += proj(i, a) * at(a, b) * proj(b, j);
      return total;
    },
  ],
];

describe('operators made from operators equal their dense matrices', () => {
  it.each(compositions)('%s', async (_, composed, expected) => {
    const dense = await toDense(composed);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) expect(dense[i * n + j]).toBeCloseTo(expected(i, j), 4);
  });

  it('block', async () => {
    const dense = await toDense(block(operator, 2, 3));
    for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) expect(dense[i * 3 + j]).toBeCloseTo(at(i + 2, j + 2), 5);
  });

  it('the preconditioned operator has the eigenvalues of P⁻¹A', async () => {
    const result = await lanczos(preconditioned(operator, p), { random: new Random(1), tolerance: 1e-5 });
    const image = new Float32Array(n);
    // P^-½ times the eigenvector is an eigenvector of P⁻¹A.
    const direction = result.largest.vector.map((v, i) => v / Math.sqrt(p[i] as number));
    await operator.apply(direction, image);
    image.forEach((x, i) => expect(x / (p[i] as number)).toBeCloseTo(result.largest.value * (direction[i] as number), 3));
  });

  it('a subspace adds no zeros to the spectrum', async () => {
    const values = Float32Array.from({ length: 50 }, (_, i) => 1 + i);
    const part = await lanczos(restricted(diagonalOperator(values), [{ offset: 10, length: 20 }]), {
      random: new Random(1),
      tolerance: 1e-4,
    });
    expect(part.smallest.value).toBeCloseTo(11, 2);
    expect(part.largest.value).toBeCloseTo(30, 2);
    const direction = new Float32Array(50);
    direction[0] = 2;
    const rest = await lanczos(projectedOut(diagonalOperator(values), [direction]), { random: new Random(1), tolerance: 1e-4 });
    expect(rest.smallest.value).toBeCloseTo(2, 2);
  });

  it('the reference itself: Jacobi recovers the spectrum that the case was made from', () => {
    const { values } = jacobiEigen(denseToArray(), n);
    [-3, -1, 0, 0.5, 1, 2, 3, 5, 8].forEach((value, i) => expect(values[i]).toBeCloseTo(value, 10));
  });
});

const denseToArray = (): Float64Array => entries;

describe('vectors', () => {
  it.each([1, 3, 4, 7, 1001])('dot over %i entries equals the double sum', (length) => {
    const a = normalVector(length, new Random(1));
    const b = normalVector(length, new Random(2));
    expect(dot(a, b)).toBeCloseTo(
      a.reduce((total, x, i) => total + x * (b[i] as number), 0),
      9,
    );
  });

  it('orthonormal bases are orthonormal, without the dependent vectors', () => {
    const vectors = Array.from({ length: 6 }, (_, i) => normalVector(40, new Random(i)));
    const basis = orthonormalBasis([...vectors, (vectors[0] as Float32Array).slice(), new Float32Array(40)]);
    expect(basis.length).toBe(6);
    basis.forEach((a, i) => basis.forEach((b, j) => expect(dot(a, b)).toBeCloseTo(i === j ? 1 : 0, 6)));
    const w = normalVector(40, new Random(99));
    removeComponents(w, basis);
    for (const b of basis) expect(dot(b, w)).toBeCloseTo(0, 5);
  });

  it('signs are signs, of both kinds', () => {
    const signs = signVector(1000, new Random(1));
    expect(signs.every((s) => s === 1 || s === -1)).toBe(true);
    expect(Math.abs(signs.reduce((a, b) => a + b, 0))).toBeLessThan(150);
  });
});

it('dense operators multiply', async () => {
  const out = new Float32Array(2);
  await denseOperator([1, 2, 3, 4], 2, false).apply(Float32Array.of(1, -1), out);
  expect([...out]).toEqual([-1, -1]);
});

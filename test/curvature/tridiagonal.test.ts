import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random';
import { tridiagonalEigen, tridiagonalVectors } from '../../src/curvature/tridiagonal';
import { jacobiEigen } from './jacobi';

const matrices: [string, number[], number[]][] = [
  ['one entry', [3], []],
  ['second difference', Array.from({ length: 30 }, () => 2), Array.from({ length: 29 }, () => -1)],
  ['diagonal', [3, -1, 2], [0, 0]],
  ['split in two', [1, 2, 3, 4], [1, 0, 1]],
  ['zero diagonal', [0, 0, 0], [1, 1]],
  ['graded', Array.from({ length: 12 }, (_, i) => 10 ** -i), Array.from({ length: 11 }, (_, i) => 0.3 * 10 ** -i)],
  ...Array.from({ length: 5 }, (_, seed): [string, number[], number[]] => {
    const random = new Random(seed);
    return [
      `random ${seed}`,
      Array.from({ length: 25 }, () => random.normal()),
      Array.from({ length: 24 }, () => random.normal()),
    ];
  }),
];

describe('tridiagonal eigenproblem', () => {
  it.each(matrices)('%s agrees with Jacobi rotations', (_, alphas, betas) => {
    const n = alphas.length;
    const dense = new Float64Array(n * n);
    alphas.forEach((alpha, i) => (dense[i * n + i] = alpha));
    betas.forEach((beta, i) => (dense[i * n + i + 1] = dense[(i + 1) * n + i] = beta));
    const expected = jacobiEigen(dense, n);
    const { values, rows } = tridiagonalEigen(alphas, betas, [0, n - 1]);
    values.forEach((value, j) => {
      expect(value).toBeCloseTo(expected.values[j] as number, 11);
    });
    const all = tridiagonalVectors(alphas, betas, [...values.keys()]);
    all.forEach((vector, j) => {
      expect(rows[0]?.[j]).toBeCloseTo(vector[0] as number, 12);
      expect(rows[1]?.[j]).toBeCloseTo(vector[n - 1] as number, 12);
      for (let i = 0; i < n; i++) {
        const image =
          (alphas[i] as number) * (vector[i] as number) +
          (i > 0 ? (betas[i - 1] as number) * (vector[i - 1] as number) : 0) +
          (i + 1 < n ? (betas[i] as number) * (vector[i + 1] as number) : 0);
        expect(image).toBeCloseTo((values[j] as number) * (vector[i] as number), 10);
      }
    });
  });

  it('second difference has the eigenvalues of the textbook', () => {
    const { values } = tridiagonalEigen(new Float64Array(30).fill(2), new Float64Array(29).fill(-1), []);
    values.forEach((value, j) => expect(value).toBeCloseTo(2 - 2 * Math.cos(((j + 1) * Math.PI) / 31), 12));
  });
});

import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random';
import { criticalPoint } from '../../src/curvature/criticalPoint';
import { diagonalOperator } from '../../src/curvature/dense';
import { gainWithinReach } from '../../src/curvature/gradientGain';
import { lanczos } from '../../src/curvature/lanczos';
import { normalVector } from '../../src/curvature/vector';
import { fromSpectrum } from './cases';
import { jacobiEigen } from './jacobi';

describe('what a gradient leads to', () => {
  it('is the change of a quadratic between here and where it is level, each direction no further than reach', async () => {
    const curvatures = Float32Array.of(40, 3, -0.5, 1e-4);
    const at = Float32Array.of(0.1, -1, 0.7, 50);
    const gradient = curvatures.map((curvature, i) => curvature * (at[i] as number));
    const change = (i: number): number => 0.5 * Math.abs(curvatures[i] as number) * (at[i] as number) ** 2;
    const all = change(0) + change(1) + change(2) + change(3);
    expect((await gainWithinReach(diagonalOperator(curvatures), gradient, 1e3)) / all).toBeCloseTo(1, 3);
    // Along the flat direction a step of length 2 wins its slope times 2, and no more.
    const near = change(0) + change(1) + change(2) + 2 * Math.abs(gradient[3] as number);
    expect((await gainWithinReach(diagonalOperator(curvatures), gradient, 2)) / near).toBeCloseTo(1, 3);
    expect(await gainWithinReach(diagonalOperator(curvatures), new Float32Array(4), 1)).toBe(0);
  });

  it('sees with few products what a step along the gradient alone does not', async () => {
    const { operator, dim, entries } = fromSpectrum('ravine', [...Array.from({ length: 60 }, (_, i) => 10 ** (-1 + i / 40)), 50]);
    const gradient = normalVector(dim, new Random(5));
    const { values, vectors } = jacobiEigen(entries, dim);
    const parts = vectors.map((vector) => vector.reduce((sum, entry, i) => sum + entry * (gradient[i] as number), 0) ** 2);
    const all = parts.reduce((sum, part, j) => sum + part / (2 * (values[j] as number)), 0);
    const squared = parts.reduce((sum, part) => sum + part, 0);
    const along = squared ** 2 / (2 * parts.reduce((sum, part, j) => sum + part * (values[j] as number), 0));
    const told = await gainWithinReach(operator, gradient, 1e3);
    expect(along).toBeLessThan(0.5 * all);
    expect(told).toBeGreaterThan(0.9 * all);
    expect(told).toBeLessThanOrEqual(1.001 * all);
  });

  it('makes a point nearly critical where a good part of the loss may be won, or where nothing else speaks for it', async () => {
    const spectrum = await lanczos(diagonalOperator(Float32Array.of(2, -1)), { random: new Random(1) });
    const rest = { gradientNoise: 0, spectrum, probes: [], loss: 1, reach: 1, smooth: true };
    const named = (gradientNorm: number, gradientGain: number) =>
      criticalPoint({ ...rest, gradientNorm, largestGradientNorm: 1, gradientGain });
    expect(named(1e-4, 1e-6)).toMatchObject({ kind: 'saddle', nearly: false });
    expect(named(1e-4, 0.3)).toMatchObject({ kind: 'saddle', nearly: true });
    expect(named(1e-4, 0.3).reasons.join()).toContain('0.3 of the loss may still be won');
    expect(named(0.5, 1e-5)).toMatchObject({ kind: 'saddle', nearly: true });
    expect(named(0.5, 0.3)).toMatchObject({ kind: 'not critical', nearly: false });
  });
});

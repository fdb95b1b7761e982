import { Random } from '../../src/base/random';
import { denseOperator } from '../../src/curvature/dense';
import type { LinearOperator } from '../../src/curvature/operator';

/** A small symmetric matrix with a spectrum that is known because the matrix is made from it. */
export interface DenseCase {
  readonly name: string;
  readonly dim: number;
  readonly entries: Float64Array;
  /** Ascending. */
  readonly values: readonly number[];
  readonly operator: LinearOperator;
}

/** Q diag(values) Qᵀ with Q from random Householder reflections, so that no axis is special. */
export function fromSpectrum(name: string, spectrum: readonly number[], seed = 1): DenseCase {
  const n = spectrum.length;
  const random = new Random(seed);
  const m = new Float64Array(n * n);
  for (let i = 0; i < n; i++) m[i * n + i] = spectrum[i] as number;
  for (let r = 0; r < 6; r++) {
    const u = Array.from({ length: n }, () => random.normal());
    const uu = u.reduce((sum, x) => sum + x * x, 0);
    reflect(m, u, uu, n, (i, j) => i * n + j);
    reflect(m, u, uu, n, (i, j) => j * n + i);
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) m[j * n + i] = m[i * n + j] as number;
  return { name, dim: n, entries: m, values: [...spectrum].sort((a, b) => a - b), operator: denseOperator(m, n) };
}

function reflect(m: Float64Array, u: readonly number[], uu: number, n: number, at: (i: number, j: number) => number): void {
  for (let j = 0; j < n; j++) {
    let s = 0;
    for (let i = 0; i < n; i++) s += (u[i] as number) * (m[at(i, j)] as number);
    for (let i = 0; i < n; i++) m[at(i, j)] = (m[at(i, j)] as number) - ((2 * s) / uu) * (u[i] as number);
  }
}

const range = (n: number, f: (i: number) => number): number[] => Array.from({ length: n }, (_, i) => f(i));

/** The shapes of spectrum that training meets. */
export const cases: readonly DenseCase[] = [
  fromSpectrum(
    'evenly spread',
    range(40, (i) => i - 10),
  ),
  fromSpectrum('few outliers over a bulk near zero', [...range(50, (i) => 0.01 * i), 3, 5, 9, 20, 40]),
  fromSpectrum(
    'ravine',
    range(40, (i) => 10 ** (-4 + i / 8)),
  ),
  fromSpectrum('saddle, tiny negative end', [-0.0101, ...range(45, (i) => 0.001 + i * 0.02), 1]),
  fromSpectrum('low rank', [...range(50, () => 0), 2, 7]),
  fromSpectrum(
    'all negative',
    range(30, (i) => -1 - i),
  ),
  fromSpectrum('repeated ends', [-2, -2, -2, ...range(30, (i) => i / 10), 8, 8]),
  fromSpectrum(
    'zero',
    range(20, () => 0),
  ),
  fromSpectrum('single parameter', [3]),
  fromSpectrum('two parameters', [-1, 4]),
];

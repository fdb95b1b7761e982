import { describe, expect, test } from 'vitest';
import { UnitSums } from '../../src/engine/units';
import type { ModelNode } from '../../src/records/model/graph';
import { here } from './experiments';

/** Activations that saturate, with their slopes over the largest one, written as derivatives. */
const saturating = {
  sigmoid: { value: (z: number) => 1 / (1 + Math.exp(-z)), slope: (z: number) => 4 / (2 + Math.exp(z) + Math.exp(-z)) },
  tanh: { value: Math.tanh, slope: (z: number) => 1 / Math.cosh(z) ** 2 },
  softsign: { value: (z: number) => z / (1 + Math.abs(z)), slope: (z: number) => 1 / (1 + Math.abs(z)) ** 2 },
  hardTanh: { value: (z: number) => Math.max(-1, Math.min(1, z)), slope: (z: number) => Number(Math.abs(z) < 1) },
  hardSigmoid: { value: (z: number) => Math.max(0, Math.min(1, z / 6 + 0.5)), slope: (z: number) => Number(Math.abs(z) < 3) },
} as const;

const nodeOf = (kind: keyof typeof saturating | 'relu'): ModelNode =>
  ({ name: 'a', kind, inputs: [0], parameters: {}, arguments: {}, range: here }) as unknown as ModelNode;

const units = 3;

/** What goes into `rows` rows of three units, `inner` elements side by side: the first near 0, the second far out, the third between. */
const before = (rows: number, inner: number, seed: number): Float32Array =>
  Float32Array.from({ length: rows * units * inner }, (_, i) => {
    const unit = Math.floor(i / inner) % units;
    return ([0.1, 9, 2][unit] as number) * (1 + 0.5 * Math.sin(1.7 * i + seed)) * (unit === 2 && i % 2 === 0 ? -1 : 1);
  });

/** Elements of a unit. */
const ofUnit = (z: Float32Array, inner: number, unit: number): number[] =>
  Array.from(z).filter((_, i) => Math.floor(i / inner) % units === unit);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("the statistics of an activation's units are those of all rows of all chunks", () => {
  const kinds = Object.keys(saturating) as (keyof typeof saturating)[];
  test.each(kinds.flatMap((kind) => [1, 4].map((inner) => [kind, inner] as const)))('%s, %i elements a unit', (kind, inner) => {
    const { value, slope } = saturating[kind];
    const sums = new UnitSums(nodeOf(kind), units);
    // What was added before is forgotten.
    sums.add(before(2, inner, 5), before(2, inner, 5), inner);
    sums.clear();
    const chunks = [before(4, inner, 0), before(2, inner, 1)];
    for (const z of chunks) sums.add(z, z.map(value), inner);
    const result = sums.result();
    for (let unit = 0; unit < units; unit++) {
      const z = chunks.flatMap((chunk) => ofUnit(chunk, inner, unit));
      const average = mean(z.map(value));
      expect(result.mean[unit]).toBeCloseTo(average, 6);
      expect(result.deviation[unit]).toBeCloseTo(Math.sqrt(mean(z.map((each) => (value(each) - average) ** 2))), 6);
      expect(result.slope?.[unit]).toBeCloseTo(mean(z.map(slope)), 6);
      expect(result.dead[unit]).toBe(0);
    }
    expect(Math.min(...(result.slope ?? [NaN]))).toBeGreaterThanOrEqual(0);
  });

  test('a rectifier has dead units and no slope', () => {
    const sums = new UnitSums(nodeOf('relu'), units);
    sums.add(null, Float32Array.of(0, 0, 1e-30, 0, 2, 0), 1);
    const result = sums.result();
    expect([...result.dead]).toEqual([1, 0, 0]);
    expect(result.slope).toBeNull();
  });
});

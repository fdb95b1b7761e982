import { describe, expect, test } from 'vitest';
import { Random } from '../../src/base/random';
import { fans, gainOf, initialise } from '../../src/engine/initialise';
import type { Initializer } from '../../src/records/model/initializer';

function filled(initializer: Initializer, shape: readonly number[], weightShape: readonly number[] = shape): Float32Array {
  const out = new Float32Array(shape.reduce((product, size) => product * size, 1));
  initialise(out, initializer, { shape, shapeOf: () => weightShape }, new Random(4).fork('parameter'));
  return out;
}

function moments(values: Float32Array): { readonly mean: number; readonly deviation: number; readonly largest: number } {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance), largest: values.reduce((most, v) => Math.max(most, Math.abs(v)), 0) };
}

describe('first values', () => {
  // Standard deviations by torch.nn.init's formulas, for a weight [300, 200].
  test.each<[string, Initializer, number]>([
    ['uniform', { kind: 'uniform', low: -0.3, high: 0.3 }, 0.3 / Math.sqrt(3)],
    ['normal', { kind: 'normal', mean: 0, deviation: 0.02 }, 0.02],
    ['xavierUniform', { kind: 'xavierUniform', gain: 5 / 3 }, (5 / 3) * Math.sqrt(2 / 500)],
    ['xavierNormal', { kind: 'xavierNormal', gain: 1 }, Math.sqrt(2 / 500)],
    ['kaimingUniform, relu', { kind: 'kaimingUniform', slope: 0, mode: 'fanIn', nonlinearity: 'relu' }, Math.sqrt(2 / 200)],
    ['kaimingNormal, fan out', { kind: 'kaimingNormal', slope: 0, mode: 'fanOut', nonlinearity: 'relu' }, Math.sqrt(2 / 300)],
    [
      "Linear's default",
      { kind: 'kaimingUniform', slope: Math.sqrt(5), mode: 'fanIn', nonlinearity: 'leaky_relu' },
      1 / Math.sqrt(3 * 200),
    ],
    // Keras's: the truncation at two deviations does not change the spread.
    [
      'glorot_normal',
      { kind: 'varianceScaling', scale: 1, mode: 'fanAverage', distribution: 'truncatedNormal' },
      Math.sqrt(2 / 500),
    ],
    ['he_uniform', { kind: 'varianceScaling', scale: 2, mode: 'fanIn', distribution: 'uniform' }, Math.sqrt(2 / 200)],
    ['fan out, normal', { kind: 'varianceScaling', scale: 3, mode: 'fanOut', distribution: 'normal' }, Math.sqrt(3 / 300)],
    ['biasUniform', { kind: 'biasUniform', weight: 0 }, 1 / Math.sqrt(3 * 200)],
    ['truncatedNormal, wide', { kind: 'truncatedNormal', mean: 0, deviation: 0.02, low: -2, high: 2 }, 0.02],
    ['truncatedNormal at one deviation', { kind: 'truncatedNormal', mean: 0, deviation: 1, low: -1, high: 1 }, 0.5396],
  ])('%s has the spread of its formula', (_, initializer, deviation) => {
    const found = moments(filled(initializer, [300, 200]));
    expect(found.deviation / deviation).toBeGreaterThan(0.99);
    expect(found.deviation / deviation).toBeLessThan(1.01);
    expect(Math.abs(found.mean)).toBeLessThan(0.02 * deviation);
  });

  test('Linear draws within ±1/√fanIn, and so does its bias', () => {
    const weight = filled({ kind: 'kaimingUniform', slope: Math.sqrt(5), mode: 'fanIn', nonlinearity: 'leaky_relu' }, [64, 25]);
    expect(moments(weight).largest).toBeLessThanOrEqual(1 / 5);
    expect(moments(weight).largest).toBeGreaterThan(0.995 / 5);
    expect(moments(filled({ kind: 'biasUniform', weight: 0 }, [1000], [1000, 25])).largest).toBeLessThanOrEqual(1 / 5);
  });

  test('rows are filled afterwards, in order, and a bias is scaled', () => {
    const rows = [
      { from: 1, to: 3, value: 2 },
      { from: 2, to: 3, value: 0 },
    ];
    expect([...filled({ kind: 'constant', value: 7, filled: rows }, [4, 2])]).toEqual([7, 7, 2, 2, 0, 0, 7, 7]);
    const bias = filled({ kind: 'biasUniform', weight: 0, factor: 0.5 }, [1000], [1000, 25]);
    expect(moments(bias).largest).toBeLessThanOrEqual(1 / 10);
    expect(moments(bias).largest).toBeGreaterThan(0.99 / 10);
  });

  test('a kernel counts its receptive field', () => {
    expect(fans([8, 4, 3, 5])).toEqual({ fanIn: 60, fanOut: 120 });
    expect(gainOf('tanh', 0)).toBe(5 / 3);
    expect(gainOf('leaky_relu', Math.sqrt(5))).toBeCloseTo(Math.sqrt(1 / 3), 12);
  });

  test.each([
    [4, 7],
    [7, 4],
  ])('orthogonal [%i, %i] has orthonormal rows or columns', (rows, columns) => {
    const q = filled({ kind: 'orthogonal', gain: 2 }, [rows, columns]);
    const along = rows <= columns;
    const count = Math.min(rows, columns);
    const at = (k: number, i: number): number => (along ? (q[k * columns + i] as number) : (q[i * columns + k] as number));
    for (let a = 0; a < count; a++) {
      for (let b = 0; b < count; b++) {
        let dot = 0;
        for (let i = 0; i < Math.max(rows, columns); i++) dot += at(a, i) * at(b, i);
        expect(dot).toBeCloseTo(a === b ? 4 : 0, 5);
      }
    }
  });

  test('sparse, identity, constant and given values', () => {
    const sparse = filled({ kind: 'sparse', sparsity: 0.25, deviation: 1 }, [10, 6]);
    for (let j = 0; j < 6; j++)
      expect(Array.from({ length: 10 }, (_, i) => sparse[i * 6 + j]).filter((v) => v === 0)).toHaveLength(3);
    expect([...filled({ kind: 'identity' }, [2, 3])]).toEqual([1, 0, 0, 0, 1, 0]);
    expect([...filled({ kind: 'identity' }, [1, 1, 3, 3])]).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0]);
    expect([...filled({ kind: 'identity', groups: 2 }, [4, 2, 1])]).toEqual([1, 0, 0, 1, 1, 0, 0, 1]);
    expect([...filled({ kind: 'constant', value: 2 }, [2])]).toEqual([2, 2]);
    expect([...filled({ kind: 'values', values: [1, 2, 3] }, [3])]).toEqual([1, 2, 3]);
  });
});

import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random';
import { mannKendall, median, read, smooth, tail, theilSen, turningShare, valueAt } from '../../src/diagnosis/series';
import { evenly } from './evidence';

const line = (slope: number, noise: number, seed = 1) => {
  const random = new Random(seed);
  return evenly(Array.from({ length: 60 }, (_, i) => (slope * i) / 59 + noise * random.normal()));
};

describe('trends', () => {
  it('Theil-Sen finds the slope, and outliers do not move it', () => {
    const exact = line(3, 0);
    expect(theilSen(exact)).toBeCloseTo(3 / 1000, 5);
    const values = [...exact.values];
    values[5] = 1000;
    values[50] = -1000;
    expect(theilSen({ ...exact, values })).toBeCloseTo(3 / 1000, 4);
  });

  it('Mann-Kendall is the exact Z of a small case', () => {
    // S = 8 of 10 pairs, Var = 5·4·15/18 = 16.67, Z = 7/4.082.
    expect(mannKendall({ steps: [0, 1, 2, 3, 4], values: [1, 2, 3, 5, 4] })).toBeCloseTo(7 / Math.sqrt(300 / 18), 6);
    expect(mannKendall({ steps: [0, 1, 2, 3], values: [2, 2, 2, 2] })).toBe(0);
  });

  it('calls noise a trend in about one of twenty', () => {
    const calls = Array.from({ length: 400 }, (_, i) => mannKendall(line(0, 1, 100 + i))).filter((z) => z < -1.64).length;
    expect(calls).toBeGreaterThan(5);
    expect(calls).toBeLessThan(40);
  });

  it('sees a fall within noise', () => {
    expect(mannKendall(line(-2, 0.3))).toBeLessThan(-1.64);
  });
});

describe('swings', () => {
  it('counts turning points: none, all, two thirds of noise', () => {
    expect(turningShare([1, 2, 3, 4])).toBe(0);
    expect(turningShare([1, 2, 1, 2, 1])).toBe(1);
    const random = new Random(7);
    expect(turningShare(Array.from({ length: 3000 }, () => random.normal()))).toBeCloseTo(2 / 3, 1);
  });
});

describe('reading', () => {
  it('leaves out what is not finite', () => {
    expect(read({ loss: { steps: [0, 1, 2], values: [1, NaN, Infinity] } }, 'loss')).toEqual({ steps: [0], values: [1] });
    expect(read({ loss: { steps: new Float64Array([0, 1]), values: new Float64Array([3, 4]) } }, 'loss').values).toEqual([3, 4]);
    expect(read({}, 'loss').values).toEqual([]);
  });

  it('takes values in force, tails, medians', () => {
    const reading = { steps: [0, 10, 20], values: [5, 6, 7] };
    expect([valueAt(reading, 9), valueAt(reading, 10), valueAt(reading, -1)]).toEqual([5, 6, undefined]);
    expect(tail(reading, 0.5).values).toEqual([6, 7]);
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2.5, NaN]);
    expect(smooth([1, 9, 1, 1], 3)).toEqual([5, 1, 1, 1]);
  });
});

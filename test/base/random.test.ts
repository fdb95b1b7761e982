import { describe, expect, test } from 'vitest';
import { Random } from '../../src/base/random';

const count = 40_000;

function moments(draw: (random: Random) => number): { readonly mean: number; readonly variance: number; readonly third: number } {
  const random = new Random(5).fork('moments');
  const values = Array.from({ length: count }, () => draw(random));
  const mean = values.reduce((sum, v) => sum + v, 0) / count;
  const central = (power: number): number => values.reduce((sum, v) => sum + (v - mean) ** power, 0) / count;
  return { mean, variance: central(2), third: central(3) };
}

describe('gamma and beta numbers', () => {
  // Mean, variance and third central moment of a gamma distribution with scale 1: k, k, 2k.
  test.each([0.3, 1, 4.5])('gamma of shape %s has its moments', (k) => {
    const { mean, variance, third } = moments((random) => random.gamma(k));
    expect(Math.abs(mean / k - 1)).toBeLessThan(0.04);
    expect(Math.abs(variance / k - 1)).toBeLessThan(0.06);
    expect(Math.abs(third / (2 * k) - 1)).toBeLessThan(0.2);
  });

  test.each([
    [0.2, 0.2],
    [1, 1],
    [2, 5],
  ])('beta of %s and %s has its moments and stays between 0 and 1', (a, b) => {
    const random = new Random(2);
    for (let i = 0; i < 200; i++) {
      const value = random.beta(a, b);
      expect(value >= 0 && value <= 1).toBe(true);
    }
    const { mean, variance } = moments((stream) => stream.beta(a, b));
    expect(Math.abs(mean - a / (a + b))).toBeLessThan(0.006);
    expect(Math.abs(variance / ((a * b) / ((a + b) ** 2 * (a + b + 1))) - 1)).toBeLessThan(0.05);
  });

  test('shape parameters too small for a number above 0 give an end', () => {
    const random = new Random(1);
    const values = Array.from({ length: 400 }, () => random.beta(1e-320, 1e-320));
    expect(new Set(values)).toEqual(new Set([0, 1]));
  });
});

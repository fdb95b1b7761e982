import { expect, test } from 'vitest';
import { clipNorm } from '../../src/engine/clipping';

test('a parameter’s own norm is cut to the limit, and left alone below it', () => {
  const gradient = Float32Array.from([3, 4, 0.3, 0.4]);
  clipNorm(gradient.subarray(0, 2), 2);
  clipNorm(gradient.subarray(2), 2);
  const [a = 0, b = 0, c = 0, d = 0] = gradient;
  expect(Math.hypot(a, b)).toBeCloseTo(2, 6);
  expect(a / b).toBeCloseTo(3 / 4, 6);
  expect([c, d]).toEqual([Math.fround(0.3), Math.fround(0.4)]);
});

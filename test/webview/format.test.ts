import { expect, it } from 'vitest';
import { count, formatNumber, formatPower, formatShare } from '../../webview/format';

it.each([
  [0, '0'],
  [1, '1'],
  [0.1 + 0.2, '0.3'],
  [2.302585, '2.3'],
  [19.74, '19.7'],
  [-0.0831, '−0.0831'],
  [999.4, '999'],
  [1234.5, '1,235'],
  [-38_000, '−38,000'],
  [123_456, '1.23e5'],
  [1e-4, '1e−4'],
  [-3.579e-7, '−3.58e−7'],
  [0.000999, '9.99e−4'],
  [NaN, 'not finite'],
  [null, 'not finite'],
  [Infinity, '∞'],
  [-Infinity, '−∞'],
])('writes %s as %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

it('reads back within half a unit of the third digit', () => {
  for (let exponent = -9; exponent <= 9; exponent++) {
    for (const digits of [1.2345, 9.9949, 5.5555]) {
      const value = digits * 10 ** exponent;
      const read = Number(formatNumber(value).replaceAll(',', '').replaceAll('−', '-'));
      expect(Math.abs(read - value) / value).toBeLessThan(0.0051);
    }
  }
});

it.each([
  [0, '0 %'],
  [1, '100 %'],
  [0.714, '71 %'],
  [0.0214, '2.1 %'],
  [NaN, 'not finite'],
])('writes the share %s as %s', (value, text) => {
  expect(formatShare(value)).toBe(text);
});

it('counts', () => {
  expect([count(1, 'step'), count(18_000, 'step')]).toEqual(['1 step', '18,000 steps']);
});

it('writes powers of ten', () => {
  expect([-12, -2, 0, 3, 4].map(formatPower)).toEqual(['10⁻¹²', '0.01', '1', '1,000', '10⁴']);
});

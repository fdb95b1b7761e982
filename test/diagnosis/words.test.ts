import { expect, it } from 'vitest';
import { amountWithin, roundedWithin } from '../../src/diagnosis/words';

it.each([
  [12.345, 0.4, '12.3 ± 0.4'],
  [0.44631, 0.0002, '0.446 ± 2e-4'],
  [3.2, 5, '3.2 ± 5'],
  [-0.1234, 0.02, '-0.12 ± 0.02'],
  [5.02e-7, 3e-8, '5e-7 ± 3e-8'],
  [2345.6, 12, '2,346 ± 10'],
  [7, 0, '7 ± 0'],
  [7.26, undefined, '7.3'],
  [7.26, Infinity, '7.3'],
])('%s within %s is %s', (value, error, words) => {
  expect(amountWithin(value, error)).toBe(words);
});

it('rounds rows, and claims no error under one', () => {
  expect(roundedWithin(1234.5, 345)).toBe('1,235 ± 300');
  expect(roundedWithin(3, 0.2)).toBe('3 ± 1');
  expect(roundedWithin(3, undefined)).toBe('3');
});

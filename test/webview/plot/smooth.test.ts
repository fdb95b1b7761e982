import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random';
import { smooth, windowOf } from '../../../webview/plot/smooth';

describe('smoothing', () => {
  it('is the mean of the window where it can be centred', () => {
    const random = new Random(3);
    const values = Float64Array.from({ length: 200 }, () => random.normal(5, 2));
    const smoothed = smooth(values, 11);
    for (const place of [5, 60, 194]) {
      const part = values.subarray(place - 5, place + 6);
      expect(smoothed[place]).toBeCloseTo(part.reduce((sum, value) => sum + value, 0) / 11, 10);
    }
  });

  it('leaves a straight line as it is, to its ends', () => {
    const line = Float64Array.from({ length: 50 }, (_, step) => 3 - 0.2 * step);
    smooth(line, 21).forEach((value, step) => expect(value).toBeCloseTo(3 - 0.2 * step, 10));
  });

  it('fits the least-squares line at the ends', () => {
    const values = Float64Array.from([4, 1, 3, 0, 2, 7, 1]);
    // Normal equations of v = a + b·i over the last five values.
    const [n, si, sii, sv, siv] = [5, 20, 90, 13, 2 * 3 + 3 * 0 + 4 * 2 + 5 * 7 + 6 * 1];
    const b = (n * siv - si * sv) / (n * sii - si * si);
    const a = (sv - b * si) / n;
    expect(smooth(values, 5)[6]).toBeCloseTo(a + b * 6, 10);
  });

  it('does not reach over a gap', () => {
    const values = Float64Array.from([1, 1, 1, NaN, 1e30, 1e30, Infinity, 2]);
    expect([...smooth(values, 5)]).toEqual([1, 1, 1, NaN, 1e30, 1e30, NaN, 2]);
  });

  it('keeps small changes of large values', () => {
    const values = Float64Array.from({ length: 1000 }, (_, step) => 1e9 + (step % 2));
    expect(smooth(values, 11)[500]).toBeCloseTo(1e9 + 6 / 11, 5);
  });
});

it('chooses a window that grows with the run and is odd', () => {
  expect([10, 250, 600, 2_000, 1e6].map((length) => windowOf('auto', length))).toEqual([1, 5, 11, 21, 501]);
  expect(windowOf(21, 10)).toBe(21);
});

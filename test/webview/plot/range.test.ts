import { describe, expect, it } from 'vitest';
import { axisRange, valueRange, type Sample } from '../../../webview/plot/range';
import { linearScale, logScale, symlogScale } from '../../../webview/plot/scale';

const sample = (values: readonly number[]): Sample => ({ values: Float64Array.from(values), from: 0, to: values.length });

describe('the range of values', () => {
  it('spans all lines and counts what is not finite', () => {
    const range = valueRange([sample([1, NaN, 3]), sample([-2, Infinity])], linearScale, false);
    expect(range).toEqual({ low: -2, high: 3, above: 0, below: 0, notPositive: 0, notFinite: 2 });
  });

  it('takes only the steps that are drawn', () => {
    expect(valueRange([{ values: Float64Array.of(9, 1, 2, 9), from: 1, to: 3 }], linearScale, false)).toMatchObject({
      low: 1,
      high: 2,
    });
  });

  it('counts what a logarithm cannot show', () => {
    expect(valueRange([sample([0, -1, 0.1, 10])], logScale, false)).toMatchObject({ low: 0.1, high: 10, notPositive: 2 });
  });

  it('is nothing when nothing can be shown', () => {
    expect(valueRange([sample([NaN])], linearScale, false)).toBeNull();
    expect(valueRange([sample([0])], logScale, false)).toBeNull();
    expect(valueRange([], linearScale, false)).toBeNull();
  });

  it('leaves out a lone spike, says so, and shows it when asked', () => {
    const values = Array.from({ length: 200 }, (_, step) => (step === 90 ? 500 : 1 + (step % 10) / 10));
    expect(valueRange([sample(values)], linearScale, false)).toMatchObject({ low: 1, high: 1.9, above: 1, below: 0 });
    expect(valueRange([sample(values)], linearScale, true)).toMatchObject({ low: 1, high: 500, above: 0 });
    expect(valueRange([sample(values)], logScale, false)).toMatchObject({ high: 500, above: 0 });
  });
});

describe('the axis around it', () => {
  it('ends at round values and takes zero in when it is near', () => {
    expect(axisRange(linearScale, 0.08, 2.66)).toEqual([0, 3]);
    expect(axisRange(linearScale, 0.93, 0.98)[0]).toBeCloseTo(0.93, 10);
    expect(axisRange(linearScale, -1.2, 3.1)).toEqual([-2, 4]);
  });

  it('has room for a single value', () => {
    for (const scale of [linearScale, logScale, symlogScale(0.1)]) {
      const [low, high] = axisRange(scale, 0.1, 0.1);
      expect(low).toBeLessThan(scale.forward(0.1));
      expect(high).toBeGreaterThan(scale.forward(0.1));
    }
    expect(axisRange(linearScale, 0, 0)).toEqual([-1, 1]);
  });

  it('contains what it is made for', () => {
    for (const [low, high] of [
      [1e-7, 3e4],
      [0.02, 0.021],
      [5, 5.1],
    ] as const) {
      for (const scale of [linearScale, logScale, symlogScale(1)]) {
        const [bottom, top] = axisRange(scale, low, high);
        expect(bottom).toBeLessThanOrEqual(scale.forward(low) + 1e-12);
        expect(top).toBeGreaterThanOrEqual(scale.forward(high) - 1e-12);
      }
    }
  });
});

import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random';
import { decimate } from '../../../webview/plot/decimate';
import { linearScale, logScale, symlogScale } from '../../../webview/plot/scale';

const steps = Float64Array.from({ length: 10_000 }, (_, step) => step);
const frame = { x: [0, 9_999] as const, y: [-10, 10] as const };

describe('decimation', () => {
  it('keeps the smallest and the largest value of each column of pixels, in order', () => {
    const random = new Random(1);
    const values = steps.map(() => random.normal());
    const points = decimate(steps, values, linearScale, linearScale, frame, 100);
    expect(points.length).toBeLessThanOrEqual(202);
    expect(points.every((point, index) => index === 0 || point.x > (points[index - 1]?.x ?? 0))).toBe(true);
    const first = values.subarray(0, 100);
    expect(
      points
        .slice(0, 2)
        .map(({ y }) => y)
        .sort((a, b) => a - b),
    ).toEqual([Math.min(...first), Math.max(...first)]);
    for (const { x, y } of points) expect(values[x]).toBe(y);
  });

  it('loses no spike', () => {
    const values = steps.map((step) => (step === 7_321 ? 9 : 0));
    expect(decimate(steps, values, linearScale, linearScale, frame, 50)).toContainEqual({ x: 7_321, y: 9 });
  });

  it('leaves few points as they are', () => {
    const points = decimate(Float64Array.of(0, 5, 9_999), Float64Array.of(1, 2, 3), linearScale, linearScale, frame, 300);
    expect(points).toEqual([
      { x: 0, y: 1 },
      { x: 5, y: 2 },
      { x: 9_999, y: 3 },
    ]);
  });

  it('puts one gap where values cannot be drawn', () => {
    const shown = (values: number[], scale = linearScale): number[] =>
      decimate(
        Float64Array.from(values, (_, step) => step),
        Float64Array.from(values),
        linearScale,
        scale,
        { x: [0, 10], y: [-10, 10] },
        1000,
      ).map(({ y }) => y);
    expect(shown([1, NaN, Infinity, 2])).toEqual([1, NaN, 2]);
    expect(shown([10, 0, -5, 100], logScale)).toEqual([1, NaN, 2]);
    expect(shown([NaN, 1])).toEqual([1]);
  });

  it('keeps one point on each side of the frame, and no value too far for a canvas', () => {
    const values = steps.map((step) => (step === 500 ? 1e300 : 0));
    const points = decimate(steps, values, linearScale, linearScale, { x: [399.5, 600.5], y: [0, 1] }, 400);
    expect([points[0]?.x, points[points.length - 1]?.x]).toEqual([399, 601]);
    expect(Math.max(...points.map(({ y }) => y))).toBe(2);
  });

  it('counts pixels on the axis as it is drawn', () => {
    const scale = symlogScale(1);
    const points = decimate(steps, steps, scale, linearScale, { x: [0, scale.forward(9_999)], y: [0, 1e4] }, 80);
    // The first decade takes a quarter of the axis, with few steps in it: they are all kept.
    expect(points.slice(0, 10).map(({ y }) => y)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(points.length).toBeLessThanOrEqual(162);
  });
});

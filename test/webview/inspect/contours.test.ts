import { describe, expect, it } from 'vitest';
import { contour, heightIn, reliefOf } from '../../../webview/inspect/contours';

const grid = (size: number, f: (x: number, y: number) => number): Float64Array =>
  Float64Array.from({ length: size * size }, (_, i) => f((i % size) - (size - 1) / 2, Math.floor(i / size) - (size - 1) / 2));

describe('contour', () => {
  it('lies on the circle of a cone, and is closed', () => {
    const size = 21;
    const segments = contour(
      grid(size, (x, y) => Math.hypot(x, y)),
      size,
      size,
      6.4,
    );
    expect(segments.length).toBeGreaterThan(20);
    const ends = new Map<string, number>();
    for (const [x1, y1, x2, y2] of segments) {
      for (const [x, y] of [
        [x1, y1],
        [x2, y2],
      ] as const) {
        expect(Math.hypot(x - 10, y - 10)).toBeCloseTo(6.4, 1);
        const key = `${x.toFixed(6)} ${y.toFixed(6)}`;
        ends.set(key, (ends.get(key) ?? 0) + 1);
      }
    }
    expect([...ends.values()].every((count) => count === 2)).toBe(true);
  });

  it('is exact on a plane', () => {
    for (const [x1, y1, x2, y2] of contour(
      grid(5, (x, y) => x + 2 * y),
      5,
      5,
      0.5,
    )) {
      expect(x1 - 2 + 2 * (y1 - 2)).toBeCloseTo(0.5, 9);
      expect(x2 - 2 + 2 * (y2 - 2)).toBeCloseTo(0.5, 9);
    }
  });

  it('parts a saddle square by its middle', () => {
    const square = (level: number): number[][] => contour([1, 0, 0, 1], 2, 2, level).map((segment) => [...segment]);
    // The mean is .5: below a level of .6 the corners of 1 stand alone, above .4 those of 0.
    const cornersCut = (segments: number[][]): string[] =>
      segments
        .map(
          ([x1 = 0, y1 = 0, x2 = 0, y2 = 0]) =>
            `${(x1 + x2) / 2 < 0.5 ? 'left' : 'right'} ${(y1 + y2) / 2 < 0.5 ? 'low' : 'high'}`,
        )
        .sort();
    expect(cornersCut(square(0.6))).toEqual(['left low', 'right high']);
    expect(cornersCut(square(0.4))).toEqual(['left high', 'right low']);
  });

  it('leaves out squares with a value that is not finite', () => {
    expect(contour([0, 1, NaN, 1], 2, 2, 0.5)).toEqual([]);
  });
});

describe('reliefOf', () => {
  it('tells wide losses apart logarithmically, narrow ones evenly', () => {
    expect(reliefOf({ losses: Float64Array.from([1, 2, 3]) })?.scale.kind).toBe('linear');
    expect(reliefOf({ losses: Float64Array.from([1e-3, 1, 2, 3, 4]) })?.scale.kind).toBe('log');
    expect(reliefOf({ losses: Float64Array.from([-1, 1000]) })?.scale.kind).toBe('linear');
  });

  it('does not let one wall at the edge press the rest together', () => {
    const losses = Float64Array.from({ length: 100 }, (_, i) => (i === 99 ? 1e9 : 1 + i / 100));
    const relief = reliefOf({ losses });
    expect(relief?.high).toBeLessThan(20);
    expect(heightIn(relief as NonNullable<typeof relief>, 1e9)).toBe(1);
    expect(heightIn(relief as NonNullable<typeof relief>, Infinity)).toBe(1);
  });

  it('has no contours on a plain, and nothing to say of no finite loss', () => {
    expect(reliefOf({ losses: Float64Array.from([2, 2, 2]) })?.levels).toEqual([]);
    expect(reliefOf({ losses: Float64Array.from([NaN]) })).toBeNull();
  });
});

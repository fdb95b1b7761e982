import { describe, expect, it } from 'vitest';
import type { InspectionPart } from '../../../src/records/inspection/part';
import type { InspectedPoint } from '../../../src/records/inspection/point';
import type { InspectedSlice } from '../../../src/records/inspection/slice';
import type { InspectedSurface } from '../../../src/records/inspection/surface';
import { partKey } from '../../../src/protocol/inspection';
import { defaultChoice, limitOf, problemsOf } from '../../../webview/play/choices';
import { interpolate } from '../../../webview/play/interpolation';
import { descend, measuredProblem, quadraticProblem } from '../../../webview/play/problem';
import { inspected } from '../harness/inspection';

const parts = new Map<string, InspectionPart>(
  inspected.flatMap((news) => (news.kind === 'part' ? [[partKey(news.part), news.part] as const] : [])),
);
const base = parts.get('surface eigenvectors') as InspectedSurface;
const point = parts.get('point') as InspectedPoint;
const even = (low: number, high: number, count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));

function surfaceOf(lossAt: (x: number, y: number) => number, rows = 9): InspectedSurface {
  const xs = even(-1, 2, 13);
  const ys = rows > 1 ? even(-2, 1, rows) : new Float64Array(1);
  const losses = Float64Array.from({ length: xs.length * ys.length }, (_, i) =>
    lossAt(xs[i % xs.length] as number, ys[Math.floor(i / xs.length)] as number),
  );
  return { ...base, plane: 'parameters', xs, ys, losses, here: [0, 0], whole: true };
}
const slice = (curvature: number): InspectedSlice => ({ ...(parts.get('slice top') as InspectedSlice), loss: 1, curvature });

describe('interpolation', () => {
  const parabola = (x: number, y: number): number => 3 + x - 2 * y + 2 * x * x - 0.7 * x * y + 0.5 * y * y;
  const surface = surfaceOf(parabola);

  it('is exact for parabolas, with their slope, up to the rim', () => {
    for (const [x, y] of [
      [0.13, -0.4],
      [-1, -2],
      [1.97, 0.99],
      [2, 1],
    ] as const) {
      const found = interpolate(surface, x, y);
      expect(found?.loss).toBeCloseTo(parabola(x, y), 9);
      expect(found?.slope[0]).toBeCloseTo(1 + 4 * x - 0.7 * y, 9);
      expect(found?.slope[1]).toBeCloseTo(-2 - 0.7 * x + y, 9);
    }
  });

  it('has nothing outside, nor beside a loss that is not finite', () => {
    expect(interpolate(surface, 2.01, 0)).toBeNull();
    expect(interpolate(surface, 0, -2.01)).toBeNull();
    expect(
      interpolate(
        surfaceOf((x) => (x > 1.5 ? Infinity : x)),
        1.4,
        0,
      ),
    ).toBeNull();
  });

  it('takes a single row for a curve', () => {
    const found = interpolate(
      surfaceOf((x) => x * x, 1),
      0.3,
      0,
    );
    expect(found?.loss).toBeCloseTo(0.09, 9);
    expect(found?.slope).toEqual([expect.closeTo(0.6, 9), 0]);
  });
});

describe('problems', () => {
  it('know the limit of gradient descent: just under it the way shrinks, just over it grows', () => {
    const problem = quadraticProblem(slice(8), slice(0.5));
    if (!problem) throw new Error('no problem');
    const limit = limitOf(problem) ?? NaN;
    expect(limit).toBe(0.25);
    const { settings } = defaultChoice(problem, point);
    const end = (rate: number): number => {
      const { y } = descend(problem, 'gd', { ...settings, gd: { rate } }, [0, 0.1], 20);
      return Math.abs(y[y.length - 1] as number);
    };
    expect(end(0.98 * limit)).toBeLessThan(0.1);
    expect(end(1.02 * limit)).toBeGreaterThan(0.1);
  });

  it('measure the limit of a plane from its second differences, across its axes too', () => {
    // Eigenvalues 3 and 1, turned by 45 degrees.
    const problem = measuredProblem(
      surfaceOf((x, y) => x * x + y * y + x * y),
      'parameters',
    );
    expect(problem.curvature).toBeCloseTo(3, 6);
  });

  it('are a saddle where the bottom curvature is negative: gradient descent leaves along it', () => {
    const problem = quadraticProblem(slice(8), slice(-1));
    if (!problem) throw new Error('no problem');
    const { settings } = defaultChoice(problem, point);
    const way = descend(problem, 'gd', { ...settings, gd: { rate: 0.1 } }, problem.start, 300);
    expect(way.ended).toBe('outside');
    expect(Math.abs(way.x[way.x.length - 1] as number)).toBeGreaterThan(10 * Math.abs(problem.start[0]));
    expect(Math.abs(way.y[way.y.length - 1] as number)).toBeLessThan(1e-2 * problem.start[1]);
  });

  it('are not made of a spectrum without positive curvature', () => {
    expect(quadraticProblem(slice(-1), slice(-2))).toBeNull();
    expect(quadraticProblem(slice(1), slice(0))).toBeNull();
  });

  it('begin with the script’s own settings for its own optimizer', () => {
    const [problem] = problemsOf(parts);
    if (!problem) throw new Error('no problem');
    expect(problem.kind).toBe('quadratic');
    const { settings } = defaultChoice(problem, point);
    expect(settings.momentum).toEqual({ rate: 0.1, momentum: 0.9 });
    const adam = { ...point, learningRate: 0.003, optimizer: { kind: 'adam', momentum: 0.8, averaging: 0.99 } } as const;
    expect(defaultChoice(problem, adam).settings.adam).toEqual({ rate: 0.003, momentum: 0.8, averaging: 0.99 });
  });

  it('begin gently where the loss hardly curves: the first step stays in the picture', () => {
    const problem = measuredProblem(
      surfaceOf((x, y) => 5 * x + 1e-4 * (x * x + y * y)),
      'parameters',
    );
    const { settings, steps } = defaultChoice(problem, {
      ...point,
      optimizer: { kind: 'adam', momentum: 0.9, averaging: 0.999 },
    });
    expect(descend(problem, 'gd', settings, problem.start, steps).x.length).toBeGreaterThan(1);
  });

  it('are the whole problem where there are two parameters, and then no other is offered before it', () => {
    const problems = problemsOf(new Map([...parts, ['surface parameters', surfaceOf((x, y) => x * x + y * y)]]));
    expect(problems.map(({ kind }) => kind)).toEqual(['parameters', 'eigenvectors', 'trajectory']);
    expect(problems[0]?.title).toBe('The whole problem');
  });
});

import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random';
import { permuteUnits, unitLayout, type UnitLayout } from '../../../src/curvature/symmetry';
import { bestAssignment } from '../../../src/probe/inspect/assignment';
import { histogram, signedThirds, thirdsOfDecades } from '../../../src/probe/inspect/decades';
import { matchUnits } from '../../../src/probe/inspect/matching';

/** All orders of 0 … n-1. */
function orders(n: number): number[][] {
  if (n === 0) return [[]];
  return orders(n - 1).flatMap((rest) => Array.from({ length: n }, (_, i) => [...rest.slice(0, i), n - 1, ...rest.slice(i)]));
}

describe('the best assignment', () => {
  it('has the largest sum of all orders', () => {
    const random = new Random(3);
    for (let trial = 0; trial < 20; trial++) {
      const n = 1 + (trial % 6);
      const gains = Float64Array.from({ length: n * n }, () => random.normal());
      const sum = (order: ArrayLike<number>): number =>
        Array.from(order).reduce((total, column, row) => total + (gains[row * n + column] as number), 0);
      const best = bestAssignment(gains, n);
      expect([...best].sort()).toEqual(Array.from({ length: n }, (_, i) => i));
      expect(sum(best)).toBeCloseTo(Math.max(...orders(n).map(sum)), 9);
    }
  });
});

describe('matching units', () => {
  // Two hidden layers of 5 and 4 units between 3 inputs and 2 outputs.
  const place = (name: string, shape: number[], offset: number) => ({
    name,
    shape,
    offset,
    length: shape.reduce((a, b) => a * b, 1),
  });
  const [w1, b1, w2, b2, w3] = [
    place('0.weight', [5, 3], 0),
    place('0.bias', [5], 15),
    place('1.weight', [4, 5], 20),
    place('1.bias', [4], 40),
    place('2.weight', [2, 4], 44),
  ] as const;
  const layouts = [unitLayout(w1, b1, w2), unitLayout(w2, b2, w3)].filter((layout): layout is UnitLayout => layout !== null);
  const random = new Random(8);
  const theta = Float32Array.from({ length: 52 }, () => random.normal());

  it('finds a net again whose units were put in another order', async () => {
    const [first, second] = layouts as [UnitLayout, UnitLayout];
    const mixed = permuteUnits(permuteUnits(theta, first, [3, 0, 4, 1, 2]), second, [2, 3, 0, 1]);
    expect([...mixed]).not.toEqual([...theta]);
    const matched = await matchUnits(theta, mixed, layouts);
    expect([...(matched?.theta ?? [])]).toEqual([...theta]);
    expect(matched).toMatchObject({ moved: 9, units: 9 });
  });

  it('leaves a net that fits as it is, and one without hidden layers alone', async () => {
    expect(await matchUnits(theta, theta, layouts)).toMatchObject({ moved: 0, theta });
    expect(await matchUnits(theta, theta, [])).toBeNull();
  });
});

describe('decades', () => {
  it('have the same edges wherever a value occurs, and hold every one', () => {
    const edges = thirdsOfDecades([0.02, 7]);
    expect(edges[0]).toBeLessThanOrEqual(0.02);
    expect(edges[edges.length - 1]).toBeGreaterThan(7);
    const others = thirdsOfDecades([1e-4, 300]);
    for (const edge of edges) expect(others.some((other) => Math.abs(other / edge - 1) < 1e-12)).toBe(true);
    const sums = histogram(Float64Array.of(0.02, 0.021, 7), Float64Array.of(1, 2, 4), edges);
    expect(sums.reduce((a, b) => a + b)).toBe(7);
    expect(sums[0]).toBe(1 + 2);
  });

  it('lie on both sides of zero, with one bin around it', () => {
    const edges = [...signedThirds([-0.5, 20], 1e-2)];
    expect(edges).toEqual([...edges].sort((a, b) => a - b));
    const inner = edges.findIndex((edge) => edge > 0);
    expect(edges[inner - 1]).toBeCloseTo(-(edges[inner] as number), 12);
    expect(edges[0]).toBeLessThanOrEqual(-0.5);
    expect(edges[edges.length - 1]).toBeGreaterThan(20);
  });
});

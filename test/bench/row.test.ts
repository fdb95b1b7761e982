import { describe, expect, it } from 'vitest';
import type { Timed } from '../../bench/row';
import { compare, fastest, median, quantile, rounds, unmeasured } from '../../bench/row';

/** Work of which each iteration is said to take the next of `costs`, over and over. */
function costing(...costs: readonly number[]): Timed {
  let call = 0;
  return () => Promise.resolve(costs[call++ % costs.length] ?? NaN);
}

describe('bench rows', () => {
  it('take quantiles between neighbours', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(quantile([0, 10], 0.25)).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  it('compare by the median of paired ratios and are met at 70 % of the goal', async () => {
    const row = await compare('engine', 'a step', 3, costing(20), costing(50));
    expect(row).toMatchObject({ value: 2.5, goal: 3, unit: 'x', met: true, spread: [2.5, 2.5] });
    expect(row.target).toEqual({ atLeast: expect.closeTo(2.1, 10) as number });
    expect((await compare('engine', 'a step', 4, costing(20), costing(50))).met).toBe(false);
    expect(rounds).toBeGreaterThanOrEqual(15);
  });

  it('take the fastest way', async () => {
    const ways = [30, 20, 40].map((cost) => ({ name: `${cost} ms`, work: costing(cost) }));
    expect((await fastest(ways)).name).toBe('20 ms');
  });

  it('say why there is no value', () => {
    expect(unmeasured('engine', 'a step', 2, 'no peer')).toMatchObject({ value: null, met: null, reason: 'no peer' });
  });
});

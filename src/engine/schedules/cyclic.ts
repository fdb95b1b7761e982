import type { ScheduleRule } from '../../records/optimizer';
import { wholeLength } from './counted';
import type { Scheduler } from './scheduler';
import { ticking } from './ticking';

/** torch's CyclicLR (Smith, 2017), without a function of the script's own. */
export function cyclic(rule: Extract<ScheduleRule, { readonly kind: 'cyclic' }>, scale: number): Scheduler {
  const up = wholeLength(rule.up, scale);
  const total = up + wholeLength(rule.down, scale);
  const turn = up / total;
  const height = (count: number): number => {
    const cycle = Math.floor(1 + count / total);
    const place = 1 + count / total - cycle;
    const share = place <= turn ? place / turn : (place - 1) / (turn - 1);
    if (rule.mode === 'triangular') return share;
    return rule.mode === 'triangular2' ? share / 2 ** (cycle - 1) : share * rule.gamma ** (count / scale);
  };
  return ticking(({ rates }, count) => {
    const share = height(count);
    const between = (low: number, high: number): number => low + (high - low) * share;
    return {
      rates: rates.map((_, group) => between(entry(rule.low, group), entry(rule.high, group))),
      momentum: rule.momentum === null ? null : rule.momentum.maximum - (rule.momentum.maximum - rule.momentum.base) * share,
    };
  });
}

/** A group's own number, or the one of all. */
const entry = (values: readonly number[], group: number): number => values[group] ?? values[0] ?? 0;

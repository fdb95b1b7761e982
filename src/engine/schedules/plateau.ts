import type { ScheduleRule } from '../../records/optimizer';
import { wholeLength } from './counted';
import type { Scheduler } from './schedulers';

/** Smallest change that torch's ReduceLROnPlateau makes. */
const smallestChange = 1e-8;

/** torch's ReduceLROnPlateau with mode `min`, relative threshold and no cooldown. */
export function plateau(
  { factor, patience, threshold, minimum }: Extract<ScheduleRule, { readonly kind: 'reduceOnPlateau' }>,
  scale: number,
): Scheduler {
  const waits = patience === 0 ? 0 : wholeLength(patience, scale);
  let state = { best: Infinity, bad: 0 };
  return {
    begin: (rates) => rates,
    step: (current, metric) => {
      if (metric < state.best * (1 - threshold)) state = { best: metric, bad: 0 };
      else state = { ...state, bad: state.bad + 1 };
      if (state.bad <= waits) return current;
      state = { ...state, bad: 0 };
      const reduced = (rate: number): number => {
        const next = Math.max(rate * factor, minimum);
        return rate - next > smallestChange ? next : rate;
      };
      return { rates: current.rates.map(reduced), momentum: current.momentum };
    },
    save: () => state,
    load: (saved) => void (state = saved as typeof state),
  };
}

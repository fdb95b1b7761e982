import type { ScheduleRule } from '../../records/optimizer';
import { wholeLength } from './counted';
import type { Scheduler } from './scheduler';

type Rule = Extract<ScheduleRule, { readonly kind: 'reduceOnPlateau' }>;

interface State {
  readonly best: number;
  /** Steps since the last improvement. */
  readonly bad: number;
  /** Steps of the cooldown that are left. */
  readonly cooling: number;
}

/** torch's ReduceLROnPlateau. Accuracy is to rise, a loss to fall. */
export function plateau(rule: Rule, scale: number): Scheduler {
  const { factor, minimum, smallestChange = 1e-8 } = rule;
  const waits = rule.patience <= 0 ? rule.patience : wholeLength(rule.patience, scale);
  const cooldown = rule.cooldown ? wholeLength(rule.cooldown, scale) : 0;
  let state: State = { best: rule.measure === 'accuracy' ? -Infinity : Infinity, bad: 0, cooling: 0 };
  const reduced = (rate: number): number => {
    const next = Math.max(rate * factor, minimum);
    return rate - next > smallestChange ? next : rate;
  };
  return {
    begin: (rates) => rates,
    step: (current, metric) => {
      state = isBetter(rule, metric, state.best) ? { ...state, best: metric, bad: 0 } : { ...state, bad: state.bad + 1 };
      if (state.cooling > 0) state = { ...state, cooling: state.cooling - 1, bad: 0 };
      if (state.bad <= waits) return current;
      state = { ...state, cooling: cooldown, bad: 0 };
      return { rates: current.rates.map(reduced), momentum: current.momentum };
    },
    save: () => state,
    load: (saved) => void (state = saved as State),
  };
}

function isBetter({ measure, threshold, thresholdMode }: Rule, metric: number, best: number): boolean {
  const margin = (share: 1 | -1): number => (thresholdMode === 'abs' ? best + share * threshold : best * (1 + share * threshold));
  return measure === 'accuracy' ? metric > margin(1) : metric < margin(-1);
}

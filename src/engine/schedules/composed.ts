import type { ScheduleRule } from '../../records/optimizer';
import { wholeLength } from './counted';
import type { Scheduler } from './scheduler';

type Make = (rule: ScheduleRule) => Scheduler;
type RuleOf<K extends ScheduleRule['kind']> = Extract<ScheduleRule, { readonly kind: K }>;

/**
 * torch's SequentialLR, as PyTorch 2 has it: only the first part acts at the start; at a milestone the next one
 * begins from the base rates.
 */
export function sequence(rule: RuleOf<'sequence'>, base: readonly number[], scale: number, make: Make): Scheduler {
  const parts = rule.parts.map(make);
  const milestones = rule.milestones.map((milestone) => (milestone === 0 ? 0 : wholeLength(milestone, scale)));
  let count = 0;
  return {
    begin: (rates) => parts[0]?.begin(rates) ?? rates,
    step: (rates, metric) => {
      count++;
      const place = milestones.filter((milestone) => milestone <= count).length;
      const part = parts[place];
      if (part === undefined) return rates;
      return milestones[place - 1] === count ? part.begin({ ...rates, rates: base }) : part.step(rates, metric);
    },
    save: () => ({ count, parts: parts.map((part) => part.save()) }),
    load: (saved) => {
      const state = saved as { readonly count: number; readonly parts: readonly unknown[] };
      count = state.count;
      parts.forEach((part, i) => part.load(state.parts[i]));
    },
  };
}

/** torch's ChainedScheduler: the parts act one after another at each step. */
export function chain(rule: RuleOf<'chain'>, make: Make): Scheduler {
  const parts = rule.parts.map(make);
  return {
    begin: (rates) => parts.reduce((current, part) => part.begin(current), rates),
    step: (rates, metric) => parts.reduce((current, part) => part.step(current, metric), rates),
    save: () => parts.map((part) => part.save()),
    load: (saved) => parts.forEach((part, i) => part.load((saved as readonly unknown[])[i])),
  };
}

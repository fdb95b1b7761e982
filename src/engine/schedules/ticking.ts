import type { Rates, Scheduler } from './scheduler';

/** A scheduler whose rates follow from the number of its steps; `at` gives them, from the current ones. */
export function ticking(at: (rates: Rates, count: number) => Rates): Scheduler {
  let count = 0;
  return {
    begin: (rates) => at(rates, count),
    step: (rates) => at(rates, ++count),
    save: () => count,
    load: (state) => void (count = Number(state)),
  };
}

/** A scheduler whose first `lag` steps change nothing. */
export function lagging(scheduler: Scheduler, lag: number): Scheduler {
  if (lag === 0) return scheduler;
  let waits = lag;
  return {
    begin: (rates) => scheduler.begin(rates),
    step: (rates, metric) => {
      if (waits === 0) return scheduler.step(rates, metric);
      waits--;
      return rates;
    },
    save: () => ({ waits, inner: scheduler.save() }),
    load: (state) => {
      const saved = state as { readonly waits: number; readonly inner: unknown };
      waits = saved.waits;
      scheduler.load(saved.inner);
    },
  };
}

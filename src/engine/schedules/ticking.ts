import type { Rates } from './rates';
import type { Scheduler } from './schedulers';

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

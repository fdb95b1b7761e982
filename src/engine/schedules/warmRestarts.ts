import type { ScheduleRule } from '../../records/optimizer';
import { wholeLength } from './counted';
import type { Rates, Scheduler } from './scheduler';

/** torch's CosineAnnealingWarmRestarts, stepped without an argument. */
export function warmRestarts(
  { period, factor, minimum }: Extract<ScheduleRule, { readonly kind: 'cosineWarmRestarts' }>,
  base: readonly number[],
  scale: number,
): Scheduler {
  let state = { place: 0, length: wholeLength(period, scale) };
  const at = ({ rates, momentum }: Rates): Rates => ({
    rates: rates.map((rate, group) => {
      const top = base[group] ?? rate;
      return minimum + ((top - minimum) * (1 + Math.cos((Math.PI * state.place) / state.length))) / 2;
    }),
    momentum,
  });
  return {
    begin: at,
    step: (rates) => {
      const { place, length } = state;
      state = place + 1 >= length ? { place: place + 1 - length, length: length * factor } : { place: place + 1, length };
      return at(rates);
    },
    save: () => state,
    load: (saved) => void (state = saved as typeof state),
  };
}

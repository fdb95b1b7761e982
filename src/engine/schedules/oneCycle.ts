import type { ScheduleRule } from '../../records/optimizer';
import { wholeLength } from './counted';
import type { Rates } from './rates';
import type { Scheduler } from './schedulers';

/** Momentum of torch's OneCycleLR when the script sets none: it moves against the rate. */
const defaultMomentum = { base: 0.85, maximum: 0.95 };

/** torch's OneCycleLR in two phases. It sets all groups to the same rate, whatever the optimizer's own; past its end the last rate stays. */
export function oneCycle(rule: Extract<ScheduleRule, { readonly kind: 'oneCycle' }>, scale: number): Scheduler {
  const total = wholeLength(rule.totalSteps, scale);
  const lowest = rule.maximum / rule.initialDivisor;
  const last = lowest / rule.finalDivisor;
  const peak = rule.rise * total - 1;
  const cycled = rule.momentum === undefined ? defaultMomentum : rule.momentum;
  let count = 0;

  const between = (from: number, to: number, share: number): number =>
    rule.shape === 'cos' ? to + ((from - to) / 2) * (1 + Math.cos(Math.PI * share)) : (to - from) * share + from;
  const at = ({ rates }: Rates): Rates => {
    const rising = count <= peak;
    const share = rising ? fraction(count, peak) : fraction(count - peak, total - 1 - peak);
    const rate = rising ? between(lowest, rule.maximum, share) : between(rule.maximum, last, share);
    const momentum = cycled === null ? null : momentumAt(cycled, rising, share);
    return { rates: rates.map(() => rate), momentum };
  };
  const momentumAt = ({ base, maximum }: typeof defaultMomentum, rising: boolean, share: number): number =>
    rising ? between(maximum, base, share) : between(base, maximum, share);

  return {
    begin: at,
    step: (rates) => {
      count++;
      return at(rates);
    },
    save: () => count,
    load: (state) => void (count = Number(state)),
  };
}

/** part / whole, at most 1; 1 when there is no whole. */
function fraction(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, part / whole) : 1;
}

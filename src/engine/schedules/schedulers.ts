import type { ScheduleRule } from '../../records/optimizer';
import { chain, sequence } from './composed';
import { counted } from './counted';
import { cyclic } from './cyclic';
import { oneCycle } from './oneCycle';
import { plateau } from './plateau';
import type { Scheduler } from './scheduler';
import { warmRestarts } from './warmRestarts';

/**
 * The scheduler of `rule` on base rates `base`, its lengths multiplied by `scale` (1 for the script's own
 * run): so a shorter run goes through the same schedule.
 */
export function schedulers(rule: ScheduleRule, base: readonly number[], scale: number): Scheduler {
  switch (rule.kind) {
    case 'cosineWarmRestarts':
      return warmRestarts(rule, base, scale);
    case 'oneCycle':
      return oneCycle(rule, scale);
    case 'cyclic':
      return cyclic(rule, scale);
    case 'sequence':
      return sequence(rule, base, scale, (part) => schedulers(part, base, scale));
    case 'chain':
      return chain(rule, (part) => schedulers(part, base, scale));
    case 'reduceOnPlateau':
      return plateau(rule, scale);
    default:
      return counted(rule, base, scale);
  }
}

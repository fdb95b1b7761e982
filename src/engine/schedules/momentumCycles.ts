import type { ScheduleRule } from '../../records/optimizer';

/** Whether `rule` sets the momentum too. */
export function cyclesMomentum(rule: ScheduleRule): boolean {
  switch (rule.kind) {
    case 'oneCycle':
    case 'cyclic':
      return rule.momentum !== null;
    case 'sequence':
    case 'chain':
      return rule.parts.some(cyclesMomentum);
    default:
      return false;
  }
}

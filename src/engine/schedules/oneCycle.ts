import type { ScheduleRule } from '../../records/optimizer';
import { wholeLength } from './counted';
import type { Scheduler } from './scheduler';
import { ticking } from './ticking';

/** Momentum of torch's OneCycleLR when the script sets none: it moves against the rate. */
const defaultMomentum = { base: 0.85, maximum: 0.95 };

type Rule = Extract<ScheduleRule, { readonly kind: 'oneCycle' }>;

/** One phase: up to tick `end`, from one level to another. */
interface Phase {
  readonly end: number;
  readonly from: Level;
  readonly to: Level;
}

type Level = 'lowest' | 'maximum' | 'last';

/**
 * torch's OneCycleLR (Smith and Topin, 2018) in two phases or three. It sets the rates whatever the optimizer's
 * own; past its end the last ones stay.
 */
export function oneCycle(rule: Rule, scale: number): Scheduler {
  const phases = phasesOf(rule, wholeLength(rule.totalSteps, scale));
  const cycled = rule.momentum === undefined ? defaultMomentum : rule.momentum;

  const between = (from: number, to: number, share: number): number =>
    rule.shape === 'cos' ? to + ((from - to) / 2) * (1 + Math.cos(Math.PI * share)) : (to - from) * share + from;
  return ticking(({ rates }, count) => {
    const found = phases.findIndex(({ end }) => count <= end);
    const place = found < 0 ? phases.length - 1 : found;
    const phase = phases[place] as Phase;
    const start = phases[place - 1]?.end ?? 0;
    const share = fraction(count - start, phase.end - start);
    const rateAt = (_: number, group: number): number => {
      const maximum = rule.maxima?.[group] ?? rule.maximum;
      return between(levelOf(rule, phase.from, maximum), levelOf(rule, phase.to, maximum), share);
    };
    const momentumOf = (level: Level): number => (level === 'maximum' ? cycled?.base : cycled?.maximum) ?? 0;
    const momentum = cycled === null ? null : between(momentumOf(phase.from), momentumOf(phase.to), share);
    return { rates: rates.map(rateAt), momentum };
  });
}

function phasesOf({ rise, threePhase }: Rule, total: number): readonly Phase[] {
  const up: Phase = { end: rise * total - 1, from: 'lowest', to: 'maximum' };
  if (threePhase !== true) return [up, { end: total - 1, from: 'maximum', to: 'last' }];
  return [up, { end: 2 * rise * total - 2, from: 'maximum', to: 'lowest' }, { end: total - 1, from: 'lowest', to: 'last' }];
}

function levelOf({ initialDivisor, finalDivisor }: Rule, level: Level, maximum: number): number {
  if (level === 'maximum') return maximum;
  return level === 'lowest' ? maximum / initialDivisor : maximum / initialDivisor / finalDivisor;
}

/** part / whole, at most 1; 1 when there is no whole. */
function fraction(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, part / whole) : 1;
}

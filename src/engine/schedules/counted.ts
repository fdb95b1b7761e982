import type { ScheduleRule } from '../../records/optimizer';
import { decayFactor } from './decay';
import type { Scheduler } from './scheduler';
import { ticking } from './ticking';

type CountedKind =
  'step' | 'multiStep' | 'exponential' | 'cosine' | 'linear' | 'constant' | 'polynomial' | 'multiplicative' | 'decay' | 'table';
type CountedRule = Extract<ScheduleRule, { readonly kind: CountedKind }>;
type RuleOf<K extends CountedKind> = Extract<ScheduleRule, { readonly kind: K }>;

/** The new rate after `count` steps of the scheduler, from the current one and the base: PyTorch's chainable form. */
type RateForm = (count: number, rate: number, base: number, group: number) => number;

/** Schedulers whose rate follows from the number of their steps. */
export function counted(rule: CountedRule, base: readonly number[], scale: number): Scheduler {
  const form = (forms[rule.kind] as (rule: CountedRule, scale: number) => RateForm)(rule, scale);
  return ticking(({ rates, momentum }, count) => ({
    rates: rates.map((rate, group) => form(count, rate, base[group] ?? rate, group)),
    momentum,
  }));
}

const forms: { readonly [K in CountedKind]: (rule: RuleOf<K>, scale: number) => RateForm } = {
  step: ({ stepSize, gamma }, scale) => {
    const length = wholeLength(stepSize, scale);
    return (count, rate) => (count === 0 || count % length !== 0 ? rate : rate * gamma);
  },
  multiStep: ({ milestones, gamma }, scale) => {
    const scaled = milestones.map((milestone) => wholeLength(milestone, scale));
    return (count, rate) => rate * gamma ** scaled.filter((milestone) => milestone === count).length;
  },
  exponential: ({ gamma }, scale) => {
    const factor = scale === 1 ? gamma : gamma ** (1 / scale);
    return (count, rate) => (count === 0 ? rate : rate * factor);
  },
  cosine: ({ period, minimum }, scale) => {
    const length = scale === 1 ? period : Math.max(1, period * scale);
    return (count, rate, base) => {
      if (count === 0) return rate;
      if (isMultiple(count - 1 - length, 2 * length)) return rate + ((base - minimum) * (1 - Math.cos(Math.PI / length))) / 2;
      const ratio = (1 + Math.cos((Math.PI * count) / length)) / (1 + Math.cos((Math.PI * (count - 1)) / length));
      return ratio * (rate - minimum) + minimum;
    };
  },
  linear: ({ startFactor, endFactor, length }, scale) => {
    const scaled = wholeLength(length, scale);
    const rise = endFactor - startFactor;
    return (count, rate) => {
      if (count === 0) return rate * startFactor;
      if (count > scaled) return rate;
      return rate * (1 + rise / (scaled * startFactor + (count - 1) * rise));
    };
  },
  constant: ({ factor, length }, scale) => {
    const scaled = wholeLength(length, scale);
    return (count, rate) => {
      if (count === 0) return rate * factor;
      return count === scaled ? rate / factor : rate;
    };
  },
  multiplicative: ({ factors }, scale) => {
    const product = productOf(factors);
    const ticks = (count: number): number => (scale === 1 ? count : Math.floor(count / scale + 1e-9));
    return (count, rate) => (count === 0 ? rate : (rate * product(ticks(count))) / product(ticks(count - 1)));
  },
  decay: ({ curve }, scale) => {
    return (count, _rate, base) => base * decayFactor(curve, count / scale);
  },
  polynomial: ({ length, power }, scale) => {
    const scaled = wholeLength(length, scale);
    return (count, rate) => {
      if (count === 0 || count > scaled) return rate;
      return rate * ((1 - count / scaled) / (1 - (count - 1) / scaled)) ** power;
    };
  },
  table: ({ factors, ofGroups }, scale) => {
    return (count, _rate, base, group) => {
      const own = ofGroups?.[group] ?? factors;
      const place = Math.min(own.length - 1, Math.floor(count / scale + 1e-9));
      return base * (own[place] ?? 1);
    };
  },
};

/** A length in whole ticks, at least 1. */
export function wholeLength(length: number, scale: number): number {
  return scale === 1 ? length : Math.max(1, Math.round(length * scale));
}

/** Product of the factors 1 to `count`, the last of which stays. */
function productOf(factors: readonly number[]): (count: number) => number {
  const products: number[] = [1];
  for (const factor of factors.slice(1)) products.push((products[products.length - 1] ?? 1) * factor);
  const last = products.length - 1;
  return (count) => (count <= last ? (products[count] ?? 1) : (products[last] ?? 1) * (factors[last] ?? 1) ** (count - last));
}

function isMultiple(value: number, of: number): boolean {
  return Math.abs(value / of - Math.round(value / of)) < 1e-12;
}

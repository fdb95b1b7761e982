import type { SourceRange } from '../../../records/source';
import type { Machine } from '../../interpret/machine';

const early = new WeakSet<Machine>();

/** Notes that the script uses words that only Keras 1 understood. */
export const noteEarlyWords = (m: Machine): void => void early.add(m);

/** True for scripts of Keras 1. */
export const isEarly = (m: Machine): boolean => early.has(m);

/** Rates that optimizers had by default up to Keras 2.3, where they have another one since. */
const earlyRates: Readonly<Record<string, number>> = { adadelta: 1, adagrad: 0.01, adamax: 0.002, nadam: 0.002 };

/**
 * The default rate of an optimizer: that of Keras 1 for scripts in its words, else that of today, with a note where it was
 * another one before.
 */
export function defaultRate(m: Machine, name: string, today: number, range: SourceRange): number {
  const before = Object.hasOwn(earlyRates, name) ? earlyRates[name] : undefined;
  if (before === undefined) return today;
  if (isEarly(m)) return before;
  m.assume(`The default rate is ${today}, as in Keras since 2.4; before it was ${before}`, range);
  return today;
}

/** What optimizers add to what they divide by: 1e-8 in Keras 1, 1e-7 since. */
export const defaultEpsilon = (m: Machine): number => (isEarly(m) ? 1e-8 : 1e-7);

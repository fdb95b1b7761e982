import type { LoopContext, ProgressValue } from './value';

/** Passes of a loop in which a condition holds: the one numbered `at`, counted from 0, and every `every`-th after it. */
export interface Rhythm {
  readonly loop: LoopContext;
  readonly every: number;
  readonly at: number;
  /** The last pass of the loop is among them in any case. */
  readonly last?: true;
  /** Passes are counted on from one run of the loop to the next. */
  readonly continues?: true;
  /** Another condition, which is not known, has a part in it. */
  readonly unclear?: true;
}

const commonDivisor = (a: number, b: number): number => (b === 0 ? Math.abs(a) : commonDivisor(b, a % b));

const positive = (a: number, n: number): number => ((a % n) + n) % n;

/** The passes in which `counter % modulus` is `remainder`; true or false for all or none of them, null when that is not known. */
export function rhythmOf(counter: ProgressValue, remainder: number): Rhythm | boolean | null {
  const { loop, scale, offset, modulus, continues } = counter;
  if (modulus === null || modulus < 1 || scale === 0) return null;
  if (![scale, offset, modulus, remainder].every(Number.isInteger)) return null;
  const every = modulus / commonDivisor(modulus, scale);
  for (let at = 0; at < every && at < 100_000; at++) {
    if (positive(scale * at + offset, modulus) !== remainder) continue;
    return every === 1 ? true : { loop, every, at, ...(continues ? { continues } : {}) };
  }
  return every > 100_000 ? null : false;
}

/** The same passes from the one numbered `from` on. */
export const startingAt = (rhythm: Rhythm, from: number): Rhythm => ({
  ...rhythm,
  at: rhythm.at + Math.max(0, Math.ceil((from - rhythm.at) / rhythm.every)) * rhythm.every,
});

/** Whether two conditions, each null where it is not known, hold in the same passes; what is not known is like nothing else. */
export const sameRhythm = (a: Rhythm | null, b: Rhythm | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    a.loop === b.loop &&
    a.every === b.every &&
    a.at === b.at &&
    a.last === b.last &&
    a.continues === b.continues &&
    !a.unclear &&
    !b.unclear);

/** Whether two lists of conditions are the same, in whatever order. */
export const sameConditions = (a: readonly (Rhythm | null)[], b: readonly (Rhythm | null)[]): boolean =>
  a.length === b.length &&
  a.every((one) => b.some((other) => sameRhythm(one, other))) &&
  b.every((one) => a.some((other) => sameRhythm(one, other)));

import { fail, type Result } from '../base/result';
import type { DataError } from '../records/dataset';

/** Why a data step failed, before the place in the script is known. The text says what to do. */
export type Fault = Omit<DataError, 'range'>;

/** What every part of loading returns. */
export type Outcome<T> = Result<T, Fault>;

/** A failure with `text`; `details` name the file. */
export const fault = (text: string, details: Omit<Fault, 'text'> = {}): Outcome<never> => fail({ text, ...details });

/** Ends loading after a cancellation. */
export const cancelled = (): Outcome<never> => fault('Loading the data was cancelled.');

/** Those of `known` that read most like `wanted`: few edits away, or the same but for case and spaces. */
export function nearNames(wanted: string, known: readonly string[], count = 3): string[] {
  const plain = (name: string): string => name.toLowerCase().replace(/[\s_-]+/g, '');
  return known
    .map((name) => ({ name, distance: editDistance(plain(wanted), plain(name)) }))
    .filter(({ name, distance }) => distance <= Math.max(2, Math.floor(Math.max(name.length, wanted.length) / 3)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ name }) => name);
}

/** Levenshtein's distance: the least number of letters inserted, deleted or replaced. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replace, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** `'a', 'b', 'c', …`: up to `count` names, quoted, for a message. */
export function listNames(names: readonly (string | number)[], count = 8): string {
  const shown = names.slice(0, count).map((name) => `'${name}'`);
  return shown.join(', ') + (names.length > count ? ', …' : '');
}

import type { Value } from '../values/value';

/**
 * Entries that plain values within one another hold together at most. A few lines can make lists that hold each other some 2^60 times
 * over; whatever walks through such a value (its text, its shape, its numbers) would never come back.
 */
const mostEntries = 500_000;
/** A value is counted again when it has grown by this share, so that one that grows by single entries is not counted at each. */
const growth = 1.25;

interface Counted {
  /** Entries that the value itself had. */
  readonly own: number;
  /** With all that these hold. */
  readonly all: number;
}

const known = new WeakMap<Value, Counted>();

/** What a value holds directly; null for one that holds no others. */
function heldBy(value: Value): { readonly count: number; readonly values: () => Iterable<Value> } | null {
  switch (value.kind) {
    case 'list':
      return { count: value.items.length, values: () => value.items };
    case 'dict':
      return { count: value.entries.size, values: () => value.entries.values() };
    case 'iterator':
      return { count: 1 + value.others.length, values: () => [value.of, ...value.others] };
    default:
      return null;
  }
}

/** Entries of a plain value and of what it holds, an entry that is held twice counted twice; 1 for all else. */
function entriesOf(value: Value): number {
  const held = heldBy(value);
  if (!held) return 1;
  const own = held.count;
  const before = known.get(value);
  if (before && own <= before.own * growth) return before.all;
  // A value that holds itself counts once.
  known.set(value, { own, all: own });
  let all = own;
  for (const item of held.values()) all += entriesOf(item);
  known.set(value, { own, all });
  return all;
}

/** Whether a value can be walked through in a bearable time. */
export const isBounded = (value: Value): boolean => entriesOf(value) <= mostEntries;

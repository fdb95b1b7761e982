import type { Call, Handler } from '../../interpret/call';
import { callValue } from '../../interpret/calls';
import { noteGrowth } from '../../interpret/growth';
import { truth } from '../../interpret/operators';
import { listValue, none, unreadable, type ListValue, type Value } from '../../values/value';

/** Lists are put in order up to this length. */
const longest = 10_000;

/** Order of two values as Python's `<` has it; NaN where it is not known. */
function compare(a: Value, b: Value): number {
  if (a.kind === 'number' && b.kind === 'number') return a.value - b.value;
  if (a.kind === 'string' && b.kind === 'string') return a.value < b.value ? -1 : Number(a.value > b.value);
  if (a.kind !== 'list' || b.kind !== 'list' || a.form !== b.form) return NaN;
  for (let i = 0; i < Math.min(a.items.length, b.items.length); i++) {
    const order = compare(a.items[i] as Value, b.items[i] as Value);
    if (order !== 0) return order;
  }
  return a.items.length - b.items.length;
}

/** The items in the order that `sorted(items, key=..., reverse=...)` gives them; null when it is not known. */
function inOrder(items: readonly Value[], call: Call): Value[] | null {
  const key = call.keywords.get('key')?.value ?? none;
  const reverse = call.keywords.get('reverse')?.value;
  const backward = reverse === undefined ? false : truth(reverse);
  if (items.length > longest || backward === null) return null;
  const asked = { ...call, keywords: new Map() };
  const ranked = items.map((item) => ({
    item,
    by: key.kind === 'none' ? item : callValue(call.machine, key, { ...asked, positional: [{ value: item, range: call.range }] }),
  }));
  let known = true;
  // Equals keep their order, also where it goes backward.
  ranked.sort(({ by: a }, { by: b }) => {
    const order = compare(a, b);
    if (Number.isNaN(order)) known = false;
    return Number.isNaN(order) ? 0 : backward ? -order : order;
  });
  return known ? ranked.map(({ item }) => item) : null;
}

/** Whether an order would show: some item is known, and there are several. */
const shows = (items: readonly Value[]): boolean => items.length > 1 && items.some(({ kind }) => kind !== 'unknown');

/** `sorted(...)` of a list. */
export function sortedList(list: ListValue, call: Call): Value {
  const items = list.open ? null : inOrder(list.items, call);
  if (items) return listValue(items);
  return shows(list.items) ? unreadable('The order of these values could not be read', call.range) : list;
}

/** `list.sort(...)`. */
export const sortInPlace = (list: ListValue, call: Call): ReturnType<Handler> => {
  const items = list.open ? null : inOrder(list.items, call);
  if (items) list.items.splice(0, list.items.length, ...items);
  else if (shows(list.items)) list.open = true;
  noteGrowth(call.machine, list);
  return none;
};

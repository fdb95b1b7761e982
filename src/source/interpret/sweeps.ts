import type { DictValue, ListValue, Value } from '../values/value';

/**
 * The first of several settings that a script trains with, each of its numbers knowing the other
 * values that stand in its place: plain values, tuples of them (`product(rates, sizes)`), or
 * dictionaries of a grid. Null for anything else, which is gone through one after the other.
 */
export function sweptItem(items: readonly Value[]): Value | null {
  const [first] = items;
  if (!first) return null;
  if (items.every(isPlain)) return withSweep(first, items);
  const tuple = sweptTuple(items);
  if (tuple) return tuple;
  return items.every((item): item is DictValue => item.kind === 'dict') ? sweptGrid(items) : null;
}

const isPlain = (value: Value): boolean => value.kind === 'number' || value.kind === 'string' || value.kind === 'boolean';

/** `value` with all values that come in its place, each one once. */
function withSweep(value: Value, all: readonly Value[]): Value {
  if (!('origin' in value) || !value.origin) return value;
  const distinct = all.filter(
    (v, i) => all.findIndex((other) => 'value' in other && 'value' in v && other.value === v.value) === i,
  );
  return distinct.length > 1 ? ({ ...value, origin: { ...value.origin, sweep: distinct } } as Value) : value;
}

/** Tuples of plain values, perhaps with tuples inside (`enumerate(zip(...))`). */
function sweptTuple(items: readonly Value[], depth = 0): Value | null {
  const lists = items.filter((item): item is ListValue => item.kind === 'list');
  const [first] = lists;
  if (!first || depth > 3 || lists.length !== items.length || lists.some((l) => l.items.length !== first.items.length))
    return null;
  const parts = first.items.map((value, i) => {
    const inPlace = lists.flatMap((l) => l.items[i] ?? []);
    return inPlace.every(isPlain) ? withSweep(value, inPlace) : sweptTuple(inPlace, depth + 1);
  });
  const known = parts.flatMap((part) => part ?? []);
  return known.length === parts.length ? { ...first, items: known } : null;
}

/** Dictionaries that take their values from common lists; written out one by one they are settings of their own. */
function sweptGrid(items: readonly DictValue[]): Value | null {
  const [first] = items;
  if (!first || !items.every((item) => [...item.entries.values()].every(isPlain))) return null;
  const shared = [...first.entries].some(([key, value]) =>
    items.slice(1).some((item) => placeOf(item.entries.get(key)) !== null && placeOf(item.entries.get(key)) === placeOf(value)),
  );
  if (!shared) return null;
  const entries = new Map(
    [...first.entries].map(
      ([key, value]) =>
        [
          key,
          withSweep(
            value,
            items.flatMap((item) => item.entries.get(key) ?? []),
          ),
        ] as const,
    ),
  );
  return { kind: 'dict', entries };
}

const placeOf = (value: Value | undefined): unknown => (value && 'origin' in value && value.origin ? value.origin.place : null);

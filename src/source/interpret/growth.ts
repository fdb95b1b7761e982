import type { SourceRange } from '../../records/source';
import { unreadable, type ContainerValue, type DictValue, type ListValue, type Value } from '../values/value';
import { Scope } from '../values/scope';
import { callValue } from './calls';
import { makeCall } from './expressions';
import type { Machine } from './machine';

/** Remembers in which loop the script makes a list, dictionary or container, so that growth in a later pass can be told. */
export function madeHere<T extends Value>(m: Machine, value: T): T {
  if (value.kind === 'list' || value.kind === 'dict' || value.kind === 'container') value.madeIn = m.currentLoop?.id ?? null;
  return value;
}

/**
 * Notes that an entry is added. When the loop around it is run once for all its passes and the holder was made before that
 * loop, it gets more entries than are seen here.
 */
export function noteGrowth(m: Machine, holder: ListValue | DictValue | ContainerValue): void {
  const loop = m.currentLoop;
  if (!loop || holder.madeIn === undefined || holder.madeIn === loop.id) return;
  if (holder.madeIn === null || m.loops.some(({ id }) => id === holder.madeIn)) holder.open = true;
}

/** In place of the number or the order of entries of something that grew in a loop. */
export const countUnread = (range: SourceRange): Value =>
  unreadable('How many entries the loop adds here could not be read', range);

/** What a dictionary makes for a key that it does not have, from then on its entry. */
export function missingEntry(m: Machine, dict: DictValue, key: string, range: SourceRange): Value {
  if (!dict.factory) return unreadable('This key is not in the dictionary', range);
  const made = callValue(m, dict.factory, makeCall(m, new Scope(null, range.path), [], range, range));
  dict.entries.set(key, made);
  noteGrowth(m, dict);
  return made;
}

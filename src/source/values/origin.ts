import type { SourceRange, Sourced } from '../../records/source';
import type { Origin, Value } from './value';

const sameRange = (a: SourceRange, b: SourceRange): boolean =>
  a.line === b.line && a.column === b.column && a.endLine === b.endLine && a.endColumn === b.endColumn && a.path === b.path;

/** The value with one more place on its way: a name it was bound to, an attribute it was kept in. */
export function passing(value: Value, range: SourceRange): Value {
  if (value.kind !== 'number' && value.kind !== 'boolean' && value.kind !== 'string') return value;
  const { origin } = value;
  if (origin === null || origin.chain.length >= 12) return value;
  const last = origin.chain[origin.chain.length - 1];
  if (last && sameRange(last, range)) return value;
  return { ...value, origin: { ...origin, chain: [...origin.chain, range] } };
}

/**
 * `value` as an argument written at `argument`. Without an origin the argument itself is the place.
 */
export function sourced<T>(value: T, origin: Origin | null, argument: SourceRange): Sourced<T> {
  if (origin === null || sameRange(origin.place, argument)) return { value, place: argument, chain: [], isDefault: false };
  const last = origin.chain[origin.chain.length - 1];
  const chain = last && sameRange(last, argument) ? origin.chain : [...origin.chain, argument];
  const sweep = origin.sweep?.flatMap((v) => ('value' in v && typeof v.value === typeof value ? [v.value as T] : []));
  return { value, place: origin.place, chain, isDefault: false, ...(sweep && sweep.length > 1 ? { sweep } : {}) };
}

/** A value that the library sets when the script says nothing. */
export const byDefault = <T>(value: T, callName: SourceRange): Sourced<T> => ({
  value,
  place: callName,
  chain: [],
  isDefault: true,
});

/** Where a finding about `value` belongs: the literal behind it, else the argument. */
export function placeOf(value: Value, argument: SourceRange): SourceRange {
  return 'origin' in value && value.origin ? value.origin.place : argument;
}

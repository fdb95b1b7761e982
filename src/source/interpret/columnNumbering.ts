import type { Size } from '../../graph/size';
import type { SourceRange } from '../../records/source';
import type { Array as DataArray } from '../values/dataValues';
import { none, type Value } from '../values/value';
import { distinctValues } from './knownNumbers';
import type { Machine } from './machine';
import { dataStep } from './tensors';
import { rowLoop } from './windows';

/** The different values of a column, numbered in this order. */
interface Numbering {
  readonly column: DataArray;
  readonly order: 'sorted' | 'appearance';
}

const numberings = new WeakMap<object, Numbering>();

const marked = (name: string): Value & { readonly kind: 'namespace' } => ({
  kind: 'namespace',
  entries: new Map<string, Value>([[name, none]]),
  missing: '`%` of the different values of a column is not read',
});

/**
 * One pass over `enumerate(column.unique())` that stands for all, where only the file knows the values; null for anything else.
 * `made` gives the dictionary of which the pass gives key and value.
 */
export function distinctPass(
  m: Machine,
  iterable: Value,
  range: SourceRange,
): { readonly item: Value; readonly made: (key: Value | undefined, value: Value | undefined) => Value | null } | null {
  if (iterable.kind !== 'iterator' || iterable.wrap !== 'enumerate' || iterable.start !== 0) return null;
  const { of } = iterable;
  if (of.kind !== 'iterator' || of.wrap !== 'plain' || of.of.kind !== 'array') return null;
  if (of.distinct === undefined || of.distinct === 'any' || distinctValues(m, of.of, of.distinct)) return null;
  const numbering: Numbering = { column: of.of, order: of.distinct };
  const place: Value = { kind: 'progress', loop: rowLoop(null, range), scale: 1, offset: 0, modulus: null, scaleValue: null };
  const entry = marked('__distinct');
  const made = (key: Value | undefined, value: Value | undefined): Value | null => {
    const forward = key === entry && value === place;
    if (!forward && !(key === place && value === entry)) return null;
    const size: Size = m.program.symbol(numbering.column.step, { kind: 'unique' });
    const dictionary = marked('__numbered');
    dictionary.entries.set('__length', { kind: 'size', size });
    if (forward) numberings.set(dictionary, numbering);
    return dictionary;
  };
  return { item: { kind: 'list', form: 'tuple', items: [place, entry], range: null }, made };
}

/** `column.map(numbers)` with such a dictionary: each value by its number; null for other mappings. */
export function numberedBy(
  m: Machine,
  mapping: Value | null | undefined,
  column: DataArray,
  range: SourceRange,
): DataArray | null {
  const numbering = mapping?.kind === 'namespace' ? numberings.get(mapping) : undefined;
  if (!numbering) return null;
  return dataStep(m, 'encodeLabels', { order: numbering.order }, [numbering.column, column], range, { integer: true });
}

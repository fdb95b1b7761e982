import type { SourceRange } from '../../records/source';
import type { NamespaceValue, Value } from '../values/value';
import { listValue, unknown, unreadable } from '../values/value';
import type { Array as DataArray } from '../values/dataValues';
import { numbersOf } from './call';
import { knownNumbers } from './knownNumbers';
import type { Machine } from './machine';

const holds = (value: Value): boolean => value.kind === 'boolean' && value.value;

/** `df.dtypes[df.dtypes == "object"]`: what is kept of columns where a condition holds. */
export function chosenColumns(object: NamespaceValue, index: NamespaceValue, range: SourceRange): Value {
  const names = index.entries.get('__byColumn');
  if (names?.kind !== 'list' || !object.entries.has('__byColumn')) return unknown;
  const answers = names.items.map((name) => index.entries.get('value' in name ? String(name.value) : ''));
  if (answers.some((answer) => answer?.kind !== 'boolean')) return unreadable('This choice of columns is not known', range);
  const kept = names.items.filter((_, i) => holds(answers[i] ?? unknown));
  const entries = kept.flatMap((name) => {
    const key = 'value' in name ? String(name.value) : '';
    const value = object.entries.get(key);
    return value ? [[key, value] as const] : [];
  });
  return { ...object, entries: new Map<string, Value>([...entries, ['__byColumn', listValue(kept)]]) };
}

/** `names[marks]` and `names[[0, 2]]`, as NumPy's arrays and pandas' lists of columns take them; null for other indices. */
export function listedItems(list: Value & { readonly kind: 'list' }, index: Value): Value | null {
  if (index.kind !== 'list' || index.items.length === 0) return null;
  if (index.items.length === list.items.length && index.items.every((item) => item.kind === 'boolean'))
    return listValue(list.items.filter((_, i) => holds(index.items[i] ?? unknown)));
  const places = index.form === 'list' && index.items.every((item) => item.kind === 'number') ? numbersOf(index) : null;
  const items = places?.flatMap((at) => list.items.at(at) ?? []);
  return items && items.length === index.items.length ? listValue(items) : null;
}

/** `df.columns[df.dtypes == "object"]`; null when the condition is not known of each. */
export function markedColumns(list: Value & { readonly kind: 'list' }, index: NamespaceValue): Value | null {
  if (!index.entries.has('__byColumn')) return null;
  const answers = list.items.map((item) => index.entries.get('value' in item ? String(item.value) : ''));
  return answers.every((answer) => answer?.kind === 'boolean')
    ? listValue(list.items.filter((_, i) => holds(answers[i] ?? unknown)))
    : null;
}

/** The labels where a mask of as many entries holds; undefined when it is not known. */
export function labelsWhere<T>(m: Machine, labels: readonly T[], mask: DataArray): readonly T[] | undefined {
  const marks = mask.mask ? knownNumbers(m, mask)?.values : null;
  return marks?.length === labels.length ? labels.filter((_, i) => marks[i] === 1) : undefined;
}

/** `df.columns[df.isnull().any()]`; null when the marks are not known. */
export function labelledColumns(m: Machine, list: Value & { readonly kind: 'list' }, mask: DataArray): Value | null {
  const items = labelsWhere(m, list.items, mask);
  return items ? { ...listValue([...items]), ofColumns: true } : null;
}

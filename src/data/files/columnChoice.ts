import { ok } from '../../base/result';
import type { ColumnKey, ColumnSelection } from '../../records/dataSources';
import { fault, listNames, nearNames, type Outcome } from '../fault';

/** Position of column `key` among `labels`. Without headers a number is first a label, then a position. */
export function findColumn(key: ColumnKey, labels: readonly (string | number)[], where: string): Outcome<number> {
  const labelled = labels.indexOf(key);
  if (labelled >= 0) return ok(labelled);
  if (typeof key === 'string') return fault(unknownColumn(key, labels, where));
  const at = key < 0 ? labels.length + key : key;
  if (at >= 0 && at < labels.length) return ok(at);
  return fault(`${where} has ${labels.length} columns, so there is no column ${key}.`);
}

/** Positions of the selected columns, in the order of the selection. */
export function chooseColumns(
  selection: ColumnSelection,
  labels: readonly (string | number)[],
  where: string,
): Outcome<number[]> {
  if (selection.kind === 'range') return ok(rangePositions(labels.length, selection.start, selection.end, selection.step));
  const chosen: number[] = [];
  for (const key of selection.keys) {
    const at = findColumn(key, labels, where);
    if (!at.ok) return at;
    chosen.push(at.value);
  }
  return ok(chosen);
}

/** The positions that Python's slice `start:end:step` takes out of `length`. */
export function rangePositions(length: number, start: number | null, end: number | null, step: number): number[] {
  const clamp = (at: number, low: number, high: number): number => Math.max(low, Math.min(high, at < 0 ? at + length : at));
  const chosen: number[] = [];
  if (step > 0) for (let i = clamp(start ?? 0, 0, length); i < clamp(end ?? length, 0, length); i += step) chosen.push(i);
  if (step < 0) {
    const last = end === null ? -1 : clamp(end, -1, length - 1);
    for (let i = clamp(start ?? length - 1, -1, length - 1); i > last; i += step) chosen.push(i);
  }
  return chosen;
}

function unknownColumn(name: string, labels: readonly (string | number)[], where: string): string {
  const names = labels.map(String);
  const near = nearNames(name, names);
  if (labels.every((label) => typeof label === 'number'))
    return `${where} has no column '${name}': it was read without a header, its columns are numbered.`;
  const separator = separatorWithin(name, names);
  if (separator !== null)
    return `${where} has no column '${name}'; its only column is '${names[0]}': give the separator, sep='${separator}', where the file is read.`;
  return near.length > 0
    ? `${where} has no column '${name}'; did you mean ${listNames(near)}?`
    : `${where} has no column '${name}'; its columns are ${listNames(names)}.`;
}

/** The character that parts the names of a header that was taken for a single column; null where it is none. */
function separatorWithin(name: string, names: readonly string[]): string | null {
  const [only] = names;
  if (only === undefined || names.length > 1) return null;
  const found = [';', '\t', '|', ' '].find((separator) => only.split(separator).includes(name));
  return found === '\t' ? '\\t' : (found ?? null);
}

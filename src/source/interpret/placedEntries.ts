import type { SourceRange } from '../../records/source';
import type { Array as DataArray } from '../values/dataValues';
import { numberValue, type Value } from '../values/value';
import type { Machine } from './machine';
import { areNumbered } from './rowLabels';
import { axisSize, compareTensors, dataStep, partOf } from './tensors';

/** Rows of a table, as a mask, and what is written into them. */
export interface PlacedValue {
  readonly mask: DataArray;
  readonly value: Value;
}

/**
 * `df.loc[rows, "fold"] = k` with the numbers of rows. A number that counts the folds around is written into each of them: the reader
 * goes through the first fold only. Null where the rows are no numbers, or are called otherwise.
 */
export function placedValues(
  m: Machine,
  table: DataArray,
  rows: DataArray,
  value: Value,
  range: SourceRange,
): PlacedValue[] | null {
  if (rows.mask || rows.integer !== true || !areNumbered(table)) return null;
  const folds = value.kind === 'number' && value.origin === null ? rowsOfFolds(m, rows, range) : null;
  if (!folds) return [{ mask: maskOf(m, table, rows, range), value }];
  const first = value.kind === 'number' ? value.value : 0;
  return folds.map((own, k) => ({ mask: maskOf(m, table, own, range), value: numberValue(first + k, true) }));
}

/** The rows of every fold, where these are the rows of the first; null for other rows. */
function rowsOfFolds(m: Machine, rows: DataArray, range: SourceRange): DataArray[] | null {
  const part = m.program.steps[rows.step];
  const [at] = part?.kind === 'part' ? part.inputs : [];
  const split = at === undefined ? undefined : m.program.steps[at];
  if (part?.kind !== 'part' || split?.kind !== 'foldRows') return null;
  const inputs = split.inputs.flatMap((input) => m.program.results.get(input) ?? []);
  if (inputs.length !== split.inputs.length) return null;
  return Array.from({ length: split.arguments.folds }, (_, fold) => {
    const whole = dataStep(m, 'foldRows', { ...split.arguments, fold }, inputs, range, { flavour: 'numpy' });
    return partOf(m, whole, part.arguments.index, range, { flavour: 'numpy', shape: [null], integer: true });
  });
}

function maskOf(m: Machine, table: DataArray, rows: DataArray, range: SourceRange): DataArray {
  const shape = [axisSize(m, table, 0)];
  const none = dataStep(m, 'filled', { shape, value: 0 }, [], range, { shape, integer: true, flavour: 'numpy' });
  const one = dataStep(m, 'literal', { shape: [], values: [1], integer: true }, [], range, { shape: [], integer: true });
  const index = [{ kind: 'places', input: 2 } as const];
  const marked = dataStep(m, 'setEntries', { index }, [none, one, rows], range, { shape, integer: true, flavour: 'numpy' });
  const mask = compareTensors(m, '==', marked, numberValue(1, true), range);
  return mask.kind === 'array' ? mask : marked;
}

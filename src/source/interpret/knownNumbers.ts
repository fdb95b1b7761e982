import type { SmallArray } from '../../records/tableLook';
import type { SourceRange } from '../../records/source';
import type { Value } from '../values/value';
import { numberValue, stringValue } from '../values/value';
import type { Machine } from './machine';
import { faultOf } from './sharedNumbers';
import { asArray } from './tensors';

/** The few numbers that a value has, as the project's files decide them; null when that is not known. */
export function knownNumbers(m: Machine, value: Value): SmallArray | null {
  if (value.kind !== 'array' || value.row || !m.project.tables || faultOf(m, value)) return null;
  return m.project.tables.numbers(m.program, value.step, m.mainPath);
}

/** The one number that a value is, written or decided by the project's files; null for others. */
export function knownNumber(m: Machine, value: Value, range: SourceRange): number | null {
  if (value.kind === 'number') return value.value;
  const scalar = value.kind === 'size' ? asArray(m, value, range) : value;
  const known = scalar?.kind === 'array' && (value.kind === 'size' || isScalar(value)) ? knownNumbers(m, scalar) : null;
  return known?.values.length === 1 ? (known.values[0] ?? null) : null;
}

const isScalar = (value: Value): boolean => value.kind === 'array' && value.shape?.length === 0 && value.flavour !== 'torch';

/** The different values of a column, as the project's files decide them; null when they are not known, or in no order. */
export function distinctValues(m: Machine, column: Value, order: 'appearance' | 'sorted' | 'any'): Value[] | null {
  if (column.kind !== 'array' || column.row || order === 'any' || !m.project.tables || faultOf(m, column)) return null;
  const known = m.project.tables.distinct(m.program, column.step, m.mainPath);
  if (!known) return null;
  const values = order === 'sorted' ? [...known].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)) : known;
  return values.map((one) => (typeof one === 'string' ? stringValue(one) : numberValue(one)));
}

/** Steps between counts and what is made of them that are followed. */
const hops = 12;

/** The numbers of an array that was made of counts, one by one; null for rows of data. */
export function countedNumbers(m: Machine, value: Value): Value[] | null {
  if (value.kind !== 'array' || !isOfCounts(m, value.step, hops)) return null;
  const known = knownNumbers(m, value);
  if (known?.shape.length !== 1) return null;
  return known.values.map((one) => numberValue(one, known.integer, { place: value.range, chain: [] }));
}

function isOfCounts(m: Machine, index: number, left: number): boolean {
  const step = m.program.steps[index];
  if (!step || left === 0) return false;
  const marks = step.kind === 'reduce' ? m.program.steps[step.inputs[0] ?? -1] : null;
  if (step.kind === 'countValues' || marks?.kind === 'oneHot') return true;
  return !ofRows.has(step.kind) && step.inputs.some((input) => isOfCounts(m, input, left - 1));
}

/** Steps that make rows of data again. */
const ofRows: ReadonlySet<string> = new Set(['takeRows', 'trainTestSplit', 'assign', 'weightedRows', 'randomSplit']);

import type { SourceRange, Sourced } from '../../records/source';
import type { Array as DataArray } from '../values/dataValues';
import { byDefault, sourced } from '../values/origin';
import type { BatchOrigin } from '../values/trace';
import { listValue, unreadable, type ListValue, type LoopContext, type PiecesValue, type Value } from '../values/value';
import { batchRows } from '../vocabulary/rows/loaders';
import { numbersOf, type Argument } from './call';
import type { Machine } from './machine';
import { dataStep } from './tensors';

/** `x.split(20)` and `x.split([80, 20])`: rows cut into parts, the last one perhaps smaller. */
export function splitRows(m: Machine, array: DataArray, size: Argument, range: SourceRange): Value {
  const { value } = size;
  const rows = array.shape?.[0];
  const sections = value.kind === 'list' ? numbersOf(value) : null;
  if (sections) return slices(m, array, sections, range);
  if (value.kind !== 'number' || value.value < 1) return unreadable('The size of these parts could not be read', range);
  if (typeof rows !== 'number') return piecesOf([array], sourced(value.value, value.origin, size.range), true, range);
  return slices(m, array, equalParts(rows, value.value), range);
}

/** `x.chunk(5)`: parts of ⌈rows / parts⌉ rows. */
export function chunkRows(m: Machine, array: DataArray, parts: Argument, range: SourceRange): Value {
  const rows = array.shape?.[0];
  if (parts.value.kind !== 'number' || typeof rows !== 'number')
    return unreadable('How many rows these parts have could not be read', range);
  return slices(m, array, equalParts(rows, Math.ceil(rows / parts.value.value)), range);
}

/** `np.array_split(x, 5)`: parts of which the first have one row more where the rows do not divide evenly. */
export function sectionsOf(m: Machine, array: DataArray, parts: Argument, range: SourceRange): Value {
  const rows = array.shape?.[0];
  const count = parts.value.kind === 'number' ? parts.value.value : 0;
  if (typeof rows !== 'number' || count < 1 || count > 4_096)
    return unreadable('How many rows these parts have could not be read', range);
  const lengths = Array.from({ length: count }, (_, i) => Math.floor(rows / count) + (i < rows % count ? 1 : 0));
  return slices(m, array, lengths, range);
}

const equalParts = (rows: number, size: number): number[] =>
  Array.from({ length: Math.min(4_096, Math.ceil(rows / size)) }, (_, i) => Math.min(size, rows - i * size));

/** Rows one part after the other. */
function slices(m: Machine, array: DataArray, lengths: readonly number[], range: SourceRange): Value {
  let start = 0;
  const items = lengths.map((length) => {
    const args = { axis: 0, start, end: start + length, step: 1 };
    start += length;
    return dataStep(m, 'slice', args, [array], range, { shape: array.shape && [length, ...array.shape.slice(1)] });
  });
  return listValue(items, 'tuple', range);
}

const piecesOf = (
  components: readonly DataArray[],
  batchSize: Sourced<number>,
  bare: boolean,
  range: SourceRange,
): PiecesValue => ({ kind: 'pieces', components, batchSize, bare, range });

/** One batch of rows that the script has cut its tensors into. */
export function pieceOf(m: Machine, pieces: PiecesValue, loop: LoopContext): Value {
  const [first] = pieces.components;
  const order = first?.reordered;
  const batch: BatchOrigin = {
    sampling: 'epochs',
    batchSize: pieces.batchSize,
    shuffle: order ? { value: true, place: order.range, chain: [], isDefault: false } : byDefault(false, loop.head),
    dropLast: false,
    range: pieces.range,
    loop,
    ...(order ? { order: order.step } : {}),
  };
  const rows = pieces.components.map((component) => batchRows(m, component, batch));
  return pieces.bare && rows[0] ? rows[0] : listValue(rows, 'tuple');
}

/**
 * Batches that are kept in a list: slices of the same tensors, one after the other from the first
 * row on. Null for other lists.
 */
export function keptBatches(m: Machine, list: ListValue, range: SourceRange): PiecesValue | null {
  const rows = list.items.map((item) => (item.kind === 'list' ? item.items : [item]));
  const [first] = rows;
  const bare = list.items[0]?.kind === 'array';
  if (!first || list.shuffled || list.items.length < 2) return null;
  const joined = joinedBatches(m, rows, list.range ?? range);
  if (joined) return piecesOf(joined.components, joined.size, bare, range);
  const cuts = rows.map((parts) => parts.map((part) => (part.kind === 'array' ? cutOf(m, part) : null)));
  const size = cuts[0]?.[0]?.end ?? 0;
  const whole = cuts.every(
    (parts, i) =>
      parts.length === first.length &&
      parts.every((cut, k) => cut !== null && cut.of === cuts[0]?.[k]?.of && isPart(cut, i, size, i === cuts.length - 1)),
  );
  if (!whole || size < 1) return null;
  const components = first.flatMap((part, k) => {
    const cut = cuts[0]?.[k];
    return part.kind === 'array' && cut
      ? [{ ...part, step: cut.of, shape: part.shape ? [null, ...part.shape.slice(1)] : null }]
      : [];
  });
  return piecesOf(components, { value: size, place: list.range ?? range, chain: [], isDefault: false }, bare, range);
}

/** Batches that were each made for themselves, all of as many rows: put one after the other. Null for others. */
function joinedBatches(
  m: Machine,
  rows: readonly (readonly Value[])[],
  place: SourceRange,
): { readonly components: readonly DataArray[]; readonly size: Sourced<number> } | null {
  const columns = rows[0]?.map((_, k) => rows.flatMap((parts) => (parts[k]?.kind === 'array' ? [parts[k]] : [])));
  const size = columns?.[0]?.[0]?.shape?.[0];
  if (!columns || typeof size !== 'number' || size < 1) return null;
  const alike = columns.every(
    (parts) =>
      parts.length === rows.length &&
      parts.every((part) => !part.row && part.shape?.[0] === size && m.program.steps[part.step]?.kind !== 'slice'),
  );
  if (!alike) return null;
  const components = columns.map((parts) => {
    const inner = parts[0]?.shape?.slice(1) ?? [];
    return dataStep(m, 'concatenate', { axis: 0 }, parts, place, { shape: [size * rows.length, ...inner] });
  });
  return { components, size: { value: size, place, chain: [], isDefault: false } };
}

/** Rows i·size to (i+1)·size; the last part may be smaller. */
const isPart = (cut: { readonly start: number; readonly end: number }, i: number, size: number, last: boolean): boolean =>
  cut.start === i * size && (cut.end === (i + 1) * size || (last && cut.end > cut.start && cut.end < (i + 1) * size));

/** The rows that a slice takes of another step's result. */
function cutOf(m: Machine, array: DataArray): { readonly of: number; readonly start: number; readonly end: number } | null {
  const step = m.program.steps[array.step];
  if (step?.kind !== 'slice' || step.arguments.axis !== 0 || step.arguments.step !== 1) return null;
  const { start, end } = step.arguments;
  const of = step.inputs[0];
  return typeof end === 'number' && of !== undefined && (start === null || typeof start === 'number')
    ? { of, start: start ?? 0, end }
    : null;
}

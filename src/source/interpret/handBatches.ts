import { bindSize, type Size } from '../../graph/size';
import type { SourceRange } from '../../records/source';
import type { Array as DataArray } from '../values/dataValues';
import { byDefault, sourced } from '../values/origin';
import type { BatchOrigin } from '../values/trace';
import { unreadable, type ProgressValue, type Value } from '../values/value';
import { batchRows } from '../vocabulary/rows/loaders';
import type { Machine } from './machine';

/** A permutation of all rows that the loop around draws anew. */
export const isNewOrder = (m: Machine, index: DataArray): boolean =>
  m.program.steps[index.step]?.kind === 'randomPermutation' && m.loops.some((loop) => index.step >= loop.firstStep);

/** `X[torch.randint(0, n, (64,))]` inside a loop: a fresh draw each step. */
export function drawnRows(m: Machine, array: DataArray, index: DataArray, range: SourceRange): Value {
  const step = m.program.steps[index.step];
  const loop = m.currentLoop;
  const first = step?.kind === 'slice' ? m.program.steps[step.inputs[0] ?? -1] : step;
  const isOne = step?.kind === 'randomInteger' && step.arguments.shape.length === 0;
  const many = step?.kind === 'randomInteger' ? step.arguments.shape[0] : step?.kind === 'slice' ? step.arguments.end : null;
  const size = isOne ? 1 : many;
  if (typeof size !== 'number' || !(first?.kind === 'randomInteger' || first?.kind === 'randomPermutation'))
    return unreadable('How these rows are drawn could not be read', range);
  if (first.kind === 'randomInteger' && !isOfAllRows(first.arguments, array))
    return unreadable('Batches of some rows alone, drawn by their numbers, are not read', range);
  if (loop) loop.batches = loop.drawn = true;
  const batch: BatchOrigin = {
    sampling: 'replacement',
    batchSize: { value: size, place: index.range, chain: [], isDefault: false },
    shuffle: { value: true, place: index.range, chain: [], isDefault: false },
    dropLast: false,
    range: index.range,
    loop,
    ...(isOne ? { withoutAxis: true as const } : {}),
  };
  return batchRows(m, array, batch);
}

/** Whether whole numbers are drawn over all rows, as far as their number is known. */
function isOfAllRows({ low, high }: { readonly low: number; readonly high: number }, array: DataArray): boolean {
  const rows = array.shape?.[0];
  return low === 0 && (typeof rows !== 'number' || Number.isNaN(high) || high === rows);
}

/** Batches made by hand: `X[i:i + size]`, `X[perm[i:i + size]]`. */
export function batchOf(m: Machine, index: Value, range: SourceRange, array: DataArray): BatchOrigin | null {
  if (index.kind === 'tensor' && index.node.source?.batch && index.node.kind === 'source') {
    const origin = m.program.steps[index.node.source.step];
    const shuffled = origin?.kind === 'randomPermutation' || origin?.kind === 'shuffledOrder';
    const ordered = origin?.kind === 'arange';
    if (!shuffled && !ordered) return null;
    const { batch } = index.node.source;
    const { step } = index.node.source;
    return { ...batch, shuffle: { value: shuffled, place: origin.range, chain: [], isDefault: false }, order: step };
  }
  if (index.kind !== 'slice') return null;
  const { start, stop } = index;
  // Batches begin with the first row; what begins further on leaves rows out, or is no batch at all.
  if (start.kind !== 'progress' || start.modulus !== null || start.offset !== 0) return null;
  const end: ProgressValue | null = stop.kind === 'progress' && stop.loop === start.loop ? stop : null;
  if (!end && start.scale === 1) return null;
  const size = end ? end.offset - start.offset : start.scale;
  if (size <= 0 || size !== start.scale || (end && end.scale !== start.scale)) return null;
  const scale = start.scaleValue ?? end?.scaleValue ?? null;
  start.loop.batches = true;
  m.tick();
  return {
    sampling: 'epochs',
    batchSize: scale ? sourced(size, scale.origin, range) : byDefault(size, range),
    shuffle: array.reordered
      ? { value: true, place: array.reordered.range, chain: [], isDefault: false }
      : byDefault(false, start.loop.head),
    ...(array.reordered ? { order: array.reordered.step } : {}),
    dropLast: start.loop.count === null ? false : leavesOut(start, array),
    range: start.loop.head,
    loop: start.loop,
  };
}

/** `for b in range(n // size)` leaves the last, smaller batch out. */
function leavesOut(start: ProgressValue, array: DataArray): boolean {
  const rows = array.shape?.[0];
  const count = start.loop.count;
  if (count?.kind === 'size') return leavesRows(count.size, rows ?? null, start.scale);
  return typeof rows === 'number' && count?.kind === 'number' && count.value * start.scale < rows;
}

/** Whether so many batches are fewer than the rows fill, whatever the number of rows that only the data know. */
function leavesRows(count: Size, rows: Size | null, batch: number): boolean {
  const symbols = [...symbolsIn(count), ...(rows === null ? [] : symbolsIn(rows))];
  // As many rows as go into 64 batches and some more: all numbers of rows left over occur.
  for (let some = 0; some < batch; some++) {
    const bound = Object.fromEntries(symbols.map((symbol) => [symbol, 64 * batch + some]));
    const [batches, all] = [bindSize(count, bound), rows === null ? 64 * batch + some : bindSize(rows, bound)];
    if (batches !== null && all !== null && batches * batch < all) return true;
  }
  return false;
}

const symbolsIn = (size: Size): readonly string[] =>
  typeof size === 'number' ? [] : 'symbol' in size ? [size.symbol] : [...symbolsIn(size.left), ...symbolsIn(size.right)];

import { sizeOf } from './call';
import type { Iteration } from './iteration';
import type { Machine } from './machine';
import { axisSize } from './tensors';
import { listValue, numberValue, unknown, type Value } from '../values/value';
import { lengthOfLoader } from '../vocabulary/rows/loaders';

/** The passes of a loop one by one: how many there are, null when that is not known, and what its variables hold in each. */
export interface Passes {
  readonly count: number | null;
  readonly at: (pass: number) => Value;
}

/** The passes of a loop over `iterable`, where rows are unknown and numbers of batches are known. */
export function replayedPasses(m: Machine, iterable: Value, iteration: Iteration): Passes {
  if (iteration.kind === 'items') return { count: iteration.items.length, at: (pass) => iteration.items[pass] ?? unknown };
  if (iterable.kind === 'iterator' && iterable.wrap === 'enumerate')
    return {
      count: batchesOf(m, iterable.of),
      at: (pass) => listValue([numberValue(pass + iterable.start, true), unknown], 'tuple'),
    };
  return { count: batchesOf(m, iterable), at: () => unknown };
}

function batchesOf(m: Machine, value: Value): number | null {
  if (value.kind === 'iterator' && value.wrap === 'plain') return batchesOf(m, value.of);
  if (value.kind === 'loader') return plain(sizeOf(lengthOfLoader(m, value)));
  if (value.kind === 'array') return plain(axisSize(m, value, 0));
  const rows = value.kind === 'pieces' ? value.components[0] : undefined;
  const count = rows ? plain(axisSize(m, rows, 0)) : null;
  return value.kind === 'pieces' && count !== null ? Math.ceil(count / value.batchSize.value) : null;
}

const plain = (size: ReturnType<typeof sizeOf>): number | null => (typeof size === 'number' ? size : null);

import type { CancelToken } from '../base/cancel';
import { never } from '../base/cancel';
import type { LossAt } from './finiteProbes';
import { plus } from './vector';

/** A cut of the loss along one line; columns of one length, ascending in position. */
export interface Slice {
  /** Multiples of the direction. */
  readonly positions: Float64Array;
  readonly losses: Float64Array;
}

/**
 * The loss at θ + t·direction for t in `range`, coarse first: yields the whole slice so far after each level, which halves the
 * spacing (3, 5, 9, … points, `levels` of them). No point is evaluated twice; cancellation ends it at the next point.
 */
export async function* slice(
  lossAt: LossAt,
  theta: Float32Array,
  direction: Float32Array,
  range: readonly [number, number],
  levels = 5,
  cancel: CancelToken = never,
): AsyncGenerator<Slice, void, void> {
  const known = new Map<number, number>();
  const trial = new Float32Array(theta.length);
  const finest = 2 ** levels;
  for (let level = 1; level <= levels; level++) {
    for (let i = 0; i <= finest; i += finest / 2 ** level) {
      if (known.has(i)) continue;
      if (cancel.cancelled) return;
      known.set(i, await lossAt(plus(theta, range[0] + ((range[1] - range[0]) * i) / finest, direction, trial)));
    }
    const order = [...known.keys()].sort((a, b) => a - b);
    yield {
      positions: Float64Array.from(order, (i) => range[0] + ((range[1] - range[0]) * i) / finest),
      losses: Float64Array.from(order, (i) => known.get(i) as number),
    };
  }
}

import { never, type CancelToken } from '../../base/cancel';
import { yieldToEvents } from '../../base/yield';
import { permuteUnits, type UnitLayout } from '../../curvature/symmetry';
import { bestAssignment } from './assignment';

/** Layers with more units are left in their order: the assignment takes the cube of their number. */
const mostUnits = 256;
/** Times that all layers are gone through at most. */
const mostRounds = 20;

/** Another net's parameters with its hidden units in the order that fits best. */
export interface Matched {
  readonly theta: Float32Array;
  /** Units that stand elsewhere than before, and all that could. */
  readonly moved: number;
  readonly units: number;
}

/**
 * `other` with the units of its hidden layers ordered so that their weights lie nearest to those of `theta`: layer by layer by the best
 * assignment, the others held, until nothing changes (weight matching: Ainsworth, Hayase and Srinivasa 2023). The loss of `other`
 * is that of the result. Null where no layer's units can be ordered, and when cancelled.
 */
export async function matchUnits(
  theta: Float32Array,
  other: Float32Array,
  layouts: readonly UnitLayout[],
  cancel: CancelToken = never,
): Promise<Matched | null> {
  const free = layouts.filter(({ incoming }) => incoming.length > 1 && incoming.length <= mostUnits);
  if (free.length === 0) return null;
  const places = free.map(({ incoming }) => Int32Array.from(incoming.keys()));
  let matched: Float32Array = other.slice();
  for (let round = 0; round < mostRounds; round++) {
    let changed = false;
    for (const [layer, layout] of free.entries()) {
      await yieldToEvents();
      if (cancel.cancelled) return null;
      const order = bestAssignment(similarities(theta, matched, layout), layout.incoming.length);
      if (order.every((from, unit) => from === unit)) continue;
      changed = true;
      matched = permuteUnits(matched, layout, order);
      const before = places[layer] as Int32Array;
      places[layer] = order.map((from) => before[from] as number);
    }
    if (!changed) break;
  }
  return {
    theta: matched,
    moved: places.reduce((sum, order) => sum + order.reduce((count, from, unit) => count + (from === unit ? 0 : 1), 0), 0),
    units: places.reduce((sum, order) => sum + order.length, 0),
  };
}

/** Inner products of the parameters of each unit of one net with each of the other's. */
function similarities(theta: Float32Array, other: Float32Array, { incoming, outgoing }: UnitLayout): Float64Array {
  const n = incoming.length;
  const gains = new Float64Array(n * n);
  for (const role of [incoming, outgoing]) {
    for (let i = 0; i < n; i++) {
      const own = role[i] as Int32Array;
      for (let j = 0; j < n; j++) {
        const its = role[j] as Int32Array;
        let sum = 0;
        for (let k = 0; k < own.length; k++) sum += (theta[own[k] as number] as number) * (other[its[k] as number] as number);
        gains[i * n + j] = (gains[i * n + j] as number) + sum;
      }
    }
  }
  return gains;
}

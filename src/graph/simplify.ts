import type { Graph } from './graph';
import type { Operation, Operations, Tensor } from './operations';

/** A tensor equal to `op(inputs)` that costs less, or null. */
export function simplify<K extends Operation>(
  graph: Graph,
  op: K,
  inputs: readonly Tensor[],
  attributes: Operations[K],
): Tensor | null {
  const x = inputs[0];
  if (op === 'broadcast' && x !== undefined && 'shape' in attributes && x.shape.join() === attributes.shape.join()) return x;
  return graph === undefined ? null : null;
}

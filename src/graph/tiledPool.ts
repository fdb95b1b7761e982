import type { Graph } from './graph';
import { sizeOf, type Tensor } from './operations';
import { inputAt } from './shapes';

/** Windows of more elements are left to places in the plane. */
const mostPositions = 9;

/** True if the windows of a pooling tile its planes: each element belongs to exactly one. */
function tiles(node: Tensor<'maxPool'>): boolean {
  const { kernel, strides, pads, dilations } = node.attributes;
  const [, , ...plane] = inputAt(node.inputs, 0).shape;
  const fits = kernel.every((size, axis) => size === strides[axis] && dilations[axis] === 1 && (plane[axis] ?? 0) % size === 0);
  return fits && pads.every((pad) => pad === 0) && sizeOf(kernel) <= mostPositions;
}

/**
 * The gradient of a pooling whose windows tile the planes, without looking up places: what reaches a window goes to the first of its
 * elements that is as large as its largest. Null for other poolings.
 */
export function tiledGradient(g: Graph, node: Tensor<'maxPool'>, reaching: Tensor): Tensor | null {
  if (!tiles(node)) return null;
  const x = inputAt(node.inputs, 0);
  const [down, along] = node.attributes.kernel;
  const windows = sizeOf(node.shape);
  const stacked = [down * along, windows];
  const spread = (tensor: Tensor): Tensor => g.broadcast(g.reshape(tensor, [1, windows]), stacked);
  const rows = sizeOf(x.shape) / (x.shape[3] ?? 1) / down;
  // [window rows, row in it, columns] to [position in the window, window], and back.
  const inRows = g.transpose(g.reshape(g.stopGradient(x), [rows, down, (windows / rows) * along]), [1, 0, 2]);
  const apart = g.reshape(g.transpose(g.reshape(inRows, [down, windows, along]), [0, 2, 1]), stacked);
  const largest = g.node('equal', [apart, spread(g.stopGradient(node))], {});
  const chosen = g.cast(firstOnly(g, largest), reaching.dtype);
  const shares = g.mul(spread(reaching), chosen);
  const joined = g.transpose(g.reshape(shares, [down, along, windows]), [0, 2, 1]);
  return g.reshape(g.transpose(g.reshape(joined, [down, rows, (windows / rows) * along]), [1, 0, 2]), x.shape);
}

/** Of a mask [positions, windows] the first true one in each window. */
function firstOnly(g: Graph, mask: Tensor): Tensor {
  const [positions = 1, windows = 1] = mask.shape;
  let free: Tensor | null = null;
  const rows: Tensor[] = [];
  for (let position = 0; position < positions; position++) {
    const row = g.slice(mask, [position, 0], [1, windows]);
    rows.push(free === null ? row : g.node('and', [row, free], {}));
    const others = g.node('not', [row], {});
    free = free === null ? others : g.node('and', [free, others], {});
  }
  return g.concat(rows, 0);
}

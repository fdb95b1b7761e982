import type { Graph } from '../../graph/graph';
import { sizeOf, type Tensor } from '../../graph/operations';

/** x Kᵀ + bias along the last axis of x, whatever stands before it; the kernel K is [out, in]. */
export function affine(graph: Graph, x: Tensor, kernel: Tensor, bias: Tensor | null): Tensor {
  const [out = 1, columns = 1] = kernel.shape;
  const flat = x.shape.length === 2 ? x : graph.reshape(x, [sizeOf(x.shape) / columns, columns]);
  const product = graph.matmul(flat, kernel, { transposeB: true });
  const shifted = bias === null ? product : graph.add(product, bias);
  return x.shape.length === 2 ? shifted : graph.reshape(shifted, [...x.shape.slice(0, -1), out]);
}

import type { Graph } from './graph';
import type { DType, Tensor } from './operations';
import { sizeOf } from './operations';

/** Tensors of `shapes`, cut from the vector `flat` one after the other. */
export function split(g: Graph, flat: Tensor, shapes: readonly (readonly number[])[]): readonly Tensor[] {
  let offset = 0;
  return shapes.map((shape) => {
    const length = sizeOf(shape);
    const part = g.slice(flat, [offset], [length]);
    offset += length;
    return g.reshape(part, shape);
  });
}

/** The elements of all tensors as one vector: the inverse of `split`. */
export function join(g: Graph, tensors: readonly Tensor[]): Tensor {
  return g.concat(
    tensors.map((tensor) => g.reshape(tensor, [sizeOf(tensor.shape)])),
    0,
  );
}

/** 1 at the given class of a new last axis, 0 elsewhere. Indices outside 0 … classes-1 give zeros. */
export function oneHot(g: Graph, indices: Tensor, classes: number, dtype: DType = 'float32'): Tensor {
  const expanded = g.reshape(indices, [...indices.shape, 1]);
  return g.cast(g.equal(expanded, g.range(classes)), dtype);
}

/** x where it lies in [low, high], else the nearer end. Its slope is 1 within and at the ends, 0 outside. */
export function clip(g: Graph, x: Tensor, low: number, high: number): Tensor {
  const floored = low === -Infinity ? x : g.where(g.greaterOrEqual(x, low), x, low);
  return high === Infinity ? floored : g.where(g.greaterOrEqual(high, floored), floored, high);
}

/** log Σ exp(x) along an axis, without overflow. The axis goes. */
export function logSumExp(g: Graph, x: Tensor, axis: number): Tensor {
  const largest = g.stopGradient(g.max(x, [axis], true));
  const total = g.sum(g.exp(g.sub(x, largest)), [axis], true);
  const shape = total.shape.filter((_, place) => place !== (axis < 0 ? axis + x.shape.length : axis));
  return g.reshape(g.add(g.log(total), largest), shape);
}

/** Σ x·y over all elements. */
export function dot(g: Graph, x: Tensor, y: Tensor): Tensor {
  return g.sum(g.mul(x, y));
}

/** Smallest element over axes. */
export function min(g: Graph, x: Tensor, axes?: readonly number[], keepDims = false): Tensor {
  return g.neg(g.max(g.neg(x), axes, keepDims));
}

/** The last two axes swapped. */
export function swapLast(g: Graph, x: Tensor): Tensor {
  const rank = x.shape.length;
  return g.transpose(
    x,
    x.shape.map((_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis)),
  );
}

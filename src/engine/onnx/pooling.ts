import type { Operation, PoolGeometry, Tensor } from '../../graph/operations';
import { isOp } from '../../graph/operations';
import { inputAt } from '../../graph/shapes';
import type { Emission } from './emission';
import type { Attribute } from './messages';
import { elementType } from './messages';

/** A pooling of which both the values and the places are needed: one ONNX operator yields them. */
export interface Pooling {
  readonly values: Tensor<'maxPool'>;
  readonly indices: Tensor<'maxPoolIndices'>;
}

/** The poolings of which both are needed, by each of the two. */
export function findPoolings(ordered: readonly Tensor[], given: ReadonlySet<Tensor>): ReadonlyMap<Tensor, Pooling> {
  const found = new Map<Tensor, Pooling>();
  const places = ordered.filter((node) => isOp(node, 'maxPoolIndices')).filter((node) => !given.has(node));
  for (const values of ordered) {
    if (!isOp(values, 'maxPool') || given.has(values)) continue;
    const indices = places.find((node) => sameWindow(values, node));
    if (indices === undefined) continue;
    found.set(values, { values, indices });
    found.set(indices, { values, indices });
  }
  return found;
}

function sameWindow(a: Tensor<'maxPool'>, b: Tensor<'maxPoolIndices'>): boolean {
  return a.inputs[0] === b.inputs[0] && JSON.stringify(a.attributes) === JSON.stringify(b.attributes);
}

/** Emits both results. */
export function emitPooling(e: Emission, { values, indices }: Pooling): void {
  const [value, place] = poolWithIndices(e, values);
  e.give(values, value);
  e.give(indices, inPlane(e, indices, place));
}

/** The values alone, which is faster. */
export function maxPool(e: Emission, node: Tensor<'maxPool'>): string {
  return e.op('MaxPool', [e.name(inputAt(node.inputs, 0))], attributes(node));
}

export function maxPoolIndices(e: Emission, node: Tensor<'maxPoolIndices'>): string {
  return inPlane(e, node, poolWithIndices(e, node)[1]);
}

function poolWithIndices<K extends Operation>(
  e: Emission,
  node: Tensor<K> & { readonly attributes: PoolGeometry },
): readonly [string, string] {
  const [value, place] = e.ops('MaxPool', [e.name(inputAt(node.inputs, 0))], 2, attributes(node));
  return [value ?? '', place ?? ''];
}

/** ONNX counts places through the whole tensor; the graph counts through each plane. */
function inPlane(e: Emission, node: Tensor<'maxPoolIndices'>, place: string): string {
  const [, , rows, columns] = inputAt(node.inputs, 0).shape;
  const size = e.ints([(rows ?? 1) * (columns ?? 1)]);
  return e.op('Cast', [e.op('Mod', [place, size])], { to: { int: elementType('int32') } });
}

/**
 * ONNX's own rounding up differs between its versions: windows that reach beyond the padding are given more of it instead,
 * which never counts.
 */
function attributes(node: Tensor & { readonly attributes: PoolGeometry }): Readonly<Record<string, Attribute>> {
  const { kernel, strides, pads, dilations } = node.attributes;
  const size = inputAt(node.inputs, 0).shape.slice(2);
  const ends = kernel.map((length, axis) => {
    const last = ((node.shape[axis + 2] ?? 1) - 1) * (strides[axis] ?? 1) + (dilations[axis] ?? 1) * (length - 1) + 1;
    return Math.max(pads[axis + 2] ?? 0, last - (size[axis] ?? 0) - (pads[axis] ?? 0));
  });
  return {
    kernel_shape: { ints: kernel },
    strides: { ints: strides },
    pads: { ints: [...pads.slice(0, 2), ...ends] },
    dilations: { ints: dilations },
  };
}

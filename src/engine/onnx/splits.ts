import type { Tensor } from '../../graph/operations';
import { isOp } from '../../graph/operations';
import { inputAt } from '../../graph/shapes';
import type { Emission } from './emission';

/** Consecutive slices of a tensor along one axis that cover all of it, in order: one Split. */
export interface Split {
  readonly axis: number;
  readonly slices: readonly Tensor<'slice'>[];
}

/** The split each slice belongs to. */
export function findSplits(ordered: readonly Tensor[], given: ReadonlySet<Tensor>): ReadonlyMap<Tensor, Split> {
  const bySource = new Map<string, { readonly axis: number; readonly slices: Tensor<'slice'>[] }>();
  for (const node of ordered) {
    if (!isOp(node, 'slice') || given.has(node)) continue;
    const axis = slicedAxis(node);
    if (axis === null) continue;
    const key = `${inputAt(node.inputs, 0).id} ${axis}`;
    const group = bySource.get(key) ?? { axis, slices: [] };
    group.slices.push(node);
    bySource.set(key, group);
  }
  const found = new Map<Tensor, Split>();
  for (const { axis, slices } of bySource.values()) {
    slices.sort((a, b) => startOf(a, axis) - startOf(b, axis));
    if (slices.length > 1 && covers(slices, axis)) for (const slice of slices) found.set(slice, { axis, slices });
  }
  return found;
}

/** The only axis along which something is left out; null when there are several. */
function slicedAxis(slice: Tensor<'slice'>): number | null {
  const { shape } = inputAt(slice.inputs, 0);
  const axes = shape.flatMap((size, axis) => (size === slice.shape[axis] ? [] : [axis]));
  return axes.length === 1 ? (axes[0] ?? null) : null;
}

const startOf = (slice: Tensor<'slice'>, axis: number): number => slice.attributes.starts[axis] ?? 0;
const lengthOf = (slice: Tensor, axis: number): number => slice.shape[axis] ?? 0;

function covers(slices: readonly Tensor<'slice'>[], axis: number): boolean {
  let end = 0;
  for (const slice of slices) {
    if (startOf(slice, axis) !== end) return false;
    end += lengthOf(slice, axis);
  }
  return end === inputAt(slices[0]?.inputs ?? [], 0).shape[axis];
}

/** All that is known where `given` is: a stack's parts too. */
export function withParts(given: readonly Tensor[]): ReadonlySet<Tensor> {
  return new Set(given.flatMap((tensor) => (isOp(tensor, 'concat') ? [tensor, ...tensor.inputs] : [tensor])));
}

/** Cuts a given stack into its parts and names them all. */
export function emitParts(e: Emission, stack: Tensor<'concat'>): void {
  const { axis } = stack.attributes;
  const sizes = stack.inputs.map((part) => part.shape[axis] ?? 1);
  const names = e.ops('Split', [e.name(stack), e.ints(sizes)], sizes.length, { axis: { int: axis } });
  stack.inputs.forEach((part, place) => e.giveIfNew(part, names[place] ?? ''));
}

/** Emits the split and names all its slices. */
export function emitSplit(e: Emission, { axis, slices }: Split): void {
  const source = slices[0]?.inputs[0];
  if (source === undefined) return;
  const sizes = slices.map((slice) => lengthOf(slice, axis));
  const names = e.ops('Split', [e.name(source), e.ints(sizes)], slices.length, { axis: { int: axis } });
  slices.forEach((slice, place) => e.give(slice, names[place] ?? ''));
}

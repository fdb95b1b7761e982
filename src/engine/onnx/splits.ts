import type { Tensor } from '../../graph/operations';
import { isOp } from '../../graph/operations';
import { inputAt } from '../../graph/shapes';
import type { Emission } from './emission';

/** Consecutive slices of a vector that cover all of it, in order: one Split. */
export type Split = readonly Tensor<'slice'>[];

/** The split each slice of a vector belongs to. */
export function findSplits(ordered: readonly Tensor[], given: ReadonlySet<Tensor>): ReadonlyMap<Tensor, Split> {
  const bySource = new Map<Tensor, Tensor<'slice'>[]>();
  for (const node of ordered) {
    if (!isOp(node, 'slice') || node.shape.length !== 1 || given.has(node)) continue;
    const source = inputAt(node.inputs, 0);
    bySource.set(source, [...(bySource.get(source) ?? []), node]);
  }
  const found = new Map<Tensor, Split>();
  for (const [source, slices] of bySource) {
    const split = slices.sort((a, b) => startOf(a) - startOf(b));
    if (covers(split, source)) for (const slice of split) found.set(slice, split);
  }
  return found;
}

const startOf = (slice: Tensor<'slice'>): number => slice.attributes.starts[0] ?? 0;
const lengthOf = (slice: Tensor): number => slice.shape[0] ?? 0;

function covers(split: Split, source: Tensor): boolean {
  let end = 0;
  for (const slice of split) {
    if (startOf(slice) !== end) return false;
    end += lengthOf(slice);
  }
  return end === lengthOf(source);
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
export function emitSplit(e: Emission, split: Split): void {
  const source = split[0]?.inputs[0];
  if (source === undefined) return;
  const names = e.ops('Split', [e.name(source), e.ints(split.map(lengthOf))], split.length, { axis: { int: 0 } });
  split.forEach((slice, place) => e.give(slice, names[place] ?? ''));
}

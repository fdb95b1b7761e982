import type { Size } from '../../../graph/size';
import { sizeOf, type Call } from '../../interpret/call';
import { axisSize } from '../../interpret/tensors';
import { isShapeKnown } from '../../interpret/shapes';
import { unknown, unreadable, type Value } from '../../values/value';

/** The tensor of the graph whose shape, which is not known here, a call takes for its result. */
export function patternOfShape(call: Call): (Value & { readonly kind: 'tensor' }) | null {
  const given = (call.keywords.get('size') ?? call.keywords.get('shape') ?? call.positional[0])?.value;
  return given?.kind === 'shape' && !isShapeKnown(given) && given.of.kind === 'tensor' ? given.of : null;
}

/** The sizes of `torch.zeros(2, 3)` or `torch.zeros((2, 3))`. */
export function shapeOf(call: Call, from: number): Size[] | null {
  const given = call.keywords.get('size') ?? call.keywords.get('shape');
  const values = given ? [given.value] : call.positional.slice(from).map((p) => p.value);
  const flat = values[0]?.kind === 'list' ? values[0].items : values[0]?.kind === 'shape' ? null : values;
  if (flat === null) {
    const first = values[0];
    if (first?.kind !== 'shape') return null;
    if (isShapeKnown(first)) return [...(first.sizes as Size[])];
    // Sizes that only the data know are symbols; a part of a shape does not say which axes it has.
    const { of, sizes } = first;
    if (of.kind !== 'array' || of.row || of.shape?.length !== sizes.length) return null;
    return sizes.map((size, axis) => size ?? axisSize(call.machine, of, axis));
  }
  const sizes = flat.map(sizeOf);
  return sizes.every((s) => s !== null) ? sizes : null;
}

/** Number of the loop around a call; null outside of loops. */
export const loopOf = (call: Call): number | null => call.machine.currentLoop?.id ?? null;

/** In place of a tensor whose sizes are not known. */
export const noShape = (call: Call): Value => unreadable('The shape could not be read', call.range);

/** The tensor of which only the shape matters. */
export const patternOf = (call: Call): Value => call.positional[0]?.value ?? call.keywords.get('input')?.value ?? unknown;

/** All sizes of a tensor; null when one is not known. */
export const fullShape = (value: Value): readonly Size[] | null => {
  const shape = value.kind === 'array' ? value.shape : value.kind === 'tensor' ? value.node.shape : null;
  return shape?.every((s) => s !== null) ? (shape as Size[]) : null;
};

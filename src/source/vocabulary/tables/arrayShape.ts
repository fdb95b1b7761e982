import type { Size } from '../../../graph/size';
import { sizeOf } from '../../interpret/call';
import { isShapeKnown } from '../../interpret/shapes';
import type { Value } from '../../values/value';

/** The sizes of an array that a call is given: none for a single number; null when they are not known. */
export function shapeArgument(value: Value | null): Size[] | null {
  if (!value || value.kind === 'none') return [];
  if (value.kind === 'list') {
    const sizes = value.items.map(sizeOf);
    return sizes.every((s) => s !== null) ? sizes : null;
  }
  if (value.kind === 'shape') return isShapeKnown(value) ? [...(value.sizes as Size[])] : null;
  const size = sizeOf(value);
  return size === null ? null : [size];
}

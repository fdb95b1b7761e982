import type { Size } from '../../graph/size';
import type { SourceRange } from '../../records/source';
import type { Value } from '../values/value';
import { sizeOf } from './call';
import { knownNumber } from './knownNumbers';
import type { Machine } from './machine';
import { isShapeKnown } from './shapes';

/** Whether `x.shape == y.shape`: null where that is not known, undefined where one of them is no shape. */
export function sameShape(m: Machine, a: Value, b: Value, range: SourceRange): boolean | null | undefined {
  if (a.kind !== 'shape' && b.kind !== 'shape') return undefined;
  const [left, right] = [sizesOf(a), sizesOf(b)];
  if (left === undefined || right === undefined) return undefined;
  if (!left || !right) return takenAsSame(m, a, b, range);
  if (left.length !== right.length) return false;
  const all = left.map((size, i) => sameSize(m, size, right[i] ?? null, range));
  if (all.includes(false)) return false;
  return all.includes(null) ? takenAsSame(m, a, b, range) : true;
}

/** Sizes of pictures are known once they are loaded: were two of a model different, what follows would not fit. */
function takenAsSame(m: Machine, a: Value, b: Value, range: SourceRange): true | null {
  if (a.kind !== 'shape' || b.kind !== 'shape' || a.of.kind !== 'tensor' || b.of.kind !== 'tensor') return null;
  m.assume('These two are taken to have the same shape', range);
  return true;
}

/** Sizes along the axes; null where not even their number is known, undefined for what is no shape. */
function sizesOf(value: Value): readonly (Size | null)[] | null | undefined {
  if (value.kind === 'shape') return isShapeKnown(value) ? value.sizes : null;
  return value.kind === 'list' && !value.open ? value.items.map(sizeOf) : undefined;
}

function sameSize(m: Machine, a: Size | null, b: Size | null, range: SourceRange): boolean | null {
  if (a === null || b === null) return null;
  if (JSON.stringify(a) === JSON.stringify(b)) return true;
  const [x, y] = [a, b].map((size) => (typeof size === 'number' ? size : knownNumber(m, { kind: 'size', size }, range)));
  return x === null || y === null ? null : x === y;
}

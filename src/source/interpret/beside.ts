import type { SourceRange } from '../../records/source';
import type { Value } from '../values/value';
import { unreadable } from '../values/value';
import type { Machine } from './machine';
import { dataStep } from './tensors';

/** `np.c_[a, b]`: columns, or arrays of columns, side by side. */
export function besideEachOther(m: Machine, index: Value, range: SourceRange): Value {
  const items = index.kind === 'list' && index.form === 'tuple' ? index.items : [index];
  const arrays = items.flatMap((item) => (item.kind === 'array' ? [item] : []));
  if (arrays.length !== items.length || arrays.length === 0 || arrays.some((x) => !x.shape))
    return unreadable('What is put side by side here could not be read', range);
  const tall = arrays.map((x) => {
    const isColumn = x.shape?.length === 1;
    return isColumn
      ? dataStep(m, 'unsqueeze', { axis: 1 }, [x], range, { shape: [x.shape?.[0] ?? null, 1], flavour: 'numpy' })
      : x;
  });
  const widths = tall.map((x) => x.shape?.[1] ?? null);
  const width = widths.every((w) => typeof w === 'number') ? widths.reduce<number>((sum, w) => sum + Number(w), 0) : null;
  return dataStep(m, 'concatenate', { axis: 1 }, tall, range, { shape: [tall[0]?.shape?.[0] ?? null, width], flavour: 'numpy' });
}

import { combineSizes } from '../../graph/size';
import type { SourceRange } from '../../records/source';
import type { Array as DataArray } from '../values/dataValues';
import type { Value } from '../values/value';
import { sizeOf } from './call';
import type { Machine } from './machine';
import { areNumbered } from './rowLabels';
import { slicedSize } from './slices';
import { dataStep } from './tensors';

/** `df.loc[2:5]` of rows whose labels are their numbers: the last belongs to them; null for other labels. */
export function numberedRows(
  m: Machine,
  rows: DataArray,
  { start, stop, step }: Value & { readonly kind: 'slice' },
  range: SourceRange,
): Value | null {
  const [from, last] = [start, stop].map((value) => (value.kind === 'none' ? null : (sizeOf(value) ?? undefined)));
  if (rows.index || !areNumbered(rows) || step.kind !== 'none' || from === undefined || last === undefined) return null;
  if ([from, last].some((at) => typeof at === 'number' && at < 0)) return null;
  const behind = last === null ? null : combineSizes('+', last, 1);
  const args = { axis: 0, start: from, end: behind, step: 1 };
  const shape = rows.shape && [slicedSize(rows.shape[0] ?? null, from, behind, 1), ...rows.shape.slice(1)];
  return dataStep(m, 'slice', args, [rows], range, { shape, columns: rows.columns });
}

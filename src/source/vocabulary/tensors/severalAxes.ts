import type { DataSteps } from '../../../records/dataSteps';
import type { Call } from '../../interpret/call';
import { fromFront } from '../../interpret/shapes';
import { dataStep } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';

type Statistic = DataSteps['reduce']['function'];
/** A reduction of data over one axis. */
export type AlongOne = (array: DataArray, name: Statistic, axis: number, keep: boolean) => DataArray | null;

/** Reductions that are the same one axis after the other: all lines along an axis are equally long. */
const nested: ReadonlySet<Statistic> = new Set<Statistic>(['mean', 'sum', 'min', 'max', 'product']);

/**
 * The axes in an order in which leaving one out keeps the numbers of those that are still to come; null where that takes the
 * number of axes, which is not known.
 */
function inOrder(axes: readonly number[], rank: number | undefined): number[] | null {
  const one = axes.every((axis) => axis >= 0) || axes.every((axis) => axis < 0);
  if (!one && rank === undefined) return null;
  const known = one ? axes : axes.map((axis) => fromFront(axis, rank ?? 0));
  const different = [...new Set(known)];
  // From the back for places that are counted from the front, from the front for the others.
  return different.sort((a, b) => ((known[0] ?? 0) < 0 ? a - b : b - a));
}

/** A reduction of data over several axes at once; null where it is not that over one after the other. */
export function overAxes(
  array: DataArray,
  name: Statistic,
  axes: readonly number[],
  options: { readonly keep: boolean; readonly correction: number },
  along: AlongOne,
  { machine, range }: Call,
): DataArray | null {
  const order = inOrder(axes, array.shape?.length);
  if (order === null || order.length === 0) return null;
  const each = (start: DataArray, statistic: Statistic, keep: boolean): DataArray | null =>
    order.reduce<DataArray | null>((at, axis) => at && along(at, statistic, axis, keep), start);
  if (nested.has(name)) return each(array, name, options.keep);
  // The mean of the squares around the mean; another divisor takes the number of entries.
  if ((name !== 'std' && name !== 'var') || options.correction !== 0) return null;
  const centre = each(array, 'mean', true);
  if (!centre) return null;
  const around = dataStep(machine, 'subtract', {}, [array, centre], range, { integer: false });
  const squares = dataStep(machine, 'multiply', {}, [around, around], range, { integer: false });
  const variance = each(squares, 'mean', options.keep);
  return variance && name === 'std' ? dataStep(machine, 'unary', { function: 'sqrt' }, [variance], range) : variance;
}

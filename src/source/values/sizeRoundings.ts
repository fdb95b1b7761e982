import { combineSizes, type Size } from '../../graph/size';
import type { Value } from './value';

const floor = (size: Size): Size => combineSizes('//', size, 1);
const negative = (size: Size): Size => combineSizes('*', size, -1);
const half = (size: Size): Size => combineSizes('round', size, 1);

/** Python's and NumPy's ways to make a whole number of a share of a size. */
const roundings: Readonly<Record<string, (size: Size) => Size>> = {
  floor,
  ceil: (size) => negative(floor(negative(size))),
  // Sizes are not below zero.
  trunc: floor,
  round: half,
  around: half,
  rint: half,
};

/** `np.round(0.2 * len(data))` and its like of a size that only the data tell; null for other functions. */
export function roundedSize(name: string, { size }: Value & { readonly kind: 'size' }): Value | null {
  const rounding = Object.hasOwn(roundings, name) ? roundings[name] : undefined;
  return rounding ? { kind: 'size', size: rounding(size) } : null;
}

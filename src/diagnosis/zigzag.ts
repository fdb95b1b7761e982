import type { Evidence } from './rule';
import { median, read, tail } from './series';

/** Cosine of successive gradients under which they mostly point back. As in the field's edge-of-stability plots. */
const turning = -0.5;

/** Median cosine of successive gradients over the last half of the run when it shows a zigzag; null when it does not. */
export function zigzag(e: Evidence): number | null {
  const cosines = tail(read(e.measurements, 'gradientCosine'), 0.5);
  if (cosines.values.length < 8) return null;
  const middle = median(cosines.values);
  return middle < turning ? middle : null;
}

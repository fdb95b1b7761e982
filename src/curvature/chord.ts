import type { CancelToken } from '../base/cancel';
import { never } from '../base/cancel';
import type { LossAt } from './finiteProbes';

/** The loss on the straight line between two points, against the chord of its end values. */
export interface Chord {
  /** 0 at the first point, 1 at the second. */
  readonly positions: Float64Array;
  readonly losses: Float64Array;
  /** The most by which the loss lies above the chord, 0 when it nowhere does. */
  readonly above: number;
  /** Where that is. */
  readonly at: number;
  /** True when it lies above by more than rounding: the loss is then not convex. The opposite proves nothing. */
  readonly disprovesConvexity: boolean;
  /** The most by which the loss lies above its higher end: the barrier between two minima. */
  readonly barrier: number;
}

/** Evaluates `points` inner points, even in position. Convexity is disproved by a chord, and by one only; rounding is taken as `noise` of the larger loss. */
export async function chord(
  lossAt: LossAt,
  from: Float32Array,
  to: Float32Array,
  points = 15,
  noise = 1e-5,
  cancel: CancelToken = never,
): Promise<Chord> {
  const positions: number[] = [];
  const losses: number[] = [];
  const between = new Float32Array(from.length);
  for (let i = 0; i <= points + 1 && !cancel.cancelled; i++) {
    const t = i / (points + 1);
    for (let j = 0; j < between.length; j++) between[j] = (1 - t) * (from[j] as number) + t * (to[j] as number);
    positions.push(t);
    losses.push(await lossAt(between));
  }
  const complete = losses.length === points + 2;
  const first = losses[0] ?? NaN;
  const last = losses[losses.length - 1] ?? NaN;
  let above = 0;
  let at = 0;
  for (const [i, t] of positions.entries()) {
    const excess = (losses[i] as number) - ((1 - t) * first + t * last);
    if (complete && excess > above) [above, at] = [excess, t];
  }
  const barrier = complete ? Math.max(0, Math.max(...losses) - Math.max(first, last)) : NaN;
  const disprovesConvexity = above > noise * Math.max(Math.abs(first), Math.abs(last), above);
  return { positions: Float64Array.from(positions), losses: Float64Array.from(losses), above, at, disprovesConvexity, barrier };
}

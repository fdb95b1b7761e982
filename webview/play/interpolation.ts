import type { InspectedSurface } from '../../src/records/inspection/surface';

/** The loss between the places of a grid, with its slope. */
export interface Interpolated {
  readonly loss: number;
  readonly slope: readonly [x: number, y: number];
}

/** Catmull and Rom's weights of four neighbours at t between the middle two, and their derivatives: exact for parabolas. */
const weights = (t: number): readonly number[] => [
  ((2 - t) * t - 1) * t * 0.5,
  (t * t * (3 * t - 5) + 2) * 0.5,
  ((4 - 3 * t) * t + 1) * t * 0.5,
  (t - 1) * t * t * 0.5,
];
const derivatives = (t: number): readonly number[] => [
  (-3 * t * t + 4 * t - 1) * 0.5,
  (9 * t * t - 10 * t) * 0.5,
  (-9 * t * t + 8 * t + 1) * 0.5,
  (3 * t * t - 2 * t) * 0.5,
];

/**
 * The loss of a grid at a place, bicubic, with its derivatives; null outside of the grid or where a value close by is not finite.
 * Beyond the rim values go on as a parabola. A grid of one row is a curve.
 */
export function interpolate(
  { xs, ys, losses }: Pick<InspectedSurface, 'xs' | 'ys' | 'losses'>,
  x: number,
  y: number,
): Interpolated | null {
  const [across, up] = [placeOn(xs, x), ys.length > 1 ? placeOn(ys, y) : { at: 0, t: 0, spacing: Infinity }];
  if (!across || !up) return null;
  const value = (column: number, row: number): number =>
    beyond((r) => beyond((c) => losses[r * xs.length + c] ?? NaN, xs.length, column), ys.length, row);
  const [wx, dx, wy, dy] = [weights(across.t), derivatives(across.t), weights(up.t), derivatives(up.t)];
  let [loss, slopeX, slopeY] = [0, 0, 0];
  const rows = ys.length > 1 ? [0, 1, 2, 3] : [1];
  for (const j of rows) {
    let [row, rowSlope] = [0, 0];
    for (let i = 0; i < 4; i++) {
      const v = value(across.at + i - 1, up.at + j - 1);
      row += (wx[i] as number) * v;
      rowSlope += (dx[i] as number) * v;
    }
    if (rows.length === 1) [loss, slopeX] = [row, rowSlope];
    else {
      loss += (wy[j] as number) * row;
      slopeX += (wy[j] as number) * rowSlope;
      slopeY += (dy[j] as number) * row;
    }
  }
  const slope: [number, number] = [slopeX / across.spacing, rows.length === 1 ? 0 : slopeY / up.spacing];
  return Number.isFinite(loss) && slope.every(Number.isFinite) ? { loss, slope } : null;
}

function placeOn(
  axis: Float64Array,
  value: number,
): { readonly at: number; readonly t: number; readonly spacing: number } | null {
  const [low, high] = [axis[0] as number, axis[axis.length - 1] as number];
  const spacing = (high - low) / (axis.length - 1);
  const place = (value - low) / spacing;
  if (!(place >= 0 && place <= axis.length - 1)) return null;
  const at = Math.min(axis.length - 2, Math.floor(place));
  return { at, t: place - at, spacing };
}

/** One place beyond either end, as the parabola through the last three has it. */
function beyond(value: (i: number) => number, count: number, i: number): number {
  if (i >= 0 && i < count) return value(i);
  if (count < 3) return value(Math.min(count - 1, Math.max(0, i)));
  const [first, inwards] = i < 0 ? [0, 1] : [count - 1, -1];
  return 3 * value(first) - 3 * value(first + inwards) + value(first + 2 * inwards);
}

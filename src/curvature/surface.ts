import type { CancelToken } from '../base/cancel';
import { never } from '../base/cancel';
import type { LossAt } from './finiteProbes';
import { axpy, plus } from './vector';

/** Two directions through a point and how far to go along each, in their multiples. */
export interface Plane {
  readonly centre: Float32Array;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly xRange: readonly [number, number];
  readonly yRange: readonly [number, number];
}

/** The loss over a plane on an even grid. What it shows is two directions of very many: barriers elsewhere are not seen. */
export interface Surface {
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  /** losses[row·xs.length + column] at (xs[column], ys[row]). */
  readonly losses: Float64Array;
}

/**
 * The loss over a plane, coarse first: yields a whole grid after each level (5×5, 9×9, 17×17, … points, `levels` of them), so that a
 * picture stands early and sharpens. No point is evaluated twice; cancellation ends it at the next point.
 */
export async function* surface(
  lossAt: LossAt,
  { centre, x, y, xRange, yRange }: Plane,
  levels = 4,
  cancel: CancelToken = never,
): AsyncGenerator<Surface, void, void> {
  const finest = 4 * 2 ** (levels - 1);
  const known = new Map<number, number>();
  const rowStart = new Float32Array(centre.length);
  const trial = new Float32Array(centre.length);
  const place = (range: readonly [number, number], i: number): number => range[0] + ((range[1] - range[0]) * i) / finest;
  for (let level = 0; level < levels; level++) {
    const stride = finest / (4 * 2 ** level);
    const count = finest / stride + 1;
    const grid = new Float64Array(count * count);
    for (let row = 0; row < count; row++) {
      plus(centre, place(yRange, row * stride), y, rowStart);
      for (let column = 0; column < count; column++) {
        const key = row * stride * (finest + 1) + column * stride;
        let loss = known.get(key);
        if (loss === undefined) {
          if (cancel.cancelled) return;
          trial.set(rowStart);
          axpy(place(xRange, column * stride), x, trial);
          loss = await lossAt(trial);
          known.set(key, loss);
        }
        grid[row * count + column] = loss;
      }
    }
    const axis = (range: readonly [number, number]): Float64Array =>
      Float64Array.from({ length: count }, (_, i) => place(range, i * stride));
    yield { xs: axis(xRange), ys: axis(yRange), losses: grid };
  }
}

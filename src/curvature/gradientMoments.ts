import { studentPoint } from './estimate';
import { axpy, dot } from './vector';

/** What is kept of n independent gradients (one for each row, or for each batch of one size) to judge their noise. */
export interface GradientMoments {
  /** Rows behind each gradient. */
  readonly rowsEach: number;
  /** ‖gᵢ‖². */
  readonly squaredNorms: Float64Array;
  /** gᵢᵀS with S = Σ gᵢ. */
  readonly projections: Float64Array;
  /** ‖S‖². */
  readonly squaredSum: number;
}

/** The moments of stored gradients. */
export function gradientMoments(gradients: readonly Float32Array[], rowsEach = 1): GradientMoments {
  const sum = new Float32Array(gradients[0]?.length ?? 0);
  for (const gradient of gradients) axpy(1, gradient, sum);
  return {
    rowsEach,
    squaredNorms: Float64Array.from(gradients, (gradient) => dot(gradient, gradient)),
    projections: Float64Array.from(gradients, (gradient) => dot(gradient, sum)),
    squaredSum: dot(sum, sum),
  };
}

/** Unbiased parts of what gradients say: the noise of one row, and the squared length of the true mean. */
export interface NoiseParts {
  /** tr Σ of one row's gradient, divisor n-1. */
  readonly trace: number;
  /** ‖E g‖² without the noise's share; may be negative when the noise hides it. */
  readonly squaredMean: number;
}

/** Unbiased parts from n, Σ‖gᵢ‖² and ‖Σgᵢ‖². */
function parts(n: number, rowsEach: number, sumOfSquares: number, squaredSum: number): NoiseParts {
  return {
    trace: (rowsEach * (sumOfSquares - squaredSum / n)) / (n - 1),
    squaredMean: (squaredSum - sumOfSquares) / (n * (n - 1)),
  };
}

/**
 * A function of the two parts with its jackknife error: each gradient is left out in turn, in closed form from the moments.
 * Needs at least 4 gradients; NaN with infinite error below.
 */
export function noiseStatistic(
  { rowsEach, squaredNorms, projections, squaredSum }: GradientMoments,
  of: (parts: NoiseParts) => number,
): { readonly value: number; readonly error: number } {
  const n = squaredNorms.length;
  if (n < 4) return { value: NaN, error: Infinity };
  const sumOfSquares = squaredNorms.reduce((sum, x) => sum + x, 0);
  const value = of(parts(n, rowsEach, sumOfSquares, squaredSum));
  const without = squaredNorms.map((squared, i) => {
    const left = squaredSum - 2 * (projections[i] as number) + squared;
    return of(parts(n - 1, rowsEach, sumOfSquares - squared, left));
  });
  const mean = without.reduce((sum, x) => sum + x / n, 0);
  const squares = without.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return { value, error: studentPoint(n - 1) * Math.sqrt(((n - 1) / n) * squares) };
}

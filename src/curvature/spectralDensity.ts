import { spectralSum, type SpectralEstimate, type SpectralQuadrature } from './quadrature';

/** A spectral density on a grid of eigenvalues; all columns of one length. */
export interface SpectralDensity {
  readonly eigenvalues: Float64Array;
  /** Share of all eigenvalues per unit of eigenvalue, smoothed. */
  readonly density: Float64Array;
  /** Half widths of 95 % intervals of the smoothed density. */
  readonly error: Float64Array;
  /** Standard deviation of the Gaussian that smooths. */
  readonly width: number;
}

const unitProbes = (quadrature: SpectralQuadrature): SpectralQuadrature => ({
  ...quadrature,
  probes: quadrature.probes.map((probe) => ({ ...probe, squaredNorm: 1 })),
});

/** The outermost nodes over all probes. */
export function spectralRange(quadrature: SpectralQuadrature): readonly [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const { nodes } of quadrature.probes) {
    low = Math.min(low, nodes[0] ?? Infinity);
    high = Math.max(high, nodes[nodes.length - 1] ?? -Infinity);
  }
  return [low, high];
}

/** The density smoothed by a Gaussian of the given width (default 1/50 of the range), on `points` places over the range and 3 widths beyond. */
export function spectralDensity(quadrature: SpectralQuadrature, points = 200, width?: number): SpectralDensity {
  const [low, high] = spectralRange(quadrature);
  const range = high - low;
  const sigma = width ?? (range > 0 ? range / 50 : Math.max(1e-12, Math.abs(high) / 50));
  const from = low - 3 * sigma;
  const step = (range + 6 * sigma) / (points - 1);
  const eigenvalues = Float64Array.from({ length: points }, (_, i) => from + i * step);
  const shares = unitProbes(quadrature);
  const each = Array.from(eigenvalues, (at) => spectralSum(shares, (x) => gaussian((x - at) / sigma) / sigma));
  return {
    eigenvalues,
    density: Float64Array.from(each, ({ value }) => value),
    error: Float64Array.from(each, ({ error }) => error),
    width: sigma,
  };
}

const gaussian = (t: number): number => Math.exp(-0.5 * t * t) / Math.sqrt(2 * Math.PI);

/** Shares of the eigenvalues between successive `edges`, for a histogram on any scale. One entry fewer than edges. */
export function spectralHistogram(quadrature: SpectralQuadrature, edges: ArrayLike<number>): readonly SpectralEstimate[] {
  const shares = unitProbes(quadrature);
  return Array.from({ length: Math.max(0, edges.length - 1) }, (_, i) =>
    spectralSum(shares, (x) => (x >= (edges[i] as number) && x < (edges[i + 1] as number) ? 1 : 0)),
  );
}

/**
 * Edges of bins that are even in log|λ|, `perDecade` to the decade on both sides of zero, from the noise floor to the ends:
 * ascending, with one bin around zero for all under the noise floor.
 */
export function logarithmicEdges(range: readonly [number, number], noiseFloor: number, perDecade = 5): Float64Array {
  const side = (end: number): number[] => {
    const edges: number[] = [];
    for (let edge = noiseFloor; edge > 0; edge *= 10 ** (1 / perDecade)) {
      edges.push(edge);
      if (edge > end) break;
    }
    return edges;
  };
  const negative = side(Math.max(0, -range[0])).map((edge) => -edge);
  return Float64Array.from([...negative.reverse(), ...side(Math.max(0, range[1]))]);
}

/** Share of the eigenvalues that are negative beyond the noise floor: the index of a critical point over the dimension. */
export function negativeFraction(
  quadrature: SpectralQuadrature,
  noise = 1e-6,
): SpectralEstimate & { readonly noiseFloor: number } {
  const [low, high] = spectralRange(quadrature);
  const noiseFloor = noise * Math.max(Math.abs(low), Math.abs(high));
  return { ...spectralSum(unitProbes(quadrature), (x) => (x < -noiseFloor ? 1 : 0)), noiseFloor };
}

import { jackknife } from './jackknife';
import type { LanczosResult } from './lanczos';
import { spectralRange } from './spectralDensity';
import type { SpectralProbe, SpectralQuadrature } from './quadrature';

/** λ1/λ of the smallest eigenvalue that can be told from zero, with what could not be told. */
export interface ConditionNumber {
  /** Null when the small end cannot be told from zero or is negative: then only `atLeast` can be said. */
  readonly value: number | null;
  /** Half width; infinite with a null value. */
  readonly error: number;
  /** The condition number is no smaller than this. */
  readonly atLeast: number;
  /** Eigenvalues under this, in magnitude, cannot be told from zero. */
  readonly noiseFloor: number;
  readonly applications: number;
}

/**
 * κ = λ1/λn of a positive operator from both ends. The noise floor is rounding (`noise` over the largest magnitude; single
 * precision cannot show κ over its reciprocal) and the smallest eigenvalue's own error.
 */
export function conditionNumber(ends: LanczosResult, noise = 1e-6): ConditionNumber {
  const { largest, smallest, applications } = ends;
  const rounding = noise * Math.max(Math.abs(largest.value), Math.abs(smallest.value));
  const noiseFloor = Math.max(rounding, Number.isFinite(smallest.error) ? smallest.error : rounding);
  if (!(largest.value > 0)) return { value: null, error: Infinity, atLeast: 1, noiseFloor, applications };
  // The Ritz value is never under the true end: κ is at least this even if something smaller was missed.
  const atLeast = Math.max(1, (largest.value - rounding) / Math.max(Math.abs(smallest.value) + rounding, rounding));
  if (!(smallest.value > noiseFloor)) return { value: null, error: Infinity, atLeast, noiseFloor, applications };
  const value = largest.value / smallest.value;
  const high = (largest.value + largest.error) / (smallest.value - smallest.error);
  return { value, error: high - value, atLeast, noiseFloor, applications };
}

/**
 * κ over the part of the spectrum above the noise: the largest eigenvalue over the one that `tail` of the positive mass above
 * the floor lies under (default 1 %). What slows training down, where the true smallest eigenvalue is zero, as in most networks.
 */
export function effectiveConditionNumber(quadrature: SpectralQuadrature, noise = 1e-6, tail = 0.01): ConditionNumber {
  const [low, high] = spectralRange(quadrature);
  const { applications, probes } = quadrature;
  const noiseFloor = noise * Math.max(Math.abs(low), Math.abs(high));
  const nothing = { value: null, error: Infinity, atLeast: 1, noiseFloor, applications };
  if (!(high > noiseFloor)) return nothing;
  const quantile = (chosen: readonly SpectralProbe[]): number => {
    const mass = chosen
      .flatMap(({ nodes, weights }) => Array.from(nodes, (node, j): [number, number] => [node, weights[j] as number]))
      .filter(([node]) => node > noiseFloor)
      .sort(([a], [b]) => a - b);
    const total = mass.reduce((sum, [, weight]) => sum + weight, 0);
    let below = 0;
    return mass.find(([, weight]) => (below += weight) >= tail * total)?.[0] ?? high;
  };
  const value = high / quantile(probes);
  const shorter = high / quantile(probes.map((probe) => ({ ...probe, ...probe.shorter })));
  // A node stands for all eigenvalues around it: near the ends that error falls with a power of the steps between the first and the second.
  const ofRule = 2 * Math.abs(value - shorter);
  return {
    value,
    error: jackknife(probes, (chosen) => high / quantile(chosen)).error + ofRule,
    atLeast: 1,
    noiseFloor,
    applications,
  };
}

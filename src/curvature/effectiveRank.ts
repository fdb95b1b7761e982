import type { Estimate } from './estimate';
import { jackknifeOfPositive } from './jackknife';
import type { SpectralProbe, SpectralQuadrature } from './quadrature';

/**
 * exp of the entropy of |λ|/Σ|λ| (Roy and Vetterli 2007): how many directions carry the curvature. Between 1 and the
 * dimension; the rank when all eigenvalues that are not 0 are equal. Jackknife error over the probes.
 */
export function effectiveRank(quadrature: SpectralQuadrature): Estimate {
  return overProbes(quadrature, (probes) => {
    const total = meanOver(probes, Math.abs);
    const weighted = meanOver(probes, (x) => (x === 0 ? 0 : Math.abs(x) * Math.log(Math.abs(x))));
    return total === 0 ? 0 : Math.exp(Math.log(total) - weighted / total);
  });
}

/** (tr A)²/tr A², the participation ratio: less moved than the entropy by many tiny eigenvalues. */
export function participationRatio(quadrature: SpectralQuadrature): Estimate {
  return overProbes(quadrature, (probes) => {
    const squares = meanOver(probes, (x) => x * x);
    return squares === 0 ? 0 : meanOver(probes, (x) => x) ** 2 / squares;
  });
}

/** tr A²/λ², with λ the largest magnitude: Rudelson and Vershynin's stable rank (2007). */
export function stableRank(quadrature: SpectralQuadrature, largestMagnitude: number): Estimate {
  return overProbes(quadrature, (probes) => meanOver(probes, (x) => x * x) / largestMagnitude ** 2);
}

/** Σ f(λ) as seen by these probes. */
function meanOver(probes: readonly SpectralProbe[], f: (eigenvalue: number) => number): number {
  let sum = 0;
  for (const { nodes, weights, squaredNorm } of probes) {
    for (let j = 0; j < nodes.length; j++) sum += squaredNorm * (weights[j] as number) * f(nodes[j] as number);
  }
  return sum / probes.length;
}

const overProbes = (quadrature: SpectralQuadrature, of: (probes: readonly SpectralProbe[]) => number): Estimate => ({
  ...jackknifeOfPositive(quadrature.probes, of),
  applications: quadrature.applications,
});

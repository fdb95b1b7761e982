import { Random } from '../src/base/random';
import { spectralQuadrature } from '../src/curvature/quadrature';
import { logarithmicEdges, spectralHistogram, spectralRange } from '../src/curvature/spectralDensity';
import { batchOf, openSite } from './curvatureNets';
import type { BenchRow } from './row';
import { judged } from './row';

/** What "in seconds" is held to. */
const mostSeconds = 10;

/** The spectral density of a net of 100k parameters on 1,000 images, as an inspection makes it. */
export async function densityRow(): Promise<BenchRow> {
  const site = await openSite('784-128-10');
  // The first use compiles.
  const warm = await site.objective.hessian(site.theta);
  warm.dispose();
  const start = performance.now();
  const hessian = await site.objective.hessian(site.theta);
  const operator = { dim: site.twin.dim, selfAdjoint: true, apply: hessian.apply.bind(hessian) };
  const quadrature = await spectralQuadrature(operator, {
    random: new Random(1),
    steps: 64,
    tolerance: 0.05,
    maximumApplications: 12 * 64,
  });
  const range = spectralRange(quadrature);
  const edges = logarithmicEdges(range, 1e-5 * Math.max(...range.map(Math.abs)), 3);
  const shares = spectralHistogram(quadrature, edges);
  const seconds = (performance.now() - start) / 1000;
  hessian.dispose();
  const { dim } = site.twin;
  site.dispose();
  const worst = Math.max(...shares.map(({ error }) => error));
  const detail = `${quadrature.probes.length} probes of 64 steps, shares to ${(100 * worst).toPrecision(2)} %, ends ${range.map((end) => end.toPrecision(3)).join(' and ')}`;
  const row = `spectral density, ${dim} parameters, ${batchOf('784-128-10')} rows`;
  return judged('curvature', row, seconds, 's', { atMost: mostSeconds }, { detail });
}

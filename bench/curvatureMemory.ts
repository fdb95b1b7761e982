import { Random } from '../src/base/random';
import { never } from '../src/base/cancel';
import { lanczos } from '../src/curvature/lanczos';
import { spectralQuadrature } from '../src/curvature/quadrature';
import { openSite } from './curvatureNets';
import type { BenchRow } from './row';
import { judged } from './row';

/** Memory that a million parameters may take, in gigabytes. */
const mostGigabytes = 2;

/**
 * Peak memory of this process after training a net of a million parameters and measuring both ends of its spectrum and its density. The
 * benches that ran before in this process are in it.
 */
export async function memoryRow(): Promise<BenchRow> {
  const site = await openSite('784-1000-200-10', 5);
  const { dim } = site.twin;
  const hessian = await site.objective.hessian(site.theta);
  const operator = { dim, selfAdjoint: true, apply: hessian.apply.bind(hessian) };
  const ends = await lanczos(operator, { random: new Random(1), maximumApplications: 30, cancel: never });
  const density = await spectralQuadrature(operator, { random: new Random(2), steps: 40, maximumApplications: 80 });
  hessian.dispose();
  site.dispose();
  const gigabytes = process.resourceUsage().maxRSS / 2 ** 20;
  const detail = `${dim} parameters: ${ends.applications} products for both ends, ${density.applications} for the density`;
  return judged('curvature', 'peak memory at a million parameters', gigabytes, 'GB', { atMost: mostGigabytes }, { detail });
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../src/base/random';
import { lanczos, type LanczosOptions, type LanczosResult } from '../src/curvature/lanczos';
import type { Peers } from './curvature';
import { batchOf, cases, openSite, type Site, type SiteName } from './curvatureNets';
import type { BenchRow } from './row';
import { compare, fastest, judged, median, quantile, quartiles, timed, unmeasured } from './row';

/** Random starts over which errors are looked at. */
const starts = 20;

/** The largest eigenvalue at a point, from the parameters on: the primal part and Lanczos against the gradient and power iteration. */
export async function eigenvalueRow(peers: Peers, name: SiteName, goal: number, tolerance: number): Promise<BenchRow> {
  const row = `largest eigenvalue, ${name} batch ${batchOf(name)}, against PyHessian's algorithm at ${tolerance}`;
  if ('missing' in peers) return unmeasured('curvature', row, goal, peers.missing);
  const site = await openSite(name);
  const request = requestFor(peers, name, site);
  const options = { tolerance, ends: 'largest' } as const;
  let seed = 0;
  const ours = timed(async (iterations) => {
    for (let i = 0; i < iterations; i++) await spectrumAt(site, options, seed++);
  });
  const ways = peers.map(({ threads, peer }) => ({ threads, work: peer.timed({ ...request, task: 'eigenvalue', tolerance }) }));
  const theirs = await fastest(ways);
  const measured = await compare('curvature', row, goal, ours, theirs.work);

  const truth = await exactEnds(peers, request);
  const own = await spectra(site, options);
  const peer = peers[0]?.peer;
  const others: { readonly value: number; readonly products: number }[] = [];
  for (let i = 0; peer && i < starts; i++) {
    const { value = NaN, products = NaN } = await peer.ask({ ...request, task: 'eigenvalue', tolerance, iterations: 1 });
    others.push({ value, products });
  }
  site.dispose();
  const error = (values: readonly number[]): string =>
    `${(
      100 *
      quantile(
        values.map((value) => Math.abs(value / truth.largest - 1)),
        0.9,
      )
    ).toPrecision(2)} %`;
  const products = (values: readonly number[]): string => String(median(values));
  const detail = [
    measured.detail ?? '',
    `(PyTorch: ${theirs.threads} thread${theirs.threads > 1 ? 's' : ''});`,
    `products ${products(own.map(({ applications }) => applications))} against ${products(others.map((other) => other.products))};`,
    `error, 9 in 10 under ${error(own.map(({ largest }) => largest.value))} against ${error(others.map(({ value }) => value))}`,
  ].join(' ');
  return { ...measured, detail };
}

/** The smallest eigenvalue as runs measure it: its error over the largest, 9 of 10 random starts. */
export async function smallestRow(peers: Peers, name: SiteName): Promise<BenchRow> {
  const row = `error of the smallest eigenvalue over the largest, ${name}`;
  if ('missing' in peers) return { ...unmeasured('curvature', row, 5, peers.missing), unit: '%', target: { atMost: 5 } };
  const site = await openSite(name);
  const truth = await exactEnds(peers, requestFor(peers, name, site));
  const own = await spectra(site, { tolerance: 0.01, smallestTolerance: 0.03, maximumApplications: 60 });
  site.dispose();
  const errors = own.map(({ smallest }) => (100 * Math.abs(smallest.value - truth.smallest)) / truth.largest);
  const products = own.map(({ applications }) => applications);
  return judged(
    'curvature',
    row,
    quantile(errors, 0.9),
    '%',
    { atMost: 5 },
    {
      spread: quartiles(errors),
      detail: `ends ${truth.smallest.toPrecision(3)} and ${truth.largest.toPrecision(3)} of the dense float64 matrix; ${median(products)} products`,
    },
  );
}

/** The Hessian's primal part at the site, and Lanczos from one random start. */
async function spectrumAt(site: Site, options: Omit<LanczosOptions, 'random'>, seed: number): Promise<LanczosResult> {
  const hessian = await site.objective.hessian(site.theta);
  const operator = { dim: site.twin.dim, selfAdjoint: true, apply: hessian.apply.bind(hessian) };
  const result = await lanczos(operator, { random: new Random(seed), ...options });
  hessian.dispose();
  return result;
}

async function spectra(site: Site, options: Omit<LanczosOptions, 'random'>): Promise<readonly LanczosResult[]> {
  const results: LanczosResult[] = [];
  for (let seed = 0; seed < starts; seed++) results.push(await spectrumAt(site, options, seed));
  return results;
}

/** Writes the site where the peers read it. */
function requestFor(peers: Exclude<Peers, { readonly missing: string }>, name: SiteName, { theta, x, target }: Site) {
  const site = join(peers[0]?.folder ?? '.', `${name}.f32`);
  const numbers = Float32Array.from([theta, x.values, target.values].flatMap((part) => Array.from(part)));
  writeFileSync(site, numbers);
  return { site, sizes: cases[name].sizes, rows: batchOf(name) };
}

async function exactEnds(peers: Exclude<Peers, { readonly missing: string }>, request: object) {
  const answer = await peers.at(-1)?.peer.ask({ ...request, task: 'ends', steps: 40 });
  return { largest: answer?.['largest'] ?? NaN, smallest: answer?.['smallest'] ?? NaN };
}

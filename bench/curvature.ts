import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { densityRow } from './curvatureDensity';
import { eigenvalueRows, smallestRow } from './curvatureEnds';
import { inspectionRows } from './curvatureInspection';
import { instrumentRows } from './curvatureInstruments';
import { measuringRow } from './curvatureMeasuring';
import { memoryRow } from './curvatureMemory';
import type { SiteName } from './curvatureNets';
import { startPeers } from './curvaturePeers';
import type { BenchRow } from './row';

/** Goals for the largest eigenvalue, against PyTorch on the better of one and two threads. */
const goals = { '2-16-16-1': 20, '64-128-10': 6, '784-512-512-10': 2 } satisfies Partial<Record<SiteName, number>>;

/**
 * Rows of `npm run bench -- curvature`: the ends of the Hessian's spectrum in time and in truth, the density, and what
 * measuring costs a run. With `all`, the largest eigenvalue also at the initialisation and late in a run.
 */
export async function curvatureRows(options: { readonly all: boolean }): Promise<BenchRow[]> {
  return [
    ...(await endRows(options)),
    await densityRow(),
    await memoryRow(),
    ...(await inspectionRows()),
    ...(await instrumentRows()),
    await measuringRow(),
  ];
}

/** Of these, the rows on the ends of the spectrum alone: `npm run bench -- curvature/ends`. */
export async function endRows({ all }: { readonly all: boolean }): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'curvature-bench-'));
  const peers = await startPeers(folder);
  const rows: BenchRow[] = [];
  for (const descent of all ? [0, 50, 500] : [50])
    for (const [name, goal] of Object.entries(goals) as [SiteName, number][])
      rows.push(...(await eigenvalueRows(peers, name, goal, descent)));
  for (const name of ['2-16-16-1', '64-32-10'] as const) rows.push(await smallestRow(peers, name));
  if (!('missing' in peers)) for (const { peer } of peers) peer.dispose();
  rmSync(folder, { recursive: true, force: true });
  return rows;
}

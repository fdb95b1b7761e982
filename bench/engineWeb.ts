import type { NetName } from './engineNets';
import { nets } from './engineNets';
import { titles, waysOf, type Task } from './engineTasks';
import type { Peer } from './peers/process';
import { startWeb, webLibraries, type WebLibrary } from './peers/webPeer';
import type { BenchRow } from './row';
import { compare, fastest, unmeasured } from './row';

const tasks = ['sgd', 'adam', 'hvp'] as const satisfies readonly Task[];

/** Rows of the engine against the JavaScript libraries, on all that they can run. */
export async function webRows(): Promise<BenchRow[]> {
  const peer = startWeb();
  const rows: BenchRow[] = [];
  for (const net of Object.keys(nets) as NetName[]) for (const task of tasks) rows.push(...(await taskRows(peer, net, task)));
  if (!('missing' in peer)) peer.dispose();
  return rows;
}

/** One row for each library, with one choice of our way. */
async function taskRows(
  peer: Peer | { readonly missing: string },
  net: NetName,
  task: (typeof tasks)[number],
): Promise<BenchRow[]> {
  const libraries = Object.entries(webLibraries) as [WebLibrary, number][];
  const title = (library: WebLibrary): string => `${titles[task]}, ${net}, against ${library} (WebAssembly)`;
  if ('missing' in peer) return libraries.map(([library, goal]) => unmeasured('engine', title(library), goal, peer.missing));
  const ways = await waysOf(net, task);
  const ours = await fastest(ways);
  const rows: BenchRow[] = [];
  for (const [library, goal] of libraries) {
    try {
      await peer.ask({ library, task, net, iterations: 1 });
      const row = await compare('engine', title(library), goal, ours.work, peer.timed({ library, task, net }));
      rows.push({ ...row, detail: `${row.detail ?? ''} (ours: ${ours.name})` });
    } catch (error) {
      rows.push(unmeasured('engine', title(library), goal, error instanceof Error ? error.message : String(error)));
    }
  }
  for (const way of ways) way.dispose();
  return rows;
}

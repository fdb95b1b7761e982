import { gradient, hessianVector } from '../src/graph/differentiate';
import { Graph } from '../src/graph/graph';
import type { Tensor } from '../src/graph/operations';
import { createRuntime } from '../src/engine/onnx/backend';
import type { NetName } from './engineNets';
import { sgdStep } from './engineNets';
import type { Way } from './engineWays';
import { loopWay } from './engineWays';
import { titles, waysOf, type Task } from './engineTasks';
import { scalingRows } from './engineScaling';
import { webRows } from './engineWeb';
import { kernelWay } from './engineKernelWay';
import type { WideNet } from './engineWideNets';
import { wideNets } from './engineWideNets';
import type { Peer } from './peers/process';
import { startTorch } from './peers/torchPeer';
import type { BenchRow } from './row';
import { compare, fastest, median, quantile, rounds, unmeasured } from './row';

/** Goals against PyTorch eager, the better of one and two threads. */
const goals: Readonly<Record<NetName, Readonly<Record<Task, number>>>> = {
  '2-16-16-1': { sgd: 6, adam: 9, hvp: 5, hvpFromScratch: 6.3 },
  '64-128-10': { sgd: 2.2, adam: 2.7, hvp: 2, hvpFromScratch: 2.9 },
  '784-512-512-10': { sgd: 1.2, adam: 1.3, hvp: 1.3, hvpFromScratch: 1.9 },
};

/** Rows of `npm run bench -- engine`: the engine's graphs against PyTorch in the same run. */
export async function engineRows(options: { readonly all: boolean }): Promise<BenchRow[]> {
  const peers = await startPeers();
  const rows: BenchRow[] = [await preparationRow()];
  for (const net of Object.keys(goals) as NetName[])
    for (const task of Object.keys(titles) as Task[]) {
      if (task === 'hvpFromScratch' && !options.all) continue;
      rows.push(await taskRow(net, task, peers));
    }
  rows.push(...(await webRows()), ...(await scalingRows(options)));
  if (options.all) for (const net of Object.keys(wideNets) as WideNet[]) rows.push(await wideRow(net, peers));
  if (!('missing' in peers)) for (const { peer } of peers) peer.dispose();
  return rows;
}

type Peers = readonly { readonly threads: number; readonly peer: Peer }[] | { readonly missing: string };

async function startPeers(): Promise<Peers> {
  const started: { readonly threads: number; readonly peer: Peer }[] = [];
  for (const threads of [1, 2]) {
    const peer = await startTorch('bench/peers/torch_engine.py', threads);
    if ('missing' in peer) return peer;
    started.push({ threads, peer });
  }
  return started;
}

async function taskRow(net: NetName, task: Task, peers: Peers): Promise<BenchRow> {
  const row = `${titles[task]}, ${net}`;
  return rowAgainst(peers, row, goals[net][task], { task, net }, () => waysOf(net, task));
}

async function wideRow(net: WideNet, peers: Peers): Promise<BenchRow> {
  const { title, goal, build } = wideNets[net];
  return rowAgainst(peers, `SGD step, ${title}`, goal, { task: 'sgd', net }, async () => {
    const [once, looped] = [build(), build()];
    return [await kernelWay(once, 'sgd'), await loopWay('a tensor each', looped, sgdStep(looped, false), 10)];
  });
}

/** Our fastest way against the fastest of PyTorch's settings. */
async function rowAgainst(
  peers: Peers,
  row: string,
  goal: number,
  request: { readonly task: Task; readonly net: string },
  makeWays: () => Promise<readonly Way[]>,
): Promise<BenchRow> {
  if ('missing' in peers) return unmeasured('engine', row, goal, peers.missing);
  const ways = await makeWays();
  const ours = await fastest(ways);
  const theirs = await fastest(settingsOf(peers, request));
  const measured = await compare('engine', row, goal, ours.work, theirs.work);
  for (const way of ways) way.dispose();
  return { ...measured, detail: `${measured.detail ?? ''} (ours: ${ours.name}; PyTorch: ${theirs.name})` };
}

/** PyTorch with one and two threads; its optimizers one tensor after the other and all at once. */
function settingsOf(peers: Exclude<Peers, { readonly missing: string }>, request: { readonly task: Task; readonly net: string }) {
  const foreachs = request.task === 'sgd' || request.task === 'adam' ? [false, true] : [false];
  return peers.flatMap(({ threads, peer }) =>
    foreachs.map((foreach) => ({
      name: `${threads} thread${threads > 1 ? 's' : ''}${foreach ? ', foreach' : ''}`,
      work: peer.timed({ ...request, foreach }),
    })),
  );
}

/** From nothing to a session that can take steps: a graph of 50 layers built, differentiated, emitted and loaded. */
async function preparationRow(): Promise<BenchRow> {
  const samples: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await prepareDeepNet(50, 1 + round / rounds);
    samples.push(performance.now() - start);
  }
  const value = median(samples);
  const spread = [quantile(samples, 0.25), quantile(samples, 0.75)] as const;
  return {
    bench: 'engine',
    row: '50 layers built, differentiated, emitted and loaded',
    value,
    unit: 'ms',
    target: { atMost: 50 },
    goal: 50,
    met: value <= 50,
    spread,
  };
}

/** `scale`: of the loss, another one each time, as a model that is known already is not loaded again. */
async function prepareDeepNet(layers: number, scale: number): Promise<void> {
  const g = new Graph();
  const x = g.input('x', [32, 16]);
  const weights = Array.from({ length: layers }, (_, i) => g.input(`w${i}`, [16, 16]));
  const loss = g.mul(g.mean(weights.reduce((h, w) => g.tanh(g.matmul(h, w)), x)), scale);
  const tangents = weights.map((w, i) => g.input(`v${i}`, w.shape));
  hessianVector(g, loss, weights, tangents);
  const named = (prefix: string, tensors: readonly Tensor[]) => tensors.map((tensor, i) => ({ name: `${prefix}${i}`, tensor }));
  const outputs = named('g', gradient(g, loss, weights));
  const program = await createRuntime().compile({ inputs: [{ name: 'x', tensor: x }, ...named('w', weights)], outputs });
  program.dispose();
}

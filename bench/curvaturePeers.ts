import type { Peer } from './peers/process';
import { startTorch } from './peers/torchPeer';

/** The peers of the curvature bench, by threads, with the folder in which they read sites. */
export type StartedPeers = readonly { readonly threads: number; readonly peer: Peer; readonly folder: string }[];

/** Peers, or why there are none. */
export type Peers = StartedPeers | { readonly missing: string };

/** PyTorch with PyHessian's algorithm on one and on two threads, reading sites in `folder`. */
export async function startPeers(folder: string): Promise<Peers> {
  const started: { readonly threads: number; readonly peer: Peer; readonly folder: string }[] = [];
  for (const threads of [1, 2]) {
    const peer = await startTorch('bench/peers/torch_hessian.py', threads);
    if ('missing' in peer) return peer;
    started.push({ threads, peer, folder });
  }
  return started;
}

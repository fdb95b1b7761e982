import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Timed } from '../row';

/** What a peer answers: the time of an iteration, and numbers of the task's own. */
export interface PeerAnswer extends Readonly<Record<string, number>> {
  readonly ms: number;
}

/** A Python process that times PyTorch, one request at a time. */
export interface TorchPeer {
  /** One request as it is, `iterations` included, with all that is answered. */
  ask(request: Readonly<Record<string, unknown>>): Promise<PeerAnswer>;
  /** Milliseconds an iteration of what `request` names; `script` says what there is. */
  timed(request: Readonly<Record<string, unknown>>): Timed;
  dispose(): void;
}

/** Pythons to try; the first that has PyTorch is taken. */
const pythons = ['/usr/bin/python3', 'python3', 'python'];

/** OpenBLAS takes AVX2 kernels on some processors that have AVX-512; this names the faster ones. */
function coreType(): Readonly<Record<string, string>> {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8').includes('avx512f') ? { OPENBLAS_CORETYPE: 'SkylakeX' } : {};
  } catch {
    return {};
  }
}

/** Starts `script` on `threads` threads; null with the reason if no Python here has PyTorch. */
export async function startTorch(script: string, threads: number): Promise<TorchPeer | { readonly missing: string }> {
  for (const python of pythons) if (await hasTorch(python)) return peerOf(spawnPeer(python, script, threads));
  return { missing: 'no Python with PyTorch here' };
}

function hasTorch(python: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = spawn(python, ['-c', 'import torch'], { stdio: 'ignore' });
    probe.on('error', () => resolve(false));
    probe.on('exit', (code) => resolve(code === 0));
  });
}

function spawnPeer(python: string, script: string, threads: number): ChildProcessWithoutNullStreams {
  const env = {
    ...process.env,
    ...coreType(),
    OMP_WAIT_POLICY: 'passive',
    OMP_NUM_THREADS: String(threads),
    OPENBLAS_NUM_THREADS: String(threads),
  };
  return spawn(python, [script, String(threads)], { env });
}

function peerOf(child: ChildProcessWithoutNullStreams): TorchPeer {
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (request: Readonly<Record<string, unknown>>): Promise<PeerAnswer> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const answer = await lines.next();
    if (answer.done === true) throw new Error(`the peer ended: ${errors}`);
    return JSON.parse(String(answer.value)) as PeerAnswer;
  };
  return {
    ask,
    timed: (request) => async (iterations) => (await ask({ ...request, iterations })).ms,
    dispose: () => void child.kill(),
  };
}

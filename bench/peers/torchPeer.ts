import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { peerOf, type Peer } from './process';

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
export async function startTorch(script: string, threads: number): Promise<Peer | { readonly missing: string }> {
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

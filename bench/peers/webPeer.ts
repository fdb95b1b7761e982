import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { peerOf, type Peer } from './process';

/** JavaScript libraries that the engine is held against, with the goal for each. */
export const webLibraries = { tfjs: 10, 'jax-js': 5 } as const;

export type WebLibrary = keyof typeof webLibraries;

const folder = resolve('bench/peers/web');

/** Starts Node on the JavaScript libraries, which are installed on their first use; the reason where that fails. */
export function startWeb(): Peer | { readonly missing: string } {
  if (!existsSync(join(folder, 'node_modules'))) {
    process.stderr.write('Installing tfjs and jax-js for the comparison (about 300 MB) in bench/peers/web\n');
    const installed = spawnSync('npm', ['ci', '--ignore-scripts'], { cwd: folder, stdio: 'ignore' });
    if (installed.status !== 0) return { missing: 'tfjs and jax-js could not be installed' };
  }
  return peerOf(spawn(process.execPath, ['peer.mjs'], { cwd: folder }));
}

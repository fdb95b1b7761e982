import { statSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import type { BenchRow } from './row';
import { judged } from './row';

const vsix = `descent-lens-${process.platform}-${process.arch}-0.1.0.vsix`;

/** Rows of `npm run bench -- editor`. */
export async function editorRows(): Promise<BenchRow[]> {
  const { status } = spawnSync(process.execPath, ['scripts/package.mjs'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error('the package could not be made');
  return [judged('editor', 'VSIX', statSync(vsix).size / 1e6, 'MB', { atMost: 25 })];
}

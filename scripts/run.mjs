// Runs a TypeScript file of the project: node scripts/run.mjs FILE [ARGUMENTS]
import * as esbuild from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { basename, resolve } from 'node:path';

const [file, ...rest] = process.argv.slice(2);
const outfile = resolve('dist', 'run', `${basename(file, '.ts')}.cjs`);
mkdirSync(resolve('dist', 'run'), { recursive: true });
await esbuild.build({
  entryPoints: [file],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: 'inline',
  logLevel: 'warning',
  external: ['vscode', 'onnxruntime-node', 'onnxruntime-web', 'esbuild', 'playwright-core'],
  alias: { 'web-tree-sitter': resolve('node_modules/web-tree-sitter/web-tree-sitter.cjs') },
});
const { status } = spawnSync(process.execPath, ['--enable-source-maps', '--expose-gc', outfile, ...rest], { stdio: 'inherit' });
process.exit(status ?? 1);

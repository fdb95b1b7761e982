// Makes the VSIX of one platform: node scripts/package.mjs [TARGET]   (linux-x64 by default)
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';

const target = process.argv[2] ?? `${process.platform}-${process.arch}`;
const [platform, architecture] = target.split('-');
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const file = `descent-lens-${target}-${version}.vsix`;

/** Budgets in bytes: what a person downloads, and what each part loads. */
const budgets = {
  [file]: 25e6,
  'dist/extension.js': 150e3,
  'dist/analysis.js': 1250e3,
  'dist/tables.js': 110e3,
  'dist/cli.js': 2100e3,
  'dist/webview.js': 600e3,
};

run(process.execPath, 'build.mjs', '--production');
run(
  'node_modules/.bin/vsce',
  'package',
  '--target',
  target,
  '--out',
  file,
  '--skip-license',
  '--baseContentUrl',
  'https://example.invalid/descent-lens',
  '--baseImagesUrl',
  'https://example.invalid/descent-lens',
  '--allow-missing-repository',
);

const native = `node_modules/onnxruntime-node/bin/napi-v6/${platform}/${architecture}`;
statSync(native);
for (const [path, budget] of Object.entries(budgets)) {
  const { size } = statSync(path);
  const verdict = size <= budget ? 'within' : 'OVER';
  console.log(`${path}: ${(size / 1e6).toFixed(2)} MB, ${verdict} its budget of ${(budget / 1e6).toFixed(2)} MB`);
  if (size > budget) process.exitCode = 1;
}

function run(command, ...args) {
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, DESCENT_LENS_TARGET: target } });
  if (status !== 0) process.exit(status ?? 1);
}

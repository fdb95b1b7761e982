// Builds the extension and opens a real VS Code with it on the examples: the desktop's `code` if there is one,
// else a VS Code server from npm, whose address is printed.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const examples = resolve('examples');

run(process.execPath, 'build.mjs');
if (spawnSync('code', ['--version']).status === 0) {
  console.log('Opening VS Code on the examples.');
  run('code', '--new-window', `--extensionDevelopmentPath=${resolve('.')}`, examples);
} else {
  console.log('There is no `code` on this machine: using the VS Code server from npm (about 330 MB, installed once).');
  run(process.execPath, 'test/support/vscode/install.mjs');
  run(process.execPath, 'scripts/package.mjs');
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const vsix = `descent-lens-${process.platform}-${process.arch}-${version}.vsix`;
  const server = spawn(process.execPath, ['scripts/run.mjs', 'scripts/serve.ts', vsix], { stdio: 'inherit' });
  process.on('SIGINT', () => undefined);
  server.on('exit', (code) => process.exit(code ?? 0));
}

function run(command, ...args) {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

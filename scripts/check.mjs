// Format, lint, types, floors, and the generated pages: everything that needs no run.
import { spawnSync } from 'node:child_process';

const steps = [
  ['format', 'node_modules/.bin/prettier', '--check', '--log-level', 'warn', '.'],
  ['lint', 'node_modules/.bin/eslint', '--max-warnings', '0', '.'],
  ['types', 'node_modules/.bin/tsc', '-p', '.'],
  ['types of the panel', 'node_modules/.bin/tsc', '-p', 'webview'],
  ['floors', 'node_modules/.bin/vitest', 'run', '--reporter', 'dot', 'test/structure'],
  ['rule pages', process.execPath, 'scripts/run.mjs', 'scripts/rules.ts', '--check'],
];

let failed = 0;
for (const [name, command, ...args] of steps) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name}`);
  if (status === 0) continue;
  failed++;
  console.log(stdout + stderr);
}
process.exit(failed === 0 ? 0 : 1);

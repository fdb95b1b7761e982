// Runs a suite in a real VS Code: node test/support/vscode/run.mjs host|tour [--vsix FILE]
// `host` tests the checkout's build without --vsix; `tour` needs a VSIX. `host` needs `node build.mjs --tests`.
import * as esbuild from 'esbuild';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [suite, ...rest] = process.argv.slice(2);
const vsix = rest[0] === '--vsix' ? rest[1] : null;
const suites = {
  host: ['test/support/vscode/runHost.ts', 'runHost'],
  tour: ['test/tour/tour.ts', 'runTour'],
};
const [entry, name] = suites[suite] ?? [];
if (!entry) {
  console.error('usage: node test/support/vscode/run.mjs host|tour [--vsix FILE]');
  process.exit(2);
}
const shared = { bundle: true, platform: 'node', target: 'node20', logLevel: 'warning' };
const outfile = path.resolve(`dist/test/run-${suite}.mjs`);
await esbuild.build({ ...shared, entryPoints: [entry], outfile, format: 'esm', packages: 'external' });
const module = await import(pathToFileURL(outfile).href);
process.exit(await module[name](vsix ?? null));

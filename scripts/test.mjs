// All tests: units and references, then inside the extension host, then the tour on the screen; both on the packaged VSIX.
// Installs the test host and Chromium when they are missing. Ends with one line: N passed, N failed.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { ensureChromium } from './chromium.mjs';

const env = { ...process.env, CHROME: ensureChromium(), CHROMIUM: ensureChromium() };
const results = 'test-results';
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
let passed = 0;
let failed = 0;

await units();
await must('test host', 'node', 'test/support/vscode/install.mjs');
await must('package', 'node', 'scripts/package.mjs');
await must('build of the tests', 'node', 'build.mjs', '--tests');
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const vsix = `descent-lens-${process.platform}-${process.arch}-${version}.vsix`;
await suite('host', /^\s*(\d+) passing/m, /^\s*(\d+) failing/m);
await suite('tour', /^passed {2}tour:/gm, /^FAILED {2}tour:/gm);

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

async function units() {
  const report = `${results}/units.json`;
  await run('node_modules/.bin/vitest', 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`);
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
    passed += numPassedTests;
    // A file that does not load has no failed test of its own.
    failed += Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0);
  } catch {
    console.log('The unit tests left no report.');
    failed++;
  }
}

/** Runs a suite in VS Code and counts its tests from what it prints; an exit that says otherwise counts as a failure. */
async function suite(name, passes, failures) {
  const { status, output } = await run('node', 'test/support/vscode/run.mjs', name, '--vsix', vsix);
  const good = count(output, passes);
  const bad = count(output, failures);
  passed += good;
  failed += bad + (bad === 0 && (status !== 0 || good === 0) ? 1 : 0);
}

/** A number that the pattern captures, or how often a global pattern occurs. */
function count(output, pattern) {
  if (pattern.global) return output.match(pattern)?.length ?? 0;
  return Number(pattern.exec(output)?.[1] ?? 0);
}

async function must(name, command, ...args) {
  const { status } = await run(command, ...args);
  if (status === 0) return;
  console.log(`${name} failed`);
  console.log(`${passed} passed, ${failed + 1} failed`);
  process.exit(1);
}

function run(command, ...args) {
  console.log(`> ${command} ${args.join(' ')}`);
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      process.stdout.write(chunk);
    });
    child.on('close', (status) => resolve({ status, output }));
  });
}

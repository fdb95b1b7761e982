import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launchBrowser, startServer } from './server';
import { copyExamples } from './workspace';

/** Longest time that a whole module may take. */
const limitMilliseconds = 1_200_000;

/** Runs the tests of `dist/test/host.js` inside the extension host. Resolves with the exit code. */
export function runHost(vsix: string | null): Promise<number> {
  return inHost('dist/test/host.js', vsix, () => undefined);
}

/**
 * Runs the exported `run` of a module inside the extension host of a real VS Code on a copy of the examples. With a
 * VSIX the installed package is used and the extension under development is an empty one; without, the checkout's
 * build. `afterwards` sees the workspace before it is removed, when all went well.
 */
async function inHost(module: string, vsix: string | null, afterwards: (workspace: string) => void): Promise<number> {
  const examples = copyExamples();
  const empty = fs.mkdtempSync(path.join(os.tmpdir(), 'empty-extension-'));
  const manifest = { name: 'empty', publisher: 'test', version: '0.0.0', engines: { vscode: '*' } };
  fs.writeFileSync(path.join(empty, 'package.json'), JSON.stringify(manifest));
  const server = await startServer({ workspace: examples.folder, driver: true, install: vsix === null ? [] : [vsix] });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const exit = new Promise<number>((resolve) => {
      void page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
      setTimeout(() => resolve(-1), limitMilliseconds).unref();
    });
    await page.exposeFunction('codeAutomationLog', (_kind: string, args: readonly unknown[]) => console.log(...args));
    const development = server.uri(vsix === null ? '.' : empty);
    await page.goto(
      server.page([
        ['extensionDevelopmentPath', development],
        ['extensionTestsPath', server.uri(module)],
      ]),
    );
    const code = await exit;
    if (code === 0) {
      afterwards(examples.folder);
      return 0;
    }
    fs.mkdirSync('test-results', { recursive: true });
    await page.screenshot({ path: 'test-results/host-failed.png' });
    console.error(code === -1 ? `no result within ${limitMilliseconds / 1000} s` : `exit ${code}`);
    return 1;
  } finally {
    await browser.close();
    await server.stop();
    examples.remove();
    fs.rmSync(empty, { recursive: true, force: true });
  }
}

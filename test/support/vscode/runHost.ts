import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launchBrowser, startServer } from './server';
import { copyExamples } from './workspace';

/** Longest time that the whole suite may take. */
const limitMilliseconds = 240_000;

/**
 * Runs `dist/test/host.js` inside the extension host of a real VS Code. With a VSIX the installed package is tested
 * and the extension under development is an empty one; without, the checkout's build. Resolves with the exit code.
 */
export async function runHost(vsix: string | null): Promise<number> {
  const examples = copyExamples();
  const empty = fs.mkdtempSync(path.join(os.tmpdir(), 'empty-extension-'));
  fs.writeFileSync(
    path.join(empty, 'package.json'),
    JSON.stringify({ name: 'empty', publisher: 'test', version: '0.0.0', engines: { vscode: '*' } }),
  );
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
        ['extensionTestsPath', server.uri('dist/test/host.js')],
      ]),
    );
    const code = await exit;
    if (code !== 0) {
      fs.mkdirSync('test-results', { recursive: true });
      await page.screenshot({ path: 'test-results/host-failed.png' });
      console.log(code === -1 ? `no result within ${limitMilliseconds / 1000} s` : `exit ${code}`);
    }
    return code === 0 ? 0 : 1;
  } finally {
    await browser.close();
    await server.stop();
    examples.remove();
    fs.rmSync(empty, { recursive: true, force: true });
  }
}

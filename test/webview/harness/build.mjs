import { build } from 'esbuild';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { themes } from './themes.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');

/** Bundles the panel as it is shipped, and the streams; returns both with the style as text. */
export async function bundlePanel() {
  const folder = await mkdtemp(join(tmpdir(), 'panel-'));
  const common = { bundle: true, platform: 'browser', target: 'es2022', logLevel: 'warning', legalComments: 'none' };
  try {
    await build({
      ...common,
      entryPoints: [join(root, 'webview/main.ts')],
      outfile: join(folder, 'webview.js'),
      format: 'iife',
      minify: true,
    });
    await build({
      ...common,
      entryPoints: [join(here, 'streams.ts')],
      outfile: join(folder, 'streams.js'),
      format: 'iife',
      globalName: 'streams',
    });
    const [script, style, streams] = await Promise.all(
      ['webview.js', 'webview.css', 'streams.js'].map((name) => readFile(join(folder, name), 'utf8')),
    );
    return { script, style, streams };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Content of the page, under the policy that the editor's page has; the style sheet is a file there. */
export function pageOf(bundle, theme, stored) {
  const { bodyClass, variables } = themes[theme];
  const nonce = 'harness';
  const api = `
    // Frames and timers that are asked for and did not come yet: so one can wait until the page is at rest.
    window.waiting = new Set();
    window.nextFrame = window.requestAnimationFrame.bind(window);
    for (const [ask, stop] of [['requestAnimationFrame', 'cancelAnimationFrame'], ['setTimeout', 'clearTimeout']]) {
      const [asked, stopped] = [window[ask].bind(window), window[stop].bind(window)];
      window[ask] = (work, ...rest) => {
        const key = ask + asked((...args) => { window.waiting.delete(key); work(...args); }, ...rest);
        window.waiting.add(key);
        return Number(key.slice(ask.length));
      };
      window[stop] = (id) => { window.waiting.delete(ask + id); stopped(id); };
    }
    window.posted = [];
    window.stored = ${JSON.stringify(stored ?? null)};
    window.acquireVsCodeApi = () => ({ postMessage: (m) => window.posted.push(m), getState: () => window.stored, setState: (s) => { window.stored = s; } });
    for (const [name, value] of Object.entries(${JSON.stringify(variables)})) document.documentElement.style.setProperty(name, value);`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; font-src 'none'; img-src 'none'">
<meta property="csp-nonce" content="${nonce}">
<style nonce="${nonce}">${bundle.style}</style>
</head>
<body class="${bodyClass}">
<div id="root"></div>
<script nonce="${nonce}">${api}</script>
<script nonce="${nonce}">${bundle.streams}</script>
<script nonce="${nonce}">${bundle.script.replaceAll('</script', '<\\/script')}</script>
</body>
</html>`;
}

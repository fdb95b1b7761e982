// Pictures of the panel in every state, theme and width: node test/webview/harness/shoot.mjs FOLDER [SCENARIO[:THEME[:WIDTH]]...]
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openBrowser, openPanel } from './browser.mjs';
import { bundlePanel } from './build.mjs';

const [folder = 'panel-shots', ...wanted] = process.argv.slice(2);
const everything = [
  'done:dark:1500',
  'done:light:1500',
  'done:contrast:1500',
  'done:dark:300',
  'running:dark:700',
  'layers:dark:1500',
  'layers:light:300',
  'diverged:light:700',
  'stale:dark:700',
  'failed:light:700',
  'idle:dark:700',
  'none:light:300',
  'inspected:dark:1500',
  'inspected:light:700',
  'inspected:contrast:1500',
  'inspected:dark:300',
  'inspecting:dark:1500',
];
await mkdir(folder, { recursive: true });
const bundle = await bundlePanel();
console.log(`webview.js ${Math.round(bundle.script.length / 1000)} kB, webview.css ${Math.round(bundle.style.length / 1000)} kB`);
const browser = await openBrowser();
try {
  for (const shot of wanted.length > 0 ? wanted : everything) {
    const [scenario, theme = 'dark', width = '1500'] = shot.split(':');
    const page = await openPanel(browser, bundle, {
      scenario,
      // The stored choice of the person opens the view that the scenario is about.
      stored: scenario.startsWith('inspect') ? { view: 'point' } : undefined,
      theme,
      width: Number(width),
      height: Number(width) < 500 ? (scenario.startsWith('inspect') ? 6000 : 2500) : 1000,
    });
    await page.screenshot({ path: join(folder, `${scenario}-${theme}-${width}.png`), fullPage: Number(width) >= 500 });
    if (page.errors.length > 0) console.log(shot, page.errors);
    await page.close();
  }
} finally {
  await browser.close();
}

// Pictures of the panel in use: cursor, table, chosen range, logarithmic steps, keyboard. node test/webview/harness/touch.mjs FOLDER
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openBrowser, openPanel, settled } from './browser.mjs';
import { bundlePanel } from './build.mjs';

const [folder = 'panel-shots'] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const bundle = await bundlePanel();
const browser = await openBrowser();
try {
  const page = await openPanel(browser, bundle, { scenario: 'done', width: 1300, height: 900 });
  const canvas = page.locator('canvas');
  const shoot = async (name) => {
    await settled(page);
    await page.screenshot({ path: join(folder, `touch-${name}.png`) });
  };
  const box = await canvas.first().boundingBox();
  await page.mouse.move(box.x + box.width * 0.4, box.y + 60);
  await shoot('cursor');
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.7, box.y + 60, { steps: 4 });
  await shoot('drawing');
  await page.mouse.up();
  await page.mouse.move(5, 5);
  await shoot('chosen');
  await page.getByText('Whole run').click();
  await page.locator('vscode-checkbox').click();
  await page.locator('.figure vscode-button', { hasText: 'table' }).nth(1).click();
  await shoot('log-steps-table');
  await page.locator('summary').nth(0).click();
  await page.locator('summary').nth(1).click();
  await page.locator('summary').nth(2).click();
  await page.locator('vscode-dropdown').click();
  await shoot('folds-dropdown');
  await page.keyboard.press('Escape');
  await canvas.nth(2).focus();
  for (let i = 0; i < 12; i++) await page.keyboard.press('ArrowRight');
  await shoot('keyboard');
  console.log(await page.locator('.spoken').textContent());
  console.log(await canvas.nth(1).getAttribute('aria-label'));
  console.log(JSON.stringify(await page.evaluate(() => window.stored)), page.errors);
} finally {
  await browser.close();
}

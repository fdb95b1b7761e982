import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { pageOf } from './build.mjs';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Whether a browser is there to look with. */
export const hasBrowser = existsSync(executablePath);

/** Starts the browser. */
export function openBrowser() {
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  return chromium.launch({ executablePath, args });
}

/** Opens the panel in a page of the given width, with the messages of a scenario delivered. Errors are collected in `page.errors`. */
export async function openPanel(browser, bundle, { scenario, theme = 'dark', width = 1500, height = 1000, stored }) {
  const page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' });
  page.errors = [];
  page.on('pageerror', (error) => page.errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') page.errors.push(message.text());
  });
  await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: pageOf(bundle, theme, stored) }));
  await page.goto('http://panel.test/');
  await page.evaluate((name) => {
    for (const message of window.streams.messagesOf(name)) window.postMessage(message, '*');
  }, scenario);
  await settled(page);
  return page;
}

/** Waits until the page is at rest: no frame and no timer is asked for, twice with frames between. */
export async function settled(page) {
  for (let i = 0; i < 2; i++) {
    await page.waitForFunction(() => window.waiting.size === 0);
    await page.evaluate(() => new Promise((done) => window.nextFrame(() => window.nextFrame(done))));
  }
  await page.waitForFunction(() => window.waiting.size === 0);
}

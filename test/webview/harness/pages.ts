import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import type { FromPanel } from '../../../src/protocol/panel';
import { openBrowser, openPanel } from './browser.mjs';
import { bundlePanel, type Bundle } from './build.mjs';
import type { Scenario } from './streams';

type Page = Awaited<ReturnType<typeof openPanel>>;

/** The panel's pages for the tests of one suite, in a browser that lives as long as the suite. */
export interface PanelPages {
  readonly bundle: () => Bundle;
  readonly open: (scenario: Scenario, options?: object) => Promise<Page>;
  /** What the page has told the extension so far. */
  readonly posted: (page: Page) => Promise<FromPanel[]>;
}

/** To be called inside `describe`. */
export function panelPages(): PanelPages {
  let browser: Browser;
  let bundle: Bundle;
  beforeAll(async () => {
    bundle = await bundlePanel();
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });
  return {
    bundle: () => bundle,
    open: (scenario, options = {}) => openPanel(browser, bundle, { scenario, ...options }),
    posted: (page) => page.evaluate<FromPanel[]>('window.posted'),
  };
}

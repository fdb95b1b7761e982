import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatHtml } from '../../../src/service/formats/html';
import { placesOf } from '../../../src/service/formats/places';
import { withNews, type InspectionLog } from '../../../src/protocol/inspection';
import { report } from '../../service/reports';
import { hasBrowser, openBrowser } from '../harness/browser.mjs';
import { inspected } from '../harness/inspection';

const log = inspected.reduce<InspectionLog | null>(withNews, null);
if (!log) throw new Error('nothing inspected');
const [unit] = report.units;
const files = [{ ...report, surfaces: new Map([[unit?.name ?? '', log]]) }];
const page = formatHtml(files, placesOf(files, '/project'));

describe('the page of a report', () => {
  it('has the verdict and every picture that has no sliders, each with a name and words', () => {
    for (const title of [
      'The loss surface: Step 300 of 18,000',
      'Saddle point',
      'Top and bottom eigenvector',
      'Along the bottom eigenvector',
      'Spectrum of the Hessian',
      'Spectrum along the run',
      'Largest eigenvalue of each layer',
      'Between the ends of runs from other seeds',
      'Momentum',
    ])
      expect(page).toContain(title);
    const pictures = page.match(/<svg viewBox="0 0 520/g) ?? [];
    expect(pictures.length).toBeGreaterThan(12);
    expect(page.match(/<svg viewBox="0 0 520 300" role="img" aria-label="[^"]{30,}"/g)).toHaveLength(pictures.length);
  });

  it('says what each inspected number took', () => {
    expect((page.match(/\d Hessian products?|loss evaluations?/g) ?? []).length).toBeGreaterThan(10);
  });

  it('opens each group that it closes, and stays small', () => {
    for (const tag of ['g', 'figure', 'svg', 'div', 'clipPath']) {
      expect((page.match(new RegExp(`<${tag}[ >]`, 'g')) ?? []).length, tag).toBe(
        (page.match(new RegExp(`</${tag}>`, 'g')) ?? []).length,
      );
    }
    expect(page.length).toBeLessThan(900_000);
  });
});

describe.skipIf(!hasBrowser)('the page of a report in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  it('has its colours in light, dark and on paper, and fits a narrow window', async () => {
    const grounds: string[] = [];
    for (const [colorScheme, media, width] of [
      ['light', 'screen', 360],
      ['dark', 'screen', 1200],
      ['dark', 'print', 800],
    ] as const) {
      const tab = await browser.newPage({ viewport: { width, height: 900 } });
      await tab.emulateMedia({ colorScheme, media });
      await tab.setContent(page);
      expect(await tab.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      grounds.push(await tab.evaluate<string>('getComputedStyle(document.body).backgroundColor'));
      // No colour of the palette is one that the browser could not read: it would be that of the text around.
      const looks = await tab.evaluate<string[]>(
        `[...new Set([...document.querySelectorAll('figure svg path')].map((path) => getComputedStyle(path).color))]`,
      );
      expect(looks.length).toBeGreaterThan(20);
      await tab.close();
    }
    expect(grounds).toEqual(['rgb(255, 255, 255)', 'rgb(27, 27, 27)', 'rgb(255, 255, 255)']);
  });
});

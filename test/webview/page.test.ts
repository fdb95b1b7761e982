import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FromPanel } from '../../src/protocol/panel';
import { hasBrowser, openBrowser, openPanel, settled } from './harness/browser.mjs';
import { bundlePanel, type Bundle } from './harness/build.mjs';
import { scenarios, type Scenario } from './harness/streams';

/** What is asked of elements in the page; Node knows no DOM. */
interface Named {
  readonly tabIndex: number;
  readonly textContent: string | null;
  readonly title: string;
  readonly outerHTML: string;
  readonly labels?: readonly { readonly textContent: string | null }[];
  getAttribute(name: string): string | null;
}
interface HTMLInputElementLike {
  readonly labels: readonly { readonly textContent: string | null }[];
  getAttribute(name: string): string | null;
}
interface Focusable {
  readonly ownerDocument: { readonly activeElement: unknown };
}

describe.skipIf(!hasBrowser)('the panel in a browser, under the content security policy', () => {
  let browser: Browser;
  let bundle: Bundle;
  beforeAll(async () => {
    bundle = await bundlePanel();
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });
  const open = (scenario: Scenario, options: object = {}): ReturnType<typeof openPanel> =>
    openPanel(browser, bundle, { scenario, ...options });
  const posted = (page: Awaited<ReturnType<typeof openPanel>>): Promise<FromPanel[]> =>
    page.evaluate<FromPanel[]>('window.posted');

  it('keeps to its size and leaves the toolkit’s peer out', () => {
    expect(bundle.script.length).toBeLessThan(600_000);
    expect(bundle.script).not.toContain('react.production');
  });

  it('shows every state without an error, and nothing wider than the page', async () => {
    for (const scenario of scenarios) {
      for (const width of scenario === 'layers' ? [250, 700, 1500] : [250]) {
        const page = await open(scenario, { width });
        expect(page.errors).toEqual([]);
        const overflow = await page.evaluate<number>(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        expect(overflow, `${scenario} at ${width}`).toBeLessThanOrEqual(0);
        await page.close();
      }
    }
  });

  it('keeps everything below the head in its place when a run begins and ends', async () => {
    for (const width of [400, 700, 1500]) {
      const page = await open('done', { width });
      const tops: number[] = [];
      const phases = [
        ['done', ''],
        ['trials', 'Trying lr=0.01'],
        ['done', ''],
      ] as const;
      for (const [phase, text] of phases) {
        await page.evaluate(`(() => {
          const [message] = window.streams.messagesOf('done');
          window.postMessage({ kind: 'state', state: { ...message.state, phase: '${phase}', text: '${text}' } }, '*');
        })()`);
        await settled(page);
        const [main, name] = [await page.locator('main').boundingBox(), await page.locator('.trust').boundingBox()];
        tops.push(Math.round((main?.y ?? NaN) + (name?.y ?? NaN)));
      }
      expect(tops, `at ${width}`).toEqual([tops[0], tops[0], tops[0]]);
      await page.close();
    }
  });

  it('says once what several checks wait for, and what the evidence is', async () => {
    const page = await open('done', { stored: { open: ['undecided'] } });
    expect(await page.locator('.fold-list:visible li').allTextContents()).toEqual([
      'overfitting needs validation rows',
      'batch-too-small, batch-too-large need gradient noise on at least two batches',
    ]);
    expect(await page.locator('details').nth(1).locator('.section-count').textContent()).toBe('3');
    await page.close();
  });

  it('offers what is missing beside the reason why nothing was trained', async () => {
    const page = await open('unread');
    const lacks = async (missing: object): Promise<string[]> => {
      await page.evaluate(`(() => {
        const [{ state }] = window.streams.messagesOf('unread');
        const reason = { ...state.report.reason, missing: ${JSON.stringify(missing)} };
        window.postMessage({ kind: 'state', state: { ...state, report: { ...state.report, reason } } }, '*');
      })()`);
      await settled(page);
      return page.locator('.reason vscode-button').allTextContents();
    };
    expect(await page.locator('.reason vscode-button').count()).toBe(0);
    expect(await lacks({ kind: 'value', name: 'lr' })).toEqual(['Give lr …']);
    await page.getByText('Give lr …').click();
    expect(await lacks({ kind: 'data', path: 'a.csv' })).toEqual(['Pick the data …', 'Run on stand-in data']);
    await page.getByText('Run on stand-in data').click();
    expect((await posted(page)).slice(-2)).toEqual([
      { kind: 'give', what: 'value' },
      { kind: 'give', what: 'standIn' },
    ]);
    await page.close();
  });

  it('asks for a snapshot, reveals, fixes, explains and runs', async () => {
    const page = await open('diverged');
    await page.locator('.finding-head').first().click();
    await page.getByText('Set lr to 0.3').click();
    await page.getByText('Explain').first().click();
    await page.getByText('Run again').click();
    const messages = await posted(page);
    expect(messages.map(({ kind }) => kind)).toEqual(['ready', 'reveal', 'fix', 'explain', 'run']);
    expect(messages[1]).toMatchObject({ range: { line: 31, column: 41 } });
    expect(messages[2]).toMatchObject({ finding: { rule: 'lr-diverges' }, fix: 0 });
    await page.close();
  });

  it('paints the charts in the colours of the theme', async () => {
    const page = await open('done', { theme: 'light' });
    const painted = await page.evaluate<number>(`(() => {
      const canvas = document.querySelector('canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let blue = 0;
      for (let i = 0; i < data.length; i += 4) if (data[i] === 0x1a && data[i + 1] === 0x85 && data[i + 2] === 0xff) blue++;
      return blue;
    })()`);
    expect(painted).toBeGreaterThan(100);
    await page.close();
  });

  it('speaks the values under the keyboard’s cursor and stores only choices', async () => {
    const page = await open('done');
    await page.locator('canvas').nth(2).focus();
    for (const key of ['Home', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
    expect(await page.locator('.spoken').textContent()).toMatch(/^Step 30: training probe \d+ %, validation \d+ %$/);
    await page.locator('.figure vscode-button', { hasText: 'table' }).first().click();
    await page.locator('.figure table').first().waitFor();
    const stored = await page.evaluate<string>('JSON.stringify(window.stored)');
    expect(stored).toContain('"table":true');
    expect(stored.length).toBeLessThan(1000);
    await page.close();
  });

  it('asks for the loss surface at a step, by a click, by the keyboard and for the last step', async () => {
    const page = await open('done');
    const asked = async (): Promise<FromPanel[]> => (await posted(page)).filter(({ kind }) => kind === 'inspect');
    const canvas = page.locator('canvas').first();
    const box = await canvas.boundingBox();
    if (!box) throw new Error('no canvas');
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await page.locator('.inspect-chip:visible').click();
    const [first] = await asked();
    expect(first).toMatchObject({ nearest: false });
    expect(first?.kind === 'inspect' && first.step).toBeGreaterThan(200);
    await page.getByRole('tab', { name: 'Run' }).click();
    await canvas.focus();
    for (const key of ['Home', 'ArrowRight', 'i']) await page.keyboard.press(key);
    await page.getByText('Inspect step 600').click();
    expect((await asked()).slice(1)).toEqual([
      { kind: 'inspect', step: 1, nearest: false },
      { kind: 'inspect', step: 600, nearest: false },
    ]);
    await page.close();
  });

  it('goes to the loss surface and back to the same step of the same chart by the keyboard alone', async () => {
    const page = await open('done');
    const at = (): Promise<string> =>
      page.evaluate<string>('document.activeElement.id || document.activeElement.getAttribute("aria-label").split(",")[0]');
    await page.locator('canvas').nth(2).focus();
    const chart = await at();
    for (const key of ['Home', 'ArrowRight', 'ArrowRight', 'i']) await page.keyboard.press(key);
    expect(await at()).toBe('tab-point');
    await page.keyboard.press('Escape');
    expect(await at()).toBe(chart);
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('.spoken').textContent()).toMatch(/^Step 15: training probe/);
    await page.keyboard.press('Shift+Tab');
    for (const figure of await page.locator('.figure').all())
      for (const tool of await figure.locator('.figure-tools button').all())
        expect(await tool.getAttribute('aria-label')).toContain(await figure.locator('.figure-title').textContent());
    await page.close();
  });

  it('opens a unit without a point that was looked at on the charts of its run', async () => {
    const shown = async (scenario: Scenario): Promise<string | null> => {
      const page = await open(scenario, { stored: { view: 'point' } });
      const tab = await page.locator('[role=tab][aria-selected=true]').textContent();
      await page.close();
      return tab;
    };
    expect([await shown('running'), await shown('inspected')]).toEqual(['Run', 'Loss surface']);
  });

  it('says when a run begins and how it ended', async () => {
    const page = await open('diverged');
    const tell = async (change: object): Promise<string | null> => {
      await page.evaluate(`(() => {
        const [{ state }] = window.streams.messagesOf('diverged');
        window.postMessage({ kind: 'state', state: { ...state, ...${JSON.stringify(change)} } }, '*');
      })()`);
      await settled(page);
      return page.locator('.spoken').textContent();
    };
    expect(await tell({ phase: 'training' })).toBe('Training');
    expect(await tell({ phase: 'done' })).toMatch(/^Done: \d error.*\. lr-diverges, line 31$/);
    expect(await tell({ phase: 'loading' })).toBe('Loading data');
    expect(await tell({ phase: 'failed', text: 'The engine stopped', report: null })).toBe('Failed: The engine stopped');
    await page.close();
  });

  it('repaints lines and their points when the theme changes', async () => {
    const page = await open('done', { theme: 'light' });
    const count = (red: number, green: number, blue: number): Promise<number> =>
      page.evaluate<number>(`(() => {
        const canvas = document.querySelectorAll('canvas')[2];
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        let found = 0;
        for (let i = 0; i < data.length; i += 4)
          if (data[i] === ${red} && data[i + 1] === ${green} && data[i + 2] === ${blue}) found++;
        return found;
      })()`);
    expect(await count(0xd1, 0x86, 0x16)).toBeGreaterThan(20);
    await page.evaluate(`document.documentElement.style.setProperty('--vscode-charts-orange', '#123456')`);
    await settled(page);
    expect(await count(0x12, 0x34, 0x56)).toBeGreaterThan(20);
    expect(await count(0xd1, 0x86, 0x16)).toBe(0);
    await page.close();
  });

  it('shows what is known of a point, speaks the verdict and the places of a drawing', async () => {
    for (const width of [300, 700, 1500]) {
      const page = await open('inspected', { stored: { view: 'point' }, width });
      expect(page.errors).toEqual([]);
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      expect(overflow, `at ${width}`).toBeLessThanOrEqual(0);
      if (width === 1500) {
        expect(await page.locator('.verdict .figure-title').textContent()).toBe('Saddle point');
        expect(await page.locator('.spoken').textContent()).toMatch(/^saddle\. gradient norm/);
        await page.locator('.drawing-slice-top canvas').focus();
        for (const key of ['ArrowLeft', 'ArrowLeft']) await page.keyboard.press(key);
        expect(await page.locator('.spoken').textContent()).toMatch(/^−0\.025: loss 0\.70/);
        await page.locator('.drawing-surface vscode-button', { hasText: 'table' }).click();
        expect(await page.locator('.drawing-surface td').count()).toBe(17 * 17);
        await page.getByText('Nearest critical point').click();
        expect((await posted(page)).pop()).toEqual({ kind: 'inspect', step: 300, nearest: true });
      }
      await page.close();
    }
  });

  it('moves the ways of the optimizers with their sliders, starts them elsewhere, and takes it back', async () => {
    const page = await open('inspectedWhole', { stored: { view: 'point' } });
    const results = (): Promise<string[]> => page.locator('.play-result').allTextContents();
    const first = await results();
    expect(first[0]).toMatch(/^loss 0\.02\d* after 60$/);
    const rate = page.getByLabel('rate η').first();
    await rate.focus();
    await page.keyboard.press('End');
    await settled(page);
    expect((await results())[0]).toMatch(/^leaves the picture/);
    expect((await results()).slice(1)).toEqual(first.slice(1));
    expect(await rate.getAttribute('aria-valuetext')).toBe(await page.locator('.play-optimizer output').first().textContent());
    await page.getByText('Reset').click();
    await settled(page);
    expect(await results()).toEqual(first);
    await page.locator('.drawing-play-plan canvas').focus();
    for (const key of ['ArrowLeft', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
    await settled(page);
    expect(await results()).not.toEqual(first);
    await page.locator('.play-optimizer vscode-checkbox').nth(1).click();
    await settled(page);
    expect((await results())[1]).toBe('not shown');
    expect(await page.locator('.drawing-play-plan canvas').getAttribute('aria-label')).not.toContain('momentum:');
    await page.close();
  });

  it('lets the keyboard reach and move every slider, each with a name and a value in words, and says what changed', async () => {
    const page = await open('inspectedWhole', { stored: { view: 'point' } });
    const spoken = (): Promise<string | null> => page.locator('.spoken').textContent();
    const sliders = page.getByRole('slider');
    expect(await sliders.count()).toBeGreaterThan(9);
    for (const slider of await sliders.all()) {
      const [label, words] = await slider.evaluate<[string, string | null], HTMLInputElementLike>((input) => [
        input.labels[0]?.textContent ?? '',
        input.getAttribute('aria-valuetext'),
      ]);
      expect(label).not.toBe('');
      expect(words, label).toMatch(/\d/);
    }
    // The optimizer's group names whose rate it is.
    const rate = page.getByRole('group', { name: 'momentum' }).getByLabel('rate η');
    await page.getByRole('group', { name: 'momentum' }).getByRole('checkbox').focus();
    await page.keyboard.press('Tab');
    expect(await rate.evaluate<boolean, Focusable>((input) => input === input.ownerDocument.activeElement)).toBe(true);
    const before = await rate.getAttribute('aria-valuetext');
    for (let i = 0; i < 40; i++) await page.keyboard.press('ArrowRight');
    await settled(page);
    expect(await rate.getAttribute('aria-valuetext')).not.toBe(before);
    expect(await spoken()).toMatch(/^momentum: (loss|leaves)[^;]*$/);
    await page.locator('.play-foot input.slider').focus();
    await page.keyboard.press('Home');
    await settled(page);
    expect(await spoken()).toMatch(/^gradient descent: loss .* after 5; .*RMSprop: .*; Adam: /);
    const frames = page.locator('.drawing-frames input.slider');
    await frames.focus();
    await page.keyboard.press('Home');
    expect(await spoken()).toMatch(/^step 0 · from/);
    await page.close();
  });

  it('names every chart for those who hear it, and every button', async () => {
    for (const [scenario, view] of [
      ['done', 'run'],
      ['inspected', 'point'],
      ['inspectedWhole', 'point'],
    ] as const) {
      const page = await open(scenario, { stored: { view } });
      const charts = await page
        .locator('canvas:visible')
        .evaluateAll<(string | null)[], Named>((all) =>
          all.map((canvas) => (canvas.tabIndex === 0 ? canvas.getAttribute('aria-label') : null)),
        );
      expect(charts.length).toBeGreaterThan(4);
      expect(charts.filter((label) => (label ?? '').length < 40)).toEqual([]);
      const nameless = await page
        .locator('button:not(.control):visible, vscode-button:visible, input:visible')
        .evaluateAll<string[], Named>((all) =>
          all
            .filter(
              (one) =>
                `${one.textContent ?? ''}${one.title}${one.getAttribute('aria-label') ?? ''}${one.labels?.[0]?.textContent ?? ''}`.trim() ===
                '',
            )
            .map((one) => one.outerHTML),
        );
      expect(nameless).toEqual([]);
      await page.close();
    }
  });

  it('inspects a step of the run that is pointed at on a surface', async () => {
    const page = await open('inspected', { stored: { view: 'point' } });
    const surface = page.locator('.drawing-surface');
    expect(await surface.getByText('Point at a step to inspect it').isVisible()).toBe(true);
    await surface.locator('canvas').focus();
    // The middle is the point itself, at step 300.
    await page.keyboard.press('ArrowRight');
    await surface.getByText('Inspect step 300', { exact: true }).click();
    expect((await posted(page)).pop()).toEqual({ kind: 'inspect', step: 300, nearest: false });
    await page.close();
  });

  it('goes over the spectra of the run and inspects the step shown, without motion where none is wanted', async () => {
    const page = await open('inspected', { stored: { view: 'point' } });
    expect(await page.getByText('Play', { exact: true }).isVisible()).toBe(false);
    await page.locator('.drawing-frames input.slider').focus();
    await page.keyboard.press('Home');
    await settled(page);
    expect(await page.locator('.drawing-frames .drawing-note').textContent()).toMatch(/^step 0 /);
    await page.getByText('Inspect step 0', { exact: true }).click();
    expect((await posted(page)).pop()).toEqual({ kind: 'inspect', step: 0, nearest: false });
    await page.locator('.drawing-layers canvas').focus();
    for (const key of ['Home', 'Home', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
    expect(await page.locator('.spoken').textContent()).toMatch(/^step 4, net\.\d: /);
    await page.getByText('Inspect step 4', { exact: true }).click();
    expect((await posted(page)).pop()).toEqual({ kind: 'inspect', step: 4, nearest: false });
    await page.close();
  });

  it('plays the spectra from the first to the last and stops there, or where it is told to', async () => {
    const page = await open('inspected', { stored: { view: 'point' } });
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    // Every frame is noted as it comes: one that has gone cannot be waited for.
    await page.evaluate(`(() => {
      const note = document.querySelector('.drawing-frames .drawing-note');
      window.notes = [];
      new MutationObserver(() => window.notes.push(/step [\\d,]+/.exec(note.textContent)?.[0])).observe(note, {
        subtree: true, childList: true, characterData: true,
      });
    })()`);
    const play = page.getByText('Play', { exact: true });
    await play.click();
    await play.waitFor();
    const notes = await page.evaluate<string[]>('[...new Set(window.notes)]');
    expect(notes).toEqual([0, 1, 4, 16, 64, 128, 300, 600].map((step) => `step ${step}`));
    await play.click();
    await page.getByText('Pause', { exact: true }).click();
    await play.waitFor();
    await page.close();
  });

  it('asks for the loss over two chosen parameters and for its page', async () => {
    const page = await open('inspected', { stored: { view: 'point' } });
    await page.getByLabel('First parameter, entry').fill('70');
    await page.getByText('Draw these two').click();
    expect((await posted(page)).pop()).toEqual({ kind: 'inspect', step: 300, nearest: false, pair: [70, 4_800] });
    await page.getByLabel('First parameter, entry').fill('9999');
    const before = (await posted(page)).length;
    await page.getByText('Draw these two').click();
    expect(await posted(page)).toHaveLength(before);
    await page.getByRole('button', { name: 'Help' }).click();
    expect((await posted(page)).pop()).toEqual({ kind: 'guide' });
    await page.close();
  });

  it('lets an inspection go when it is left', async () => {
    const page = await open('inspecting', { stored: { view: 'point' } });
    await page.getByRole('tab', { name: 'Run' }).click();
    expect((await posted(page)).pop()).toEqual({ kind: 'leaveInspection' });
    await page.close();
  });

  it('comes back with the choices it was left with', async () => {
    const page = await open('done', { stored: { logSteps: true, figures: { loss: { table: true } }, open: ['passed'] } });
    expect(await page.locator('.figure table').count()).toBe(1);
    expect(await page.locator('details').first().getAttribute('open')).not.toBeNull();
    await page.close();
  });
});

import { describe, expect, it } from 'vitest';
import { hasBrowser, settled } from './harness/browser.mjs';
import { panelPages } from './harness/pages';

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

describe.skipIf(!hasBrowser)('the loss surface in a browser', () => {
  const { open, posted } = panelPages();

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
});

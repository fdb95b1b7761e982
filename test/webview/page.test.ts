import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FromPanel } from '../../src/protocol/panel';
import { hasBrowser, settled } from './harness/browser.mjs';
import { panelPages } from './harness/pages';
import { scenarios, type Scenario } from './harness/streams';

describe.skipIf(!hasBrowser)('the panel in a browser, under the content security policy', () => {
  const { bundle, open, posted } = panelPages();

  it('keeps to its size and leaves the toolkit’s peer out', () => {
    expect(bundle().script.length).toBeLessThan(600_000);
    expect(bundle().script).not.toContain('react.production');
  });

  it('shows every state without an error, and nothing wider than the page', async () => {
    for (const scenario of scenarios) {
      for (const width of scenario === 'layers' ? [250, 700, 1500] : scenario.startsWith('inspected') ? [190, 250] : [250]) {
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

  it('offers no inspection before anything was measured, and names only commands that there are', async () => {
    const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      readonly contributes: { readonly commands: readonly { readonly title: string; readonly category: string }[] };
    };
    const commands = contributes.commands.map(({ category, title }) => `${category}: ${title}`);
    for (const [scenario, disabled] of [
      ['none', true],
      ['idle', true],
      ['done', false],
    ] as const) {
      const page = await open(scenario, { width: 700 });
      expect(await page.evaluate<boolean>(`document.querySelector('.views-action [disabled]') !== null`), scenario).toBe(
        disabled,
      );
      const text = (await page.locator('body').innerText()).matchAll(/“(Descent Lens: [^”]*)”/g);
      const named = [...text].map(([, name]) => name);
      expect(named.length, scenario).toBe(scenario === 'none' ? 1 : 0);
      for (const name of named) expect(commands).toContain(name);
      await page.close();
    }
  });

  it('keeps each name of a legend on one line where the panel is very narrow', async () => {
    const page = await open('layers', { width: 190 });
    const heights = await page.evaluate<number[]>(`[...document.querySelectorAll('.legend-name')].flatMap((name) => {
      const { height } = name.getBoundingClientRect();
      return height === 0 ? [] : [height / parseFloat(getComputedStyle(name).fontSize)];
    })`);
    expect(heights.length).toBeGreaterThan(3);
    // One line is lower than two letters.
    for (const height of heights) expect(height).toBeLessThan(2);
    const wide = await page.evaluate<number>(`Math.max(0, ...[...document.querySelectorAll('.legend-entry')].map((entry) =>
      entry.getBoundingClientRect().right - entry.parentElement.getBoundingClientRect().right))`);
    expect(wide).toBeLessThanOrEqual(1);
    await page.close();
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
    expect(await lacks({ kind: 'data', path: 'a.csv' })).toEqual(['Pick the data file …', 'Run on stand-in data']);
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

  it('takes keys that come faster than it draws', async () => {
    const page = await open('done');
    await page.locator('canvas').nth(2).focus();
    const press = (keys: readonly string[]): Promise<string> =>
      page.evaluate<string>(`(() => {
        for (const key of ${JSON.stringify(keys)})
          document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
        return document.querySelector('.spoken').textContent;
      })()`);
    await press(['Home', 'ArrowRight', 'ArrowRight', 'i']);
    await settled(page);
    expect(await press(['Escape', 'ArrowLeft'])).toMatch(/^Step 15: training probe/);
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

  it('comes back with the choices it was left with', async () => {
    const page = await open('done', { stored: { logSteps: true, figures: { loss: { table: true } }, open: ['passed'] } });
    expect(await page.locator('.figure table').count()).toBe(1);
    expect(await page.locator('details').first().getAttribute('open')).not.toBeNull();
    await page.close();
  });
});

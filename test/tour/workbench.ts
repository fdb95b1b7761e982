import path from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import type { Server } from '../support/vscode/server';

/** What a person does in the window, by the names of what they see. */
export class Workbench {
  constructor(
    readonly page: Page,
    private readonly server: Server,
  ) {}

  /** Opens the window on a file. */
  async open(file: string): Promise<void> {
    await this.page.goto(this.server.page([['openFile', this.server.uri(file)]]));
    await this.page.locator('.monaco-editor .view-line').first().waitFor();
  }

  /** Opens the window on the folder alone. */
  async openFolder(): Promise<void> {
    await this.page.goto(this.server.page());
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
  }

  /** Opens the window on the folder, and a file by typing its name: such a window remembers what was open. */
  async openByName(name: string): Promise<void> {
    await this.openFolder();
    await this.page.keyboard.press('Control+P');
    await this.choose('Search files', name, path.basename(name));
    await this.page.locator('.monaco-editor .view-line').first().waitFor();
  }

  /** Loads the window anew, with what was open in it. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load');
    await this.command('Developer: Reload Window');
    await loaded;
    await this.page.locator('.monaco-editor .view-line').first().waitFor();
  }

  /** Puts the cursor into the script. */
  async focusEditor(): Promise<void> {
    await this.page.locator('.monaco-editor .view-line').first().click();
    await this.page.locator('.monaco-editor.focused').waitFor();
  }

  async command(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.page.locator('.quick-input-widget:visible input').fill(`>${title}`);
    await this.page.locator(`.quick-input-list .monaco-list-row[aria-label^="${title}"]`).first().click();
  }

  /** Picks an entry of the list whose input shows `placeholder`. */
  async choose(placeholder: string, typed: string, label = typed): Promise<void> {
    await this.page.locator(`.quick-input-widget:visible input[placeholder*="${placeholder}"]`).fill(typed);
    await this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: label }).first().click();
  }

  lens(text: string | RegExp): Locator {
    return this.page.locator('.codelens-decoration a').filter({ hasText: text });
  }

  /**
   * Notes every text that a lens or the status bar shows from now on, however short it stands: a quick run is over before
   * a waiting test looks again. Gives the way to ask for them.
   */
  async watchTexts(): Promise<() => Promise<readonly string[]>> {
    await this.page.evaluate(`{
      const seen = new Set();
      const note = () => {
        for (const item of document.querySelectorAll('.codelens-decoration a, .statusbar-item')) seen.add(item.textContent.trim());
      };
      new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
      window.seenTexts = seen;
    }`);
    return () => this.page.evaluate<string[]>('[...window.seenTexts]');
  }

  squiggle(severity: 'error' | 'warning' | 'info' | 'hint'): Locator {
    return this.page.locator(`.monaco-editor .squiggly-${severity}`);
  }

  /** Middle of a squiggle: the text above it takes the mouse, so the place counts and not the element. */
  async placeOf(squiggle: Locator): Promise<{ readonly x: number; readonly y: number }> {
    await squiggle.waitFor();
    const box = await squiggle.boundingBox();
    if (!box) throw new Error('the squiggle is not on the screen');
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  /** The light bulb's entries at the cursor, opened. A request that comes before the editor has them shows nothing: it is made again. */
  async quickFixes(): Promise<Locator> {
    const entries = this.page.locator('.action-widget .monaco-list-row.action');
    await this.until(entries.first(), async () => {
      await this.page.keyboard.press('Escape');
      await this.page.keyboard.press('Control+Period');
    });
    return entries;
  }

  /** Points at a place until `shown` is there: a hover is dropped when the text is drawn anew under the mouse. */
  async hover({ x, y }: { readonly x: number; readonly y: number }, shown: Locator): Promise<void> {
    await this.until(shown, async () => {
      await this.page.mouse.move(x - 60, y - 60);
      await this.page.mouse.move(x - 3, y);
      await this.page.mouse.move(x, y);
    });
  }

  /** Does something again and again until an element is there. */
  private async until(shown: Locator, act: () => Promise<void>): Promise<void> {
    for (let i = 0; i < 20; i++) {
      await act();
      const isThere = await shown.waitFor({ timeout: 5_000 }).then(
        () => true,
        () => false,
      );
      if (isThere) return;
    }
    throw new Error('what was waited for did not come');
  }

  get panel(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready[src*="extensionId=descent-lens"]').frameLocator('iframe#active-frame');
  }

  /** Switches the colour theme and waits until the window wears it. */
  async theme(label: string, kind: 'vs' | 'vs-dark' | 'hc-black' | 'hc-light'): Promise<void> {
    await this.focusEditor();
    await this.command('Preferences: Color Theme');
    await this.choose('Color Theme', label);
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor();
  }

  /** Waits until at least so many of the panel's canvases are painted. */
  async charts(count: number, where: string): Promise<void> {
    for (let i = 0; i < 600; i++) {
      if ((await this.paintedCharts()) >= count) return;
      await this.page.evaluate('new Promise((resolve) => requestAnimationFrame(() => resolve(null)))');
    }
    throw new Error(`fewer than ${count} charts are painted ${where}`);
  }

  /** Number of the panel's canvases that are visible and painted in at least two colours. */
  private async paintedCharts(): Promise<number> {
    const canvases = this.panel.locator('canvas');
    let painted = 0;
    for (const canvas of await canvases.all()) if (await canvas.evaluate(isPainted)) painted++;
    return painted;
  }
}

interface Canvas {
  readonly width: number;
  readonly height: number;
  getContext(
    kind: '2d',
  ): { getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray } } | null;
}

/** Runs in the webview: whether something other than one flat colour was drawn. */
function isPainted(element: unknown): boolean {
  const canvas = element as Canvas;
  const pixels =
    canvas.width * canvas.height > 0 ? canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data : undefined;
  if (!pixels) return false;
  const colours = new Set<number>();
  for (let i = 0; i < pixels.length && colours.size < 3; i += 4)
    if ((pixels[i + 3] ?? 0) > 0) colours.add(((pixels[i] ?? 0) << 16) | ((pixels[i + 1] ?? 0) << 8) | (pixels[i + 2] ?? 0));
  return colours.size >= 2;
}

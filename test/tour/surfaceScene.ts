import path from 'node:path';
import type { Workbench } from './workbench';

const sections = ['Along lines', 'Spectrum', 'Ravine', 'Optimizers side by side', 'Convexity and several minima'] as const;
const looks = [
  ['Dark Modern', 'vs-dark', 'dark', 1700],
  ['Light Modern', 'vs', 'light', 1700],
  ['Dark High Contrast', 'hc-black', 'high-contrast', 1700],
  ['Dark Modern', 'vs-dark', 'narrow', 760],
] as const;

/**
 * The whole view of the loss surface around the end of a run of `script`: every section comes, moves when its sliders are moved,
 * plays, and opens its page. Pictures of all sections in all looks go to `shots`.
 */
export async function surfaceScene(bench: Workbench, script: string, shots: string): Promise<void> {
  const { page, panel } = bench;
  await bench.openByName(script);
  await bench.lens('Diagnose').click();
  await bench
    .lens(/No warning|Diagnose again/)
    .first()
    .waitFor();
  await page.keyboard.press('Control+b');
  await panel
    .getByRole('button', { name: /^Inspect step/ })
    .first()
    .click();
  // All sections are there before there is nothing more to stop: a look that has not begun has nothing to stop either.
  for (const section of sections) await panel.getByRole('heading', { name: section, exact: true }).waitFor();
  const stop = panel.getByRole('button', { name: 'Stop', exact: true });
  await stop.waitFor({ state: 'hidden' });
  const played = await panel.locator('.play-result').first().textContent();
  const rate = panel.getByLabel('rate η').first();
  await rate.focus();
  for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowLeft');
  await panel
    .locator('.play-result')
    .first()
    .filter({ hasNotText: played ?? '' })
    .waitFor();
  await panel.getByRole('button', { name: 'Draw these two' }).click();
  await panel.locator('.drawing-play-plan').getByText('parameters', { exact: true }).waitFor();
  await stop.waitFor({ state: 'hidden' });
  const step = panel.locator('.drawing-frames .slider-value');
  const before = await step.textContent();
  await panel.getByRole('button', { name: 'Play', exact: true }).click();
  await step.filter({ hasNotText: before ?? '' }).waitFor();
  // It ends by itself, and may have done so by now.
  const frames = panel.locator('.drawing-frames');
  await frames.getByRole('button', { name: /^(Play|Pause)$/ }).waitFor();
  for (const [theme, kind, label, width] of looks) {
    await page.setViewportSize({ width, height: 1500 });
    await bench.theme(theme, kind);
    for (const [i, section] of sections.entries()) {
      await panel.getByRole('heading', { name: section, exact: true }).evaluate(scrollUp);
      await drawn(bench);
      await page.screenshot({ path: path.join(shots, `surface-${label}-${i}.png`) });
    }
  }
  await bench.charts(12, 'on the loss surface');
  await panel.getByRole('button', { name: 'Help' }).click();
  await page.locator('.tab').filter({ hasText: 'loss-surface' }).waitFor();
}

/** Runs in the webview, whose header stays at the top. */
function scrollUp(element: unknown): void {
  const target = element as {
    scrollIntoView(options: { readonly block: 'start' }): void;
    readonly ownerDocument: { readonly defaultView: { scrollBy(x: number, y: number): void } };
  };
  target.scrollIntoView({ block: 'start' });
  target.ownerDocument.defaultView.scrollBy(0, -90);
}

/** Frames after which what was scrolled to is drawn. */
async function drawn({ page }: Workbench): Promise<void> {
  for (let i = 0; i < 20; i++) await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => resolve(null)))');
}

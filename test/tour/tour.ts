import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { launchBrowser, startServer } from '../support/vscode/server';
import { copyExamples } from '../support/vscode/workspace';
import { comparisonScene, hasTorch } from './comparisonScene';
import { surfaceScene } from './surfaceScene';
import { Workbench } from './workbench';

/** Pictures of the README. */
const pictures = path.resolve(process.env['TOUR_PICTURES'] ?? 'media/pictures');
/** Everything else that is looked at. */
const shots = path.resolve(process.env['TOUR_SHOTS'] ?? 'test-results/tour');

const script = 'faults/lr-diverges/train.py';

interface Stage {
  readonly bench: Workbench;
  /** Folder of the examples that is opened. */
  readonly folder: string;
}

/** A title, whether the folder has to be trusted first, and what is done. */
type Scene = readonly [string, boolean, (stage: Stage) => Promise<void>];

/**
 * Does on the screen what a person does with the installed package: opens an example, runs it, sees the squiggle,
 * reads the hover, looks at the panel, applies the fix. Saves the README's pictures. Resolves with the exit code.
 */
export async function runTour(vsix: string | null): Promise<number> {
  if (vsix === null) throw new Error('the tour needs --vsix FILE');
  for (const folder of [pictures, shots]) fs.mkdirSync(folder, { recursive: true });
  const comparison: Scene = ['compared with PyTorch', false, ({ bench, folder }) => comparisonScene(bench, folder, shots)];
  const scenes: readonly Scene[] = [
    ['a fault, from the lens to the fix', false, faultScene],
    ['a healthy script, live', false, liveScene],
    ['the loss surface', false, ({ bench }) => surfaceScene(bench, 'healthy/digits-adam/train.py', shots)],
    ...(hasTorch() ? [comparison] : []),
    ['a notebook', false, notebookScene],
    ['data that are missing', false, missingScene],
    ['a folder that is not trusted', true, untrustedScene],
    ['the walkthrough', false, walkthroughScene],
  ];
  let failed = 0;
  const browser = await launchBrowser();
  try {
    // One scene alone, by a word of its title.
    const only = process.env['TOUR_SCENE'];
    for (const [title, trust, scene] of scenes) {
      if (only !== undefined && !title.includes(only)) continue;
      const error = await onStage(browser, vsix, trust, scene);
      console.log(`${error === null ? 'passed' : 'FAILED'}  tour: ${title}`);
      if (error !== null) console.error(error);
      failed += error === null ? 0 : 1;
    }
  } finally {
    await browser.close();
  }
  return failed === 0 ? 0 : 1;
}

/** Plays one scene in a window of its own with fresh examples; gives what went wrong, or null. */
async function onStage(browser: Browser, vsix: string, trust: boolean, scene: (stage: Stage) => Promise<void>): Promise<unknown> {
  const examples = copyExamples();
  const settings = { 'editor.fontSize': 13, 'editor.minimap.enabled': false };
  const server = await startServer({ workspace: examples.folder, install: [vsix], settings, trust });
  const page = await browser.newPage({ viewport: { width: 1500, height: 950 } });
  try {
    // Far beyond what a slow and busy machine takes: it only ends a scene that would wait for ever.
    page.setDefaultTimeout(180_000);
    const problems: string[] = [];
    page.on('console', (message) => {
      if (/Content Security Policy|Uncaught/.test(message.text())) problems.push(message.text());
    });
    await scene({ bench: new Workbench(page, server), folder: examples.folder });
    assert.deepEqual(problems, [], 'nothing was refused or thrown in the window');
    return null;
  } catch (error) {
    await page.screenshot({ path: path.join(shots, `failed-${scene.name}.png`) });
    return error;
  } finally {
    await page.close();
    await server.stop();
    examples.remove();
  }
}

async function faultScene({ bench, folder }: Stage): Promise<void> {
  const file = path.join(folder, script);
  await bench.open(file);
  await bench.lens('Diagnose').waitFor();
  await closeSideBar(bench);
  await bench.page.screenshot({ path: path.join(shots, 'lens.png') });
  await run(bench);
  await hover(bench);
  await survives(bench, file);
  await themes(bench);
  await fix(bench, file);
  await documentation(bench);
}

/** The charts are painted while the run goes on; after the window was loaded anew the panel stands and runs again. */
async function liveScene({ bench }: Stage): Promise<void> {
  const { page, panel } = bench;
  await bench.openByName('healthy/digits-adam/train.py');
  await bench.lens('Diagnose').waitFor();
  await closeSideBar(bench);
  const seen = await bench.watchTexts();
  await bench.lens('Diagnose').click();
  await panel.locator('canvas').first().waitFor();
  await bench.lens('No warning').waitFor();
  const texts = await seen();
  assert.ok(
    texts.some((text) => /^(Loading|Building|Training|Trying fixes|optimizer) \d+.%/.test(text)),
    `the lens or, where the run ends before the editor asks for lenses again, the status bar told of its work: ${texts.join(', ')}`,
  );
  await panel.getByText('Done').first().waitFor();
  await panel.locator('h2, h3').filter({ hasText: 'Loss' }).first().evaluate(scrollBelowHeader);
  await settled(bench);
  await bench.charts(4, 'after the run');
  await picture(page, 'panel');
  await inspect(bench);
  await bench.focusEditor();
  await bench.reload();
  await panel
    .getByRole('button', { name: /diagnose|run/i })
    .first()
    .click();
  await bench.lens('No warning').waitFor();
}

/** The loss surface around the end of the run is drawn part by part. */
async function inspect(bench: Workbench): Promise<void> {
  const { panel, page } = bench;
  await panel.getByRole('button', { name: /^Inspect step/ }).click();
  await panel.locator('.inspection canvas').first().waitFor();
  await panel.getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'hidden' });
  await settled(bench);
  await page.screenshot({ path: path.join(shots, 'inspection.png') });
}

/** The lens stands in the cell of the optimizer, the squiggle in the cell that sets the rate. */
async function notebookScene({ bench }: Stage): Promise<void> {
  const { page } = bench;
  await page.setViewportSize({ width: 1500, height: 1500 });
  // An address opens a notebook as text; its name opens the notebook.
  await bench.openByName('notebooks/diabetes.ipynb');
  await closeSideBar(bench);
  await bench.lens('Diagnose').waitFor();
  await bench.lens('Diagnose').click();
  await bench.lens('Diagnose again').waitFor();
  const squiggle = page.locator('.cell-editor-container').filter({ hasText: 'LEARNING_RATE = 1.0' }).locator('.squiggly-error');
  await squiggle.waitFor();
  await settled(bench);
  await page.screenshot({ path: path.join(shots, 'notebook-dark.png') });
  // A place of the panel leads to the cell in the notebook that is open, and not to a second one over the panel.
  await bench.panel.locator('.finding-head').first().click();
  await page.locator('.cell-editor-container .monaco-editor.focused').waitFor();
  assert.equal(await page.locator('.tab').filter({ hasText: 'diabetes' }).count(), 1);
  await bench.theme('Light Modern', 'vs');
  await settled(bench);
  await page.screenshot({ path: path.join(shots, 'notebook-light.png') });
}

/** Where the file is not there, the quick fix runs on stand-in data; lens and panel say so for as long as it lasts. */
async function missingScene({ bench, folder }: Stage): Promise<void> {
  const { page, panel } = bench;
  const file = path.join(folder, script);
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('diabetes.csv', 'not-here.csv'));
  await bench.open(file);
  await closeSideBar(bench);
  await bench.lens('Diagnose').click();
  const { x, y } = await bench.placeOf(bench.squiggle('info').first());
  await page.mouse.click(x, y);
  const actions = await bench.quickFixes();
  await actions.filter({ hasText: 'Pick the data file' }).waitFor();
  await page.screenshot({ path: path.join(shots, 'missing-data.png') });
  await actions.filter({ hasText: 'Run on stand-in data' }).click();
  await bench.lens('on stand-in data').waitFor();
  await panel.locator('.badge').filter({ hasText: 'on stand-in data' }).waitFor();
  await settled(bench);
  await page.screenshot({ path: path.join(shots, 'stand-in-dark.png') });
  await bench.theme('Light Modern', 'vs');
  await settled(bench);
  await page.screenshot({ path: path.join(shots, 'stand-in-light.png') });
}

/** Without trust the text is still checked, but nothing is run. */
async function untrustedScene({ bench, folder }: Stage): Promise<void> {
  await bench.open(path.join(folder, 'faults/missing-zero-grad/train.py'));
  await bench.lens('Trust this folder').waitFor();
  await bench.squiggle('error').or(bench.squiggle('warning')).first().waitFor();
  assert.equal(await bench.lens(/Diagnose/).count(), 0);
  await bench.page.screenshot({ path: path.join(shots, 'untrusted.png') });
  await bench.lens('Trust this folder').click();
  await bench.page
    .getByRole('button', { name: /^Trust/ })
    .first()
    .click();
  await bench.page.keyboard.press('Escape');
  await bench.lens('Diagnose').waitFor();
}

/** Before there is a script the panel says how to begin; the walkthrough leads to one. */
async function walkthroughScene({ bench, folder }: Stage): Promise<void> {
  await bench.openFolder();
  await bench.command('Descent Lens: Open Panel');
  await bench.panel.getByText('Open the Examples').waitFor();
  assert.equal(await bench.page.locator('.notification-toast').count(), 0, 'nobody is told that a script lacks something');
  await bench.open(path.join(folder, script));
  await bench.lens('Diagnose').waitFor();
  await bench.command('Descent Lens: Open the Walkthrough');
  await bench.page.getByText('Find what keeps a network from learning').first().waitFor();
  await settled(bench);
  await bench.page.screenshot({ path: path.join(shots, 'walkthrough.png') });
}

interface Scrollable {
  scrollIntoView(options: { readonly block: 'start' }): void;
  readonly ownerDocument: { readonly defaultView: { scrollBy(x: number, y: number): void } };
}

/** Runs in the webview, whose header stays at the top. */
function scrollBelowHeader(element: unknown): void {
  const target = element as Scrollable;
  target.scrollIntoView({ block: 'start' });
  target.ownerDocument.defaultView.scrollBy(0, -90);
}

async function closeSideBar(bench: Workbench): Promise<void> {
  await bench.page.keyboard.press('Control+b');
  await bench.page.locator('.part.sidebar').waitFor({ state: 'hidden' });
}

/** The lens starts the run; the panel paints while it goes on; the rate is underlined at its end. */
async function run(bench: Workbench): Promise<void> {
  await bench.lens('Diagnose').click();
  await bench.panel.locator('canvas').first().waitFor();
  await bench.squiggle('error').first().waitFor();
  await bench.lens('Diagnose again').waitFor();
  await settled(bench);
  await bench.charts(4, 'after the run');
  await picture(bench.page, 'squiggle');
}

/** The hover on the rate has the limit and a curve. */
async function hover(bench: Workbench): Promise<void> {
  const image = bench.page.locator('.monaco-hover:visible img').first();
  await bench.hover(await bench.placeOf(bench.squiggle('error').first()), image);
  await bench.page.waitForFunction(`[...document.querySelectorAll('.monaco-hover img')].some((image) => image.naturalWidth > 0)`);
  await picture(bench.page, 'hover');
  await bench.page.keyboard.press('Escape');
}

/** The panel comes back with all it had after it was moved, hidden and shown again. */
async function survives(bench: Workbench, file: string): Promise<void> {
  const { page } = bench;
  const tab = (name: string): Locator => page.locator('.tab').filter({ hasText: name });
  await bench.focusEditor();
  await bench.command('View: Join All Editor Groups');
  await bench.panel.locator('canvas').first().waitFor({ state: 'hidden' });
  await tab('Descent Lens').click();
  await bench.panel.locator('canvas').first().waitFor();
  await settled(bench);
  await bench.charts(4, 'when the panel is back');
  await tab(path.basename(file)).click();
  await bench.focusEditor();
  await bench.command('View: Move Editor into Left Group');
  await bench.panel.locator('canvas').first().waitFor();
}

async function themes(bench: Workbench): Promise<void> {
  const all = [
    ['Light Modern', 'vs', 'light'],
    ['Dark High Contrast', 'hc-black', 'high-contrast'],
    ['Light High Contrast', 'hc-light', 'high-contrast-light'],
    ['Dark Modern', 'vs-dark', 'dark'],
  ] as const;
  for (const [name, kind, label] of all) {
    await bench.theme(name, kind);
    await settled(bench);
    await bench.charts(4, `in ${label}`);
    await bench.page.screenshot({ path: path.join(shots, `${label}.png`) });
  }
  await bench.page.setViewportSize({ width: 700, height: 950 });
  await settled(bench);
  await bench.page.screenshot({ path: path.join(shots, 'narrow.png') });
  await bench.page.setViewportSize({ width: 1500, height: 950 });
}

/** The light bulb applies the rate that was tried; after saving, the next run is content. */
async function fix(bench: Workbench, file: string): Promise<void> {
  const { page } = bench;
  const { x, y } = await bench.placeOf(bench.squiggle('error').first());
  await page.mouse.click(x, y);
  const actions = await bench.quickFixes();
  assert.match((await actions.first().textContent()) ?? '', /tried/);
  await picture(page, 'quick-fix');
  await actions.first().click();
  await bench.lens('out of date').waitFor();
  await page.keyboard.press('Control+s');
  await bench.lens('No warning').waitFor();
  await bench.squiggle('error').first().waitFor({ state: 'detached' });
  assert.doesNotMatch(fs.readFileSync(file, 'utf8'), /lr=1\.0\b/);
  await settled(bench);
  await page.screenshot({ path: path.join(shots, 'fixed.png') });
}

async function documentation(bench: Workbench): Promise<void> {
  await bench.command('Descent Lens: Explain a Rule');
  await bench.choose('lr-diverges', 'lr-diverges');
  await bench.page.locator('.tab').filter({ hasText: 'lr-diverges' }).waitFor();
  await settled(bench);
  await bench.page.screenshot({ path: path.join(shots, 'documentation.png') });
}

async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: path.join(pictures, `${name}.png`) });
}

/** Two frames of the panel after which nothing moves any more: pictures are taken of a drawn window. */
async function settled({ page }: Workbench): Promise<void> {
  for (let i = 0; i < 30; i++) await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => resolve(null)))');
}

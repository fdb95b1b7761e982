import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Workbench } from './workbench';

/** The Python that has PyTorch, where one is installed. */
const python = process.env['REFERENCE_PYTHON'] ?? '/usr/bin/python3';

/** True where the scene can be played. */
export const hasTorch = (): boolean => spawnSync(python, ['-c', 'import torch']).status === 0;

/**
 * From the panel's line of trust: the link asks before it starts Python, nothing is run without a yes, and after it the
 * line says how far the script in PyTorch agrees. Pictures go to `shots`.
 */
export async function comparisonScene(bench: Workbench, folder: string, shots: string): Promise<void> {
  const { page, panel } = bench;
  fs.mkdirSync(path.join(folder, '.vscode'), { recursive: true });
  fs.writeFileSync(path.join(folder, '.vscode', 'settings.json'), JSON.stringify({ 'descentLens.python': python }));
  await bench.openByName('healthy/digits-adam/train.py');
  await bench.lens('Diagnose').waitFor();
  await page.keyboard.press('Control+b');
  await bench.lens('Diagnose').click();
  await bench.lens('No warning').waitFor();
  const trust = panel.locator('.trust');
  const link = trust.getByRole('button', { name: 'Compare with PyTorch' });
  await trust.filter({ hasText: 'not compared with PyTorch' }).waitFor();
  await page.screenshot({ path: path.join(shots, 'comparison-before.png') });
  const dialog = page.locator('.monaco-dialog-box');
  await link.click();
  await dialog.waitFor();
  await page.screenshot({ path: path.join(shots, 'comparison-question.png') });
  assert.match((await dialog.textContent()) ?? '', new RegExp(`${python}.*train\\.py`));
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await trust.filter({ hasText: 'not compared with PyTorch' }).waitFor();
  await link.click();
  await dialog.getByRole('button', { name: 'Run It' }).click();
  const agreed = trust.filter({ hasText: /compared with PyTorch \d.*20 steps agree/ });
  // A quick comparison is over before its progress is seen.
  const progress = page.locator('.notification-toast').filter({ hasText: 'comparing' }).first();
  await Promise.any([progress.waitFor(), agreed.waitFor()]);
  await page.screenshot({ path: path.join(shots, 'comparison-progress.png') });
  await agreed.waitFor();
  await page.screenshot({ path: path.join(shots, 'comparison-after.png') });
}

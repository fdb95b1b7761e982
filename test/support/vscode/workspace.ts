import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A copy of the examples that tests may write to; `remove` when done. */
export function copyExamples(): { readonly folder: string; remove(): void } {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'descent-lens-examples-'));
  fs.cpSync(path.resolve('examples'), folder, { recursive: true });
  return { folder, remove: () => fs.rmSync(folder, { recursive: true, force: true }) };
}

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The Python that has PyTorch, where one is installed. */
export const python = process.env['REFERENCE_PYTHON'] ?? '/usr/bin/python3';

/** True where references can be made anew: PyTorch with what the scripts import beside it. */
export const hasTorch = spawnSync(python, ['-c', 'import pandas, sklearn, torch, torchvision, yaml']).status === 0;

/** Runs a script of test/reference and reads the JSON that it prints. */
export function runReference(script: string, args: readonly string[] = []): unknown {
  const path = fileURLToPath(new URL(`../reference/${script}`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(python, ['-B', '-W', 'ignore', path, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** Whether two JSON values are the same but for rounding: numbers to `tolerance`, relative to the larger (or to 1e-3). */
export function sameNumbers(a: unknown, b: unknown, tolerance: number): boolean {
  if (typeof a === 'number' && typeof b === 'number')
    return Math.abs(a - b) <= tolerance * Math.max(1e-3, Math.abs(a), Math.abs(b));
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const [left, right] = [Object.entries(a), Object.entries(b)];
  return (
    left.length === right.length &&
    left.every(([key, value]) => sameNumbers(value, (b as Record<string, unknown>)[key], tolerance))
  );
}

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { never } from '../../src/base/cancel';
import { loadDataset } from '../../src/data/load';
import type { Tensor } from '../../src/records/dataset';
import { openScript, projectOnDisk } from '../../src/service/scripts';
import { readScript } from '../../src/source/read';
import { parser } from './reading';

/** An array that a script prepares, as Python has it; `sums` weigh row i of n by i / n, so that they tell the order of rows. */
interface Prepared {
  readonly shape: readonly number[];
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly sums: readonly number[];
}
const reference = JSON.parse(readFileSync('test/source/reference/tables.json', 'utf8')) as Record<string, readonly Prepared[]>;

const folder = resolve('test/source/bed/tables');
const scripts = readdirSync(folder).filter((name) => /\.(py|ipynb)$/.test(name));

/** What is not read yet says so, and where. */
const unread: Readonly<Record<string, { readonly line: number; readonly text: RegExp }>> = {
  'first_reviews_index.py': { line: 26, text: /num_embeddings/ },
  'second_titanic_bins.py': { line: 7, text: /filled with/ },
};

async function preparedBy(name: string): Promise<readonly Tensor[]> {
  const { experiment } = read(name);
  const bundled = resolve('media/datasets');
  const loaded = await loadDataset(experiment, { folders: [folder], bundled, maximumBytes: 2 ** 28, seed: 0, cancel: never });
  if (!loaded.ok) throw new Error(`line ${loaded.error.range.line}: ${loaded.error.text}`);
  return [...loaded.value.train.inputs, ...loaded.value.train.targets];
}

function read(name: string) {
  const script = openScript(join(folder, name), folder);
  if (!script.ok) throw new Error(script.error);
  const { path, text } = script.value;
  const { experiments } = readScript(parser, path, text, projectOnDisk([folder], {}));
  const [experiment] = experiments;
  if (!experiment) throw new Error('No training unit was found.');
  return { experiment };
}

function summaryOf({ shape, values }: Tensor): Prepared {
  const count = shape[0] ?? 1;
  const width = values.length / count;
  const row = (at: number): number[] => Array.from(values.slice(at * width, (at + 1) * width));
  const sums = Array.from({ length: width }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += ((i + 1) / count) * (values[i * width + j] as number);
    return sum;
  });
  return { shape, first: row(0), last: row(count - 1), sums };
}

function expectClose(found: readonly number[], expected: readonly number[], scale: number): void {
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of expected.entries())
    expect(Math.abs((found[i] as number) - value), `entry ${i}: ${found[i]} for ${value}`).toBeLessThan(
      scale * (1 + Math.abs(value)),
    );
}

describe('tables as people prepare them', () => {
  it('has a reference for every script', () => {
    expect(Object.keys(reference).sort()).toEqual([...scripts].sort());
  });

  it.each(scripts.filter((name) => !unread[name]))('%s gives the rows that Python gives', async (name) => {
    expect(read(name).experiment.unread).toEqual([]);
    const made = await preparedBy(name);
    for (const [i, expected] of (reference[name] ?? []).entries()) {
      const tensor = made[i];
      // Weights of a loss are named in the reference too; they are looked at below.
      if (!tensor) continue;
      const found = summaryOf(tensor);
      const size = (shape: readonly number[]): number => shape.reduce((product, one) => product * one, 1);
      expect([found.shape[0], size(found.shape)]).toEqual([expected.shape[0], size(expected.shape)]);
      expectClose(found.first, expected.first, 1e-4);
      expectClose(found.last, expected.last, 1e-4);
      expectClose(found.sums, expected.sums, 1e-3);
    }
  });

  it.each(Object.entries(unread))('%s says what it does not read', (name, { line, text }) => {
    const [reason] = read(name).experiment.unread;
    expect(reason?.text).toMatch(text);
    expect(reason?.range.line).toBe(line);
  });

  it.each([
    ['first_churn_torch_weights.py', 'weight'],
    ['first_pima_posweight.py', 'positiveWeight'],
  ])('%s weighs its loss as Python does', (name, key) => {
    const model = JSON.stringify(read(name).experiment.model);
    const found = new RegExp(`"${key}":\\[([^\\]]+)\\]`).exec(model)?.[1]?.split(',').map(Number) ?? [];
    const expected = reference[name]?.[2];
    const entries = [...(expected?.first ?? []), ...((expected?.shape[0] ?? 1) > 1 ? (expected?.last ?? []) : [])];
    expectClose(found, entries, 1e-5);
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { never } from '../../src/base/cancel';
import { loadDataset } from '../../src/data/load';
import type { Tensor } from '../../src/records/dataset';
import { readScript } from '../../src/source/read';
import { parser } from './reading';

interface Numbers {
  readonly shape: readonly number[];
  readonly first: readonly number[];
  readonly weighted: number;
}
interface Reference {
  readonly files: Readonly<Record<string, string>>;
  readonly cases: Readonly<Record<string, { readonly code: string; readonly x: Numbers; readonly y: Numbers }>>;
}

const here = fileURLToPath(new URL('.', import.meta.url));
const reference = JSON.parse(readFileSync(join(here, 'reference', 'data_changes.json'), 'utf8')) as Reference;
const folder = mkdtempSync(join(tmpdir(), 'data-changes-'));
for (const [name, text] of Object.entries(reference.files)) writeFileSync(join(folder, name), text);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A script that trains on the rows `X` and targets `y` of a case. */
const scriptOf = (code: string, columns: number, targets: number | undefined): string => `import numpy as np
import pandas as pd
import torch
import torch.nn as nn
${code}
model = nn.Linear(${columns}, ${targets ?? 1})
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(3):
    loss = nn.functional.mse_loss(model(X)${targets === undefined ? '.squeeze(-1)' : ''}, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
`;

/** The same summary that the reference has. */
const summaryOf = ({ shape, values }: Tensor): Numbers => ({
  shape,
  first: [...values.slice(0, 30)],
  weighted: [...values].reduce((sum, value, i) => sum + value * (1 + (i % 7)), 0),
});

function expectNumbers(found: Numbers, wanted: Numbers): void {
  expect(found.shape).toEqual(wanted.shape);
  const close = (a: number, b: number): boolean => Math.abs(a - b) <= 2e-6 * Math.max(1, Math.abs(b));
  const wrong = wanted.first.filter((value, i) => !close(found.first[i] ?? Number.NaN, value));
  expect(wrong, `found ${found.first.join(' ')}`).toEqual([]);
  expect(Math.abs(found.weighted - wanted.weighted)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(wanted.weighted)));
}

describe('rows and targets that a script prepares are those that Python prepares', () => {
  it.each(Object.entries(reference.cases))('%s', async (_name, { code, x, y }) => {
    const path = join(folder, 'train.py');
    const { experiments } = readScript(parser, path, scriptOf(code, x.shape[1] ?? 1, y.shape[1]), {
      read: () => null,
      folders: [folder],
    });
    const [unit] = experiments;
    expect(unit?.unread.map(({ text, range }) => `${range.line}: ${text}`)).toEqual([]);
    if (!unit) return;
    const bundled = join(here, '..', '..', 'media', 'datasets');
    const made = await loadDataset(unit, { folders: [], bundled, maximumBytes: 2 ** 28, seed: 0, cancel: never });
    if (!made.ok) throw new Error(`${made.error.range.line}: ${made.error.text}`);
    const { inputs, targets } = made.value.train;
    expectNumbers(summaryOf(inputs[0] as Tensor), x);
    expectNumbers(summaryOf(targets[0] as Tensor), y);
  });
});

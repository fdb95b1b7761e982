import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { never } from '../../src/base/cancel';
import { loadDataset } from '../../src/data/load';
import type { Tensor } from '../../src/records/dataset';
import { readScript } from '../../src/source/read';
import { parser, readUnit } from './reading';

interface Reference {
  readonly text: string;
  readonly cases: Readonly<
    Record<
      string,
      {
        readonly code: string;
        readonly batch: string;
        readonly X: readonly (readonly number[])[];
        readonly Y: readonly (number | readonly number[])[];
        readonly vocabulary: number;
      }
    >
  >;
}

const reference = JSON.parse(readFileSync(new URL('reference/characters.json', import.meta.url), 'utf8')) as Reference;
const folder = mkdtempSync(join(tmpdir(), 'characters-'));
writeFileSync(join(folder, 'text.txt'), reference.text);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const scriptOf = (code: string, batch: string): string => `import numpy as np
import torch
import torch.nn as nn
${code}
model = nn.Sequential(nn.Embedding(n_vocab, 4), nn.Flatten())
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(3):
${batch}    loss = nn.functional.mse_loss(model(X).mean(1), Y.float())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
`;

const rowsOf = ({ shape, values }: Tensor): number[][] => {
  const width = shape.slice(1).reduce((product, size) => product * size, 1);
  return Array.from({ length: shape[0] ?? 0 }, (_, i) => [...values.slice(i * width, (i + 1) * width)]);
};

describe('the characters of a text become the numbers that they become in Python', () => {
  it.each(Object.entries(reference.cases))('%s', async (_name, { code, batch, X, Y, vocabulary }) => {
    const path = join(folder, 'train.py');
    const text = scriptOf(code, batch);
    const { experiments } = readScript(parser, path, text, { read: () => null, folders: [folder] });
    const [unit] = experiments;
    expect(unit?.unread.map(({ text: why, range }) => `${range.line}: ${why}`)).toEqual([]);
    if (!unit) return;
    const data = await loadDataset(unit, { folders: [folder], bundled: '', maximumBytes: 2 ** 22, seed: 0, cancel: never });
    if (!data.ok) throw new Error(data.error.text);
    const [x] = data.value.train.inputs;
    const y = data.value.train.targets[0];
    expect(x && rowsOf(x)).toEqual(X);
    expect(y && rowsOf(y)).toEqual(Y.map((row) => (typeof row === 'number' ? [row] : row)));
    const table = unit.model?.parameters.find(({ name }) => name.endsWith('weight'))?.shape[0];
    const size = typeof table === 'object' && 'symbol' in table ? data.value.symbols[table.symbol] : null;
    if (size !== null) expect(size).toBe(vocabulary);
    expect(unit.batches?.sampling).toBe(batch === '' ? 'full' : 'replacement');
  });

  it('a dictionary of characters that the script changes is not taken for the old one', () => {
    const unit = readUnit(
      scriptOf(
        `text = open('text.txt').read()
stoi = {ch: i + 1 for i, ch in enumerate(sorted(set(text)))}
stoi['.'] = 0
n_vocab = 30
codes = torch.tensor([stoi[c] for c in text])
X, Y = codes[:40].view(8, 5), codes[:8]
`,
        '',
      ),
    );
    expect(unit.unread.length).toBeGreaterThan(0);
  });
});

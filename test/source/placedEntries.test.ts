import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loaded } from '../data/program';
import { readUnit } from './reading';

const folder = mkdtempSync(join(tmpdir(), 'descent-lens-placed-'));
afterAll(() => rmSync(folder, { recursive: true }));
const table = join(folder, 't.csv');
writeFileSync(table, ['a,y', ...Array.from({ length: 10 }, (_, i) => `${i},${i % 2}`)].join('\n') + '\n');

const script = (prepare: string): string => `
import numpy as np
import pandas as pd
import torch
from torch import nn
from sklearn.model_selection import KFold, StratifiedKFold
df = pd.read_csv('${table}')
${prepare}
x = torch.tensor(part[['a']].values, dtype=torch.float32)
y = torch.tensor(part['y'].values, dtype=torch.float32).unsqueeze(1)
model = nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for epoch in range(3):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()
`;

const rowsOf = async (prepare: string): Promise<number[]> => {
  const unit = readUnit(script(prepare));
  expect(unit.unread).toEqual([]);
  return [...((await loaded(unit)).train.inputs[0]?.values ?? [])];
};

const folds = (splitter: string, number = 'fold'): string => `df['fold'] = -1
for fold, (_, val_idx) in enumerate(${splitter}.split(df, df['y'])):
    df.loc[val_idx, 'fold'] = ${number}
`;

describe('df.loc[numbers of rows, name] = value', () => {
  // The rows are those of scikit-learn 1.2.1.
  it.each([
    ['the rows outside the first fold', 'KFold(5)', 'df[df["fold"] != 0].reset_index(drop=True)', [2, 3, 4, 5, 6, 7, 8, 9]],
    ['those outside another fold', 'KFold(n_splits=5)', 'df[df.fold != 3].reset_index(drop=True)', [0, 1, 2, 3, 4, 5, 8, 9]],
    ['one fold', 'StratifiedKFold(n_splits=5)', 'df[df["fold"] == 1]', [2, 3]],
    ['rows that were mixed', 'KFold(5, shuffle=True, random_state=0)', 'df[df["fold"] == 2]', [1, 6]],
  ])('writes the number of each fold: %s', async (_title, splitter, chosen, rows) => {
    expect(await rowsOf(`${folds(splitter)}part = ${chosen}`)).toEqual(rows);
  });

  it('writes one value into some rows', async () => {
    expect(await rowsOf('df.loc[np.array([1, 4]), "a"] = 7\npart = df')).toEqual([0, 7, 2, 3, 7, 5, 6, 7, 8, 9]);
  });

  it('is told where rows are called by other labels than their numbers', () => {
    const { unread } = readUnit(script('part = df[df["a"] > 2]\npart.loc[np.array([1, 4]), "a"] = 7'));
    expect(unread.map(({ text }) => text)).toContain('This change of the data could not be read');
  });
});

describe('shares of a number of rows that only the data tell', () => {
  // 10 rows; what Python 3.11 and NumPy give.
  it.each([
    ['int(np.round(0.25 * len(df)))', 2],
    ['round(0.35 * len(df))', 4],
    ['round(0.45 * df.shape[0])', 4],
    ['int(np.ceil(0.25 * len(df)))', 3],
    ['math.ceil(len(df) / 3)', 4],
    ['int(np.floor(0.39 * len(df)))', 3],
    ['min(len(df), 4)', 4],
    ['min(100, len(df) - 1)', 9],
    ['max(2, len(df) // 3)', 3],
  ])('%s', async (count, rows) => {
    expect(await rowsOf(`import math\nn = ${count}\npart = df[:n]`)).toHaveLength(rows);
  });
});

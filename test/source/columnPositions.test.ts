import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { load, loaded } from '../data/program';
import { readUnit } from './reading';

const folder = mkdtempSync(join(tmpdir(), 'descent-lens-columns-'));
afterAll(() => rmSync(folder, { recursive: true }));
const table = join(folder, 'people.csv');
writeFileSync(
  table,
  'id,score,country,gender,age,left\n1,619,France,Female,42,1\n2,608,Spain,Female,41,0\n3,502,France,Male,42,1\n' +
    '4,699,Germany,Female,39,0\n5,850,Spain,Male,43,0\n6,645,Germany,Male,44,1\n',
);

const script = (columns: string): string => `
import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.compose import ColumnTransformer
from sklearn.preprocessing import LabelEncoder, OneHotEncoder
df = pd.read_csv('${table}')
y = df.iloc[:, -1].values
${columns}
model = tf.keras.models.Sequential()
model.add(tf.keras.layers.Dense(units=1, activation='sigmoid'))
model.compile(optimizer='adam', loss='binary_crossentropy')
model.fit(x, y, batch_size=2, epochs=3)
`;

async function rowsOf(text: string): Promise<number[][]> {
  const [input] = (await loaded(readUnit(text))).train.inputs;
  const [rows = 0, width = 0] = input?.shape ?? [];
  const values = [...(input?.values ?? [])];
  return Array.from({ length: rows }, (_, i) => values.slice(i * width, (i + 1) * width));
}

// The numbers are those of pandas 1.5 and scikit-learn 1.2 on the same table.
describe('columns by their positions', () => {
  const encoded = `x = df.iloc[:, 1:-1].values
x[:, 2] = LabelEncoder().fit_transform(x[:, 2])
`;

  it('are encoded, with the columns beside them as they are', async () => {
    const made = `${encoded}ct = ColumnTransformer(transformers=[('encoder', OneHotEncoder(), [1])], remainder='passthrough')
x = np.array(ct.fit_transform(x)).astype('float32')`;
    expect(await rowsOf(script(made))).toEqual([
      [1, 0, 0, 619, 0, 42],
      [0, 0, 1, 608, 0, 41],
      [1, 0, 0, 502, 1, 42],
      [0, 1, 0, 699, 0, 39],
      [0, 0, 1, 850, 1, 43],
      [0, 1, 0, 645, 1, 44],
    ]);
  });

  it('count from the end too, in a table with names', async () => {
    const made = `ct = ColumnTransformer([('e', OneHotEncoder(drop='first'), [-2])], remainder='passthrough')
x = ct.fit_transform(df[['score', 'country', 'age']])`;
    expect(await rowsOf(script(made))).toEqual([
      [0, 0, 619, 42],
      [0, 1, 608, 41],
      [0, 0, 502, 42],
      [1, 0, 699, 39],
      [0, 1, 850, 43],
      [1, 0, 645, 44],
    ]);
  });

  it('that are not there are told', async () => {
    const made = `ct = ColumnTransformer([('e', OneHotEncoder(), [7])], remainder='passthrough')
x = ct.fit_transform(df[['score', 'country', 'age']])`;
    expect(await load(readUnit(script(made)))).toMatchObject({ ok: false });
  });

  it('of an array of words are written one whole column at a time', async () => {
    const cells = `${encoded}x[:3, 0] = 7`;
    expect(await load(readUnit(script(cells)))).toMatchObject({
      ok: false,
      error: { text: 'Among words only whole columns can be written; encode them first.' },
    });
  });
});

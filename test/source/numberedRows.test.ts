import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loaded } from '../data/program';
import { readUnit } from './reading';

const folder = mkdtempSync(join(tmpdir(), 'descent-lens-numbered-'));
afterAll(() => rmSync(folder, { recursive: true }));
const table = join(folder, 't.csv');
writeFileSync(table, ['key,a,y', ...Array.from({ length: 12 }, (_, i) => `${2 * i},${i},${10 * i}`)].join('\n') + '\n');

const script = (prepare: string): string => `
import pandas as pd
from tensorflow import keras
df = pd.read_csv('${table}')
n = int(0.5 * len(df))
${prepare}
model = keras.Sequential([keras.layers.Dense(1)])
model.compile('sgd', 'mse')
model.fit(part[['a']].values, part['y'].values, epochs=2)
`;

describe('df.loc[first:last] of rows whose labels are their numbers', () => {
  // What pandas 1.5.3 gives.
  it.each([
    ['part = df.loc[0: n - 1]', [0, 1, 2, 3, 4, 5]],
    ['part = df.loc[n:]', [6, 7, 8, 9, 10, 11]],
    ['part = df.loc[3:5]', [3, 4, 5]],
    ['part = df[df["a"] > 2].reset_index(drop=True).loc[:1]', [3, 4]],
    ['part = pd.DataFrame(df[["a", "y"]].values, columns=["a", "y"]).loc[9:]', [9, 10, 11]],
  ])('%s', async (prepare, rows) => {
    const unit = readUnit(script(prepare));
    expect(unit.unread).toEqual([]);
    expect([...((await loaded(unit)).train.inputs[0]?.values ?? [])]).toEqual(rows);
  });

  it.each([
    ['rows that were sorted', 'part = df.sort_values("y", ascending=False).loc[3:5]'],
    ['rows that were left out', 'part = df[df["a"] > 2].loc[3:5]'],
    ['labels from the file', `part = pd.read_csv('${table}', index_col='key').loc[3:6]`],
    ['numbers from the end, which no row has', 'part = df.loc[-3:]'],
  ])('%s are told', (_title, prepare) => {
    expect(readUnit(script(prepare)).unread.map(({ text }) => text)).toContain('Row labels are not read');
  });
});

it('windows of a series are as many as have a target, where only the data tell', async () => {
  const unit = readUnit(`
import pandas as pd
from tensorflow import keras
df = pd.read_csv('${table}')
x, y = df[['a']].values, df['y'].values
rows = keras.utils.timeseries_dataset_from_array(x[: int(0.9 * len(x))], y[3:int(0.7 * len(x))], sequence_length=3, batch_size=2)
model = keras.Sequential([keras.layers.LSTM(2, input_shape=(3, 1)), keras.layers.Dense(1)])
model.compile('sgd', 'mse')
model.fit(rows, epochs=2)`);
  expect(unit.unread).toEqual([]);
  const { inputs, targets } = (await loaded(unit)).train;
  // Of 10 rows 8 windows, and 5 targets.
  expect([inputs[0]?.shape, [...(targets[0]?.values ?? [])]]).toEqual([
    [5, 3, 1],
    [30, 40, 50, 60, 70],
  ]);
});

it('a softmax of keras.ops goes along the axis that is said', () => {
  const shape = (call: string): unknown =>
    readUnit(`
import numpy as np
import keras
from keras import layers, ops
class Pool(layers.Layer):
    def call(self, x):
        return ops.sum(${call} * x, axis=1)
inputs = keras.Input((5, 3))
model = keras.Model(inputs, layers.Dense(1)(Pool()(inputs)))
model.compile('sgd', 'mse')
model.fit(np.random.rand(40, 5, 3), np.random.rand(40, 1), epochs=2)`).model?.nodes.find(({ kind }) => kind === 'softmax')
      ?.arguments;
  expect(shape('ops.softmax(x, axis=1)')).toEqual({ axis: 1 });
  expect(shape('keras.activations.softmax(x, 1)')).toEqual({ axis: 1 });
  expect(shape('ops.softmax(x)')).toEqual({ axis: -1 });
});

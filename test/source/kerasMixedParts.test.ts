import { describe, expect, it } from 'vitest';
import { loaded } from '../data/program';
import { readUnit } from './reading';

const script = (stream: string, validation = 'val'): string => `
import numpy as np
import tensorflow as tf
x = np.arange(20, dtype='float32').reshape(20, 1)
y = 2 * x[:, 0]
ds = tf.data.Dataset.from_tensor_slices((x, y))
${stream}
model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
model.compile('sgd', 'mse')
model.fit(train.batch(4), validation_data=${validation}.batch(4), epochs=2)
`;

const rowsOf = async (
  text: string,
): Promise<{ readonly train: number[]; readonly validation: number[]; readonly y: number[] }> => {
  const dataset = await loaded(readUnit(text));
  const values = (side: typeof dataset.train | null | undefined): number[] => [...(side?.inputs[0]?.values ?? [])];
  return {
    train: values(dataset.train),
    validation: values(dataset.validation),
    y: [...(dataset.train.targets[0]?.values ?? [])],
  };
};

const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const all = Array.from({ length: 20 }, (_, i) => i);

describe('parts of mixed rows', () => {
  it.each([
    ['of rows that each pass mixes anew', 'ds = ds.shuffle(20)', 1],
    ['of rows that are mixed once', 'ds = ds.shuffle(20, reshuffle_each_iteration=False)', 0],
  ])('%s', async (_title, mixing, assumed) => {
    const text = script(`${mixing}\nval = ds.take(5)\ntrain = ds.skip(5)`);
    const unit = readUnit(text);
    expect(unit.unread).toEqual([]);
    expect(unit.assumptions.filter((one) => one.text.includes('here one parting stays'))).toHaveLength(assumed);
    expect(unit.batches?.shuffle.value).toBe(assumed === 1);
    const { train, validation, y } = await rowsOf(text);
    expect(train).toHaveLength(15);
    // Together they are all rows, and not in the order of the data; targets stay beside their rows.
    expect(ascending([...train, ...validation])).toEqual(all);
    expect([...validation, ...train]).not.toEqual(all);
    expect(y).toEqual(train.map((value) => 2 * value));
  });

  it('parts a part as it stands, also behind a change of its rows', async () => {
    const parts = 'ds = ds.shuffle(20)\nval = ds.take(5)\nrest = ds.skip(5).map(lambda a, b: (a + 100, b))\n';
    const { train, validation } = await rowsOf(script(`${parts}train = rest.take(10)`, 'rest.skip(10)'));
    expect(train).toHaveLength(10);
    expect(validation).toHaveLength(5);
    expect(new Set([...train, ...validation]).size).toBe(15);
    expect(Math.min(...train, ...validation)).toBeGreaterThanOrEqual(100);
  });

  it('keeps the order of rows that are not mixed', async () => {
    const { train, validation } = await rowsOf(script('train = ds.skip(5)\nval = ds.take(5)'));
    expect([...validation, ...train]).toEqual(all);
  });
});

import { describe, expect, it } from 'vitest';
import { loaded } from '../data/program';
import { readUnit } from './reading';

const script = (change: string, height: number, width: number, rows = 'np.arange(2.0 * 4 * 6).reshape(2, 4, 6, 1)') => `
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers
x, y = ${rows}, np.arange(2)
def change(p, q):
    ${change}
    return p, q
rows = tf.data.Dataset.from_tensor_slices((x, y)).map(change).batch(2)
model = keras.Sequential([layers.Flatten(input_shape=(${height}, ${width}, 1)), layers.Dense(2)])
model.compile('adam', keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(rows, epochs=2)`;

/** The second picture, [height][width], as plain numbers. */
async function second(text: string): Promise<number[][]> {
  const { inputs } = (await loaded(readUnit(text))).train;
  const [input] = inputs;
  const [, height = 0, width = 0] = input?.shape ?? [];
  const values = [...(input?.values ?? [])].slice(height * width);
  return Array.from({ length: height }, (_, i) => values.slice(i * width, (i + 1) * width));
}

// Row i, column j of the second picture is 24 + 6i + j.
const entry = (i: number, j: number): number => (i < 0 || j < 0 || i > 3 || j > 5 ? 0 : 24 + 6 * i + j);
const part = (top: number, left: number, height: number, width: number): number[][] =>
  Array.from({ length: height }, (_, i) => Array.from({ length: width }, (_unused, j) => entry(top + i, left + j)));

describe('pictures of another size in a stream', () => {
  it.each([
    // The offsets are those of TensorFlow's code: half of the difference, rounded down.
    ['resize_with_crop_or_pad(p, 7, 9)', part(-1, -1, 7, 9)],
    ['resize_with_crop_or_pad(p, 3, 3)', part(0, 1, 3, 3)],
    ['resize_with_crop_or_pad(p, 2, 8)', part(1, -1, 2, 8)],
    ['pad_to_bounding_box(p, 2, 1, 8, 8)', part(-2, -1, 8, 8)],
    ['crop_to_bounding_box(p, 1, 2, 2, 3)', part(1, 2, 2, 3)],
  ])('tf.image.%s', async (call, expected) => {
    const text = script(`p = tf.image.${call}`, expected.length, expected[0]?.length ?? 0);
    expect(await second(text)).toEqual(expected);
  });

  it('are the middle where a crop is drawn at random, and what they were before a frame', async () => {
    const crop = script('p = tf.image.random_crop(p, [2, 4, 1])', 2, 4);
    expect(
      readUnit(crop)
        .assumptions.map(({ text }) => text)
        .join(),
    ).toMatch(/random changes of the pictures are left out/);
    expect(await second(crop)).toEqual(part(1, 1, 2, 4));
    const frame = 'p = tf.image.resize_with_crop_or_pad(p, 8, 10)\n    p = tf.image.random_crop(p, (4, 6, 1))';
    const unit = readUnit(script(frame, 4, 6));
    expect(await second(script(frame, 4, 6))).toEqual(part(0, 0, 4, 6));
    expect(unit.data.steps[unit.train?.inputs[0] ?? -1]?.kind).toBe('reshape');
  });

  it('are resized as bytes, and told where they are fractions', async () => {
    const bytes = '(np.arange(2 * 4 * 6) * 0 + 7).reshape(2, 4, 6, 1)';
    const unit = readUnit(script('p = tf.image.resize(p, (2, 3))', 2, 3, bytes));
    expect(unit.unread).toEqual([]);
    const { inputs } = (await loaded(unit)).train;
    expect([inputs[0]?.shape, new Set(inputs[0]?.values)]).toEqual([[2, 2, 3, 1], new Set([7])]);
    const fractions = readUnit(script('p = tf.image.resize(p, (2, 3))', 2, 3, 'np.random.rand(2, 4, 6, 1)'));
    expect(fractions.unread.map(({ text }) => text)).toContain('Pictures of fractions that are resized are not read');
  });
});

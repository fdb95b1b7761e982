import { describe, expect, it } from 'vitest';
import { readUnit, shapeOfData, shapeOfModel } from './reading';

const head = `
import numpy as np
import tensorflow as tf
from tensorflow import keras
from elsewhere import loaded
model = keras.Sequential([keras.layers.LSTM(4, input_shape=(12, 2)), keras.layers.Dense(1)])
model.compile('adam', 'mse')
`;

describe('streams of rows that are not read', () => {
  it.each([
    ['tf.data', 'stream = loaded().map(lambda w: (w[:-1], w[-1])).batch(100).prefetch(1)', 100],
    [
      'windows',
      'stream = keras.utils.timeseries_dataset_from_array(loaded(), loaded(), sequence_length=12, batch_size=256)',
      256,
    ],
  ])('keep the size of their batches: %s', (_, stream, size) => {
    const unit = readUnit(`${head}${stream}\nmodel.fit(stream, epochs=2)\n`);
    expect(unit.unread).toHaveLength(1);
    expect(unit.batches?.batchSize).toMatchObject({ value: size, isDefault: false });
    expect(unit.assumptions.map(({ text }) => text)).toContain('Rows that are not read are taken to be mixed');
  });

  it('have the usual batches where nothing says so', () => {
    const unit = readUnit(`${head}stream = loaded()\nmodel.fit(stream, epochs=2)\n`);
    expect(unit.batches?.batchSize).toMatchObject({ value: 32, isDefault: true });
  });
});

describe('a layer at each time', () => {
  it('takes numbers of times and features that only the data know', () => {
    const unit = readUnit(`
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers as L
x, y = np.load('x.npy'), np.random.rand(64, 1)
x = x.reshape((x.shape[0], 4, 32, x.shape[2]))
model = keras.Sequential([
    L.TimeDistributed(L.Conv1D(8, 3), input_shape=(None, 32, x.shape[3])),
    L.TimeDistributed(L.Flatten()),
    L.LSTM(4), L.Dense(1)])
model.compile('adam', 'mse')
model.fit(x, y)
`);
    expect(unit.unread).toEqual([]);
    const shapes = unit.model?.nodes.flatMap((node) => (node.kind === 'reshape' ? [node.arguments.shape] : []));
    expect(shapes?.map((shape) => [shape.length, shape[1]])).toEqual([
      [3, 32],
      [4, 4],
      [3, 30],
      [3, 4],
    ]);
    expect(shapeOfModel(unit)).toContain('lstm');
  });
});

describe('a matrix of numbered words', () => {
  it('has a column for each number', () => {
    const unit = readUnit(`
from tensorflow import keras
from tensorflow.keras.datasets import reuters
from tensorflow.keras.preprocessing.text import Tokenizer
(x, y), _ = reuters.load_data(num_words=1000)
x = Tokenizer(num_words=1000).sequences_to_matrix(x, mode='binary')
model = keras.Sequential([keras.layers.Dense(46, activation='softmax', input_shape=(1000,))])
model.compile('adam', 'sparse_categorical_crossentropy')
model.fit(x, y)
`);
    expect(unit.unread).toEqual([]);
    expect(shapeOfData(unit)).toContain('multiHot');
  });
});

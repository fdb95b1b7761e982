import { describe, expect, it } from 'vitest';
import { never } from '../../src/base/cancel';
import { loadDataset } from '../../src/data/load';
import type { Experiment } from '../../src/records/experiment';
import { readUnit, shapeOfModel } from './reading';

const head = `
import math
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers
from tensorflow.keras.preprocessing.sequence import TimeseriesGenerator
`;

async function loaded(unit: Experiment) {
  expect(unit.unread).toEqual([]);
  const made = await loadDataset(unit, { folders: ['/none'], bundled: '/none', maximumBytes: 2 ** 20, seed: 1, cancel: never });
  if (!made.ok) throw new Error(made.error.text);
  return made.value.train;
}

describe('windows over a series', () => {
  const model = `
model = keras.Sequential([layers.SimpleRNN(2, input_shape=(3, 1)), layers.Dense(1)])
model.compile('adam', 'mse')
`;

  it('of TimeseriesGenerator have the entry behind them as their target', async () => {
    const unit = readUnit(`${head}
series = np.arange(8.0).reshape(-1, 1)
rows = TimeseriesGenerator(series, series, length=3, batch_size=2)
${model}
model.fit(rows, epochs=2)`);
    const { inputs, targets } = await loaded(unit);
    expect([inputs[0]?.shape, [...(inputs[0]?.values ?? [])].slice(-3), [...(targets[0]?.values ?? [])]]).toEqual([
      [5, 3, 1],
      [4, 5, 6],
      [3, 4, 5, 6, 7],
    ]);
    expect([unit.batches?.batchSize?.value, unit.batches?.shuffle.value]).toEqual([2, true]);
  });

  it('of timeseries_dataset_from_array have the target at their first entry, in order and in batches of 128', async () => {
    const unit = readUnit(`${head}
series = np.arange(8.0).reshape(-1, 1)
rows = keras.utils.timeseries_dataset_from_array(series[:-3], series[3:], sequence_length=3)
${model}
model.fit(rows, epochs=2)`);
    const { inputs, targets } = await loaded(unit);
    expect([inputs[0]?.shape, [...(inputs[0]?.values ?? [])].slice(-3), [...(targets[0]?.values ?? [])]]).toEqual([
      [3, 3, 1],
      [2, 3, 4],
      [3, 4, 5],
    ]);
    expect([unit.batches?.batchSize?.value, unit.batches?.shuffle.value]).toEqual([128, false]);
  });
});

describe('a Sequence of the script', () => {
  const sequence = (end: string): string => `${head}
class Rows(keras.utils.Sequence):
    def __init__(self, x, y, size):
        self.x, self.y, self.size = x, y, size
        self.order = np.arange(len(x))
        ${end}
    def __len__(self):
        return math.ceil(len(self.x) / self.size)
    def __getitem__(self, i):
        rows = self.order[i * self.size:(i + 1) * self.size]
        return self.x[rows] / 2.0, self.y[rows]
x, y = np.random.randn(50, 4), np.random.randn(50, 1)
model = keras.Sequential([layers.Dense(1, input_shape=(4,))])
model.compile('sgd', 'mse')
model.fit(Rows(x, y, 8), epochs=3)`;

  it('gives batches by their number', () => {
    const unit = readUnit(sequence('np.random.shuffle(self.order)'));
    expect(unit.unread).toEqual([]);
    expect([unit.batches?.batchSize?.value, unit.batches?.shuffle.value, unit.loop?.epochs.value]).toEqual([8, true, 3]);
    expect(shapeOfModel(unit)).toMatch(/linear\(\d\) \|/);
  });
});

describe('random changes of pictures in a stream', () => {
  it.each(['tf.image.random_brightness(tf.image.random_flip_left_right(p), 0.1)', 'augment(p, training=True)'])(
    '%s is left out, and said',
    (change) => {
      const unit = readUnit(`${head}
x, y = np.random.rand(20, 8, 8, 3), np.arange(20) % 2
augment = keras.Sequential([layers.RandomFlip('horizontal'), layers.RandomRotation(0.1)])
rows = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(20).batch(4).map(lambda p, q: (${change}, q))
held = tf.data.Dataset.from_tensor_slices((x, y)).batch(4)
model = keras.Sequential([layers.Flatten(input_shape=(8, 8, 3)), layers.Dense(2)])
model.compile('adam', keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(rows, validation_data=held, epochs=2)`);
      expect(unit.unread).toEqual([]);
      expect(unit.assumptions.map(({ text }) => text).join()).toMatch(/random changes of the pictures are left out/);
      // What training without them tells of validation would mislead.
      expect(unit.validation).toBeNull();
    },
  );

  it('are steps of the data where they are layers that rescale', async () => {
    const unit = readUnit(`${head}
x, y = np.ones((4, 2)) * 255.0, np.ones((4, 1))
scale = layers.Rescaling(1.0 / 255, offset=1)
rows = tf.data.Dataset.from_tensor_slices((x, y)).batch(2).map(lambda p, q: (scale(p), q))
model = keras.Sequential([layers.Dense(1, input_shape=(2,))])
model.compile('adam', 'mse')
model.fit(rows, epochs=2)`);
    const { inputs } = await loaded(unit);
    for (const value of inputs[0]?.values ?? []) expect(value).toBeCloseTo(2, 6);
  });
});

describe('rows of unknown axes', () => {
  it('have those of the model’s Input', () => {
    const unit = readUnit(`${head}
x, y = np.load('x.npy'), np.load('y.npy')
inputs = keras.Input((8, 8, 1))
out = layers.Dense(1)(layers.Flatten()(layers.Conv2D(2, 3)(inputs)))
model = keras.Model(inputs, out)
model.compile('adam', 'mse')
model.fit(x, y)`);
    expect(unit.unread).toEqual([]);
    expect(unit.model?.parameters.map(({ shape }) => shape)).toEqual([[2, 1, 3, 3], [2], [1, 72], [1]]);
  });
});

describe('a Normalization layer', () => {
  it('scales single numbers by the mean and the deviation of all of them', async () => {
    const unit = readUnit(`${head}
x, y = np.array([1.0, 2.0, 3.0, 6.0]), np.array([1.0, 2.0, 3.0, 4.0])
scale = layers.Normalization(input_shape=[1,], axis=None)
scale.adapt(x)
model = keras.Sequential([scale, layers.Dense(1)])
model.compile('adam', 'mse')
model.fit(x, y)`);
    const { inputs } = await loaded(unit);
    const deviation = Math.sqrt(14 / 4);
    [1, 2, 3, 6].forEach((value, i) => expect(inputs[0]?.values[i]).toBeCloseTo((value - 3) / deviation, 5));
  });
});

describe('a search over the settings of an optimizer', () => {
  it('begins with the first of them', () => {
    const unit = readUnit(`${head}
from sklearn.model_selection import GridSearchCV
from scikeras.wrappers import KerasClassifier
def build():
    return keras.Sequential([layers.Dense(1, input_shape=(4,), activation='sigmoid')])
x, y = np.random.randn(50, 4), np.arange(50) % 2
made = KerasClassifier(model=build, loss='binary_crossentropy', optimizer='SGD', epochs=5)
grid = GridSearchCV(made, dict(optimizer__learning_rate=[0.003, 0.1], optimizer__momentum=[0.4, 0.9]))
grid.fit(x, y)`);
    expect(unit.optimizer?.learningRate).toMatchObject({ value: 0.003, isDefault: false });
    expect(unit.optimizer?.settings).toMatchObject({ momentum: { value: 0.4 } });
  });
});

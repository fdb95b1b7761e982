import { describe, expect, it } from 'vitest';
import { readUnit } from './reading';

const fit = (layers: string, rest = '', compile = "optimizer='adam', loss='mse'"): string => `
import numpy as np
from keras.models import Sequential
from keras.layers import *
from keras.layers.core import Dense
X = np.random.rand(50, 8, 8, 3)
y = np.random.rand(50, 1)
model = Sequential()
${layers}
model.compile(${compile})
model.fit(X, y${rest})
`;

const flatEnd = 'model.add(Flatten())\nmodel.add(Dense(1))';

describe('Keras 1', () => {
  const text = fit(
    "model.add(Convolution2D(4, 3, 3, border_mode='same', init='he_normal', input_shape=(8, 8, 3)))\n" +
      'model.add(Flatten())\nmodel.add(Dense(output_dim=1, init="uniform"))',
    ', nb_epoch=7',
  );

  it('is read in its own words', () => {
    const { unread, loop, model } = readUnit(text);
    expect(unread).toEqual([]);
    expect(loop?.epochs.value).toBe(7);
    const conv = model?.nodes.find(({ kind }) => kind === 'conv2d');
    expect(conv?.arguments).toMatchObject({ kernel: [3, 3], padding: [1, 1], outChannels: 4 });
    expect(model?.parameters.map(({ isDefault, initializer }) => [isDefault, initializer.kind])).toEqual([
      [false, 'varianceScaling'],
      [true, 'constant'],
      [false, 'uniform'],
      [true, 'constant'],
    ]);
  });

  it('leaves an argument that no layer knows unread', () => {
    const { unread } = readUnit(fit(`model.add(Dense(4, kernel_quantizer='x', input_shape=(8, 8, 3)))\n${flatEnd}`));
    expect(unread.map(({ text: why }) => why)).toEqual(['`kernel_quantizer` is not an argument that is read here']);
  });
});

describe('convolutions of Keras', () => {
  it.each([
    ["SeparableConv2D(5, 3, padding='same', input_shape=(8, 8, 3))", [[3, 1, 3, 3], [5, 3, 1, 1], [5]]],
    ['DepthwiseConv2D(3, input_shape=(8, 8, 3))', [[3, 1, 3, 3], [3]]],
    ["Conv2DTranspose(4, 3, strides=2, padding='same', input_shape=(8, 8, 3))", [[3, 4, 3, 3], [4]]],
  ])('%s has the weights that Keras gives it', (layer, shapes) => {
    const { unread, model } = readUnit(fit(`model.add(${layer})\n${flatEnd}`));
    expect(unread).toEqual([]);
    const own = model?.parameters.slice(0, shapes.length).map(({ shape }) => shape);
    expect(own?.map(String).sort()).toEqual(shapes.map(String).sort());
  });

  it('enlarges by the stride: the layer behind sees 16 by 16 places of 4 channels', () => {
    const { model } = readUnit(
      fit(`model.add(Conv2DTranspose(4, 3, strides=2, padding='same', input_shape=(8, 8, 3)))\n${flatEnd}`),
    );
    expect(model?.nodes.find(({ kind }) => kind === 'linear')?.arguments).toMatchObject({ in: 16 * 16 * 4, out: 1 });
  });
});

describe('losses of Keras', () => {
  it.each(['hinge', 'squared_hinge', 'log_cosh', 'poisson', 'kl_divergence', 'cosine_similarity', 'msle', 'mape'])(
    '%s is composed of operations',
    (name) => {
      const { unread, model } = readUnit(fit(flatEnd, '', `optimizer='sgd', loss='${name}'`));
      expect(unread).toEqual([]);
      expect(model?.loss).not.toBeNull();
    },
  );

  it('refuses a name that is none', () => {
    expect(readUnit(fit(flatEnd, '', "optimizer='sgd', loss='mean_whatever'")).unread).toHaveLength(1);
  });
});

describe('trainings of Keras that are not read whole', () => {
  it('keep their optimizer and rate', () => {
    const { optimizer, unread } = readUnit(fit(`model.add(ConvLSTM2D(0.1))\n${flatEnd}`, '', "optimizer='rmsprop', loss='mse'"));
    expect(optimizer?.learningRate.value).toBe(1e-3);
    expect(unread.map(({ text }) => text)).toEqual(['This layer of Keras is not read']);
  });
});

describe('tables that scikit-learn draws', () => {
  it.each([
    ['make_moons(n_samples=101, noise=0.1, random_state=1)', 2],
    ['make_circles(n_samples=60, noise=0.1)', 2],
    ['make_blobs(n_samples=90, centers=3, n_features=4, random_state=0)', 4],
    ['make_regression(n_samples=50, n_features=20, noise=1.0)', 20],
    ['make_classification(n_samples=80, n_features=10, n_informative=4)', 10],
  ])('%s', (call, columns) => {
    const { unread, model, assumptions } = readUnit(`
from sklearn.datasets import ${call.split('(')[0]}
from keras import layers, Sequential
X, y = ${call}
model = Sequential([layers.Dense(1, input_shape=(${columns},))])
model.compile('sgd', 'mse')
model.fit(X, y)
`);
    expect(unread).toEqual([]);
    expect(model?.nodes.find(({ kind }) => kind === 'linear')?.arguments).toMatchObject({ in: columns });
    expect(assumptions.some(({ text }) => text.includes('the same distribution, other numbers'))).toBe(true);
  });
});

describe('layers of one class of the script', () => {
  it('have weights of different names', () => {
    const { model, unread } = readUnit(`import numpy as np
from tensorflow import keras
import tensorflow as tf

class Linear(keras.layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = units

    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1], self.units), initializer="random_normal")

    def call(self, x):
        return tf.matmul(x, self.w)

class Block(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.first, self.second = Linear(5), Linear(1)

    def call(self, x):
        return self.second(tf.nn.relu(self.first(x)))

X, y = np.random.random((100, 8)), np.random.random((100, 1))
inputs = keras.Input(shape=(8,))
model = keras.Model(inputs, Block()(inputs))
model.compile(optimizer="sgd", loss="mse")
model.fit(X, y, epochs=2)
`);
    expect(unread).toEqual([]);
    expect(model?.parameters.map(({ name, shape }) => [name, shape])).toEqual([
      ['w', [8, 5]],
      ['w_1', [5, 1]],
    ]);
  });
});

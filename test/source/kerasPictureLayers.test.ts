import { describe, expect, it } from 'vitest';
import { readUnit, shapeOfModel } from './reading';

const over = (layers: string): string => `
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers as L
x, y = np.random.rand(64, 9, 9, 4), np.random.rand(64, 1)
model = keras.Sequential([keras.Input((9, 9, 4)), ${layers}, L.Flatten(), L.Dense(1)])
model.compile('adam', 'mse')
model.fit(x, y)
`;

describe('layers of pictures in Keras', () => {
  it('average over what lies inside the picture at its edge', () => {
    const { model, unread } = readUnit(over("L.AveragePooling2D(3, strides=1, padding='same')"));
    expect(unread).toEqual([]);
    const pool = model?.nodes.find(({ kind }) => kind === 'avgPool2d');
    expect(pool?.arguments).toMatchObject({ kernel: [3, 3], stride: [1, 1], padding: [1, 1], countPadding: false });
  });

  it('are not averaged over an edge that is wider on one side', () => {
    const { unread } = readUnit(over("L.AveragePooling2D(2, strides=1, padding='same')"));
    expect(unread.map(({ text }) => text)).toEqual(['Averages over an edge that is wider on one side are not read']);
  });

  // Keras's depthwise kernel is [height, width, channels, 1]: its way in counts 9 · 4, the graph's [4, 1, 3, 3] counts 9.
  it.each([
    ["'he_normal'", { scale: 2, mode: 'fanOut' }],
    ["keras.initializers.VarianceScaling(0.5, 'fan_out', 'uniform')", { scale: 0.5, mode: 'fanIn', distribution: 'uniform' }],
    ["'glorot_normal'", { scale: 1, mode: 'fanAverage' }],
  ])('begin with %s where they go over single channels', (initializer, rule) => {
    const { model, unread } = readUnit(over(`L.DepthwiseConv2D(3, depthwise_initializer=${initializer})`));
    expect(unread).toEqual([]);
    expect(model?.parameters[0]?.shape).toEqual([4, 1, 3, 3]);
    expect(model?.parameters[0]?.initializer).toMatchObject({ kind: 'varianceScaling', ...rule });
  });

  it('are dropped as wholes by a noise_shape of ones', () => {
    const unit = readUnit(over('L.Dropout(0.25, noise_shape=(None, 1, 1, 1))'));
    expect(unit.unread).toEqual([]);
    expect(shapeOfModel(unit)).toContain('unsqueeze(0) featureDropout(1) squeeze(2)');
    const other = readUnit(over('L.Dropout(0.25, noise_shape=(None, 1, 9, 1))'));
    expect(other.unread.map(({ text }) => text)).toEqual(['This `noise_shape` is not followed']);
  });
});

describe('a fit of which something beside the model is not read', () => {
  it('leaves model, loss and rate', () => {
    const unit = readUnit(`
import numpy as np
from elsewhere import weights
from tensorflow import keras
x, y = np.random.rand(64, 4), np.random.randint(0, 2, (64, 1))
model = keras.Sequential([keras.layers.Dense(1, activation='sigmoid', input_shape=(4,))])
model.compile(keras.optimizers.Adam(0.02), 'binary_crossentropy')
model.fit(x, y, class_weight=weights, epochs=3)
`);
    expect(unit.unread.map(({ text }) => text)).toEqual(['These class weights could not be read']);
    expect(shapeOfModel(unit)).toContain('input linear(0) | ');
    expect(unit.model?.loss).not.toBeNull();
    expect([unit.optimizer?.learningRate.value, unit.loop?.epochs.value]).toEqual([0.02, 3]);
  });
});

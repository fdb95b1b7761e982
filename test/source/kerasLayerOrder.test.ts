import { describe, expect, it } from 'vitest';
import { readUnit } from './reading';

const functional = (freeze: string): string => `
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers
X = np.random.rand(50, 8)
y = np.random.rand(50, 1)
inputs = keras.Input(shape=(8,))
left = layers.Dense(3, name='left')(inputs)
right = layers.Dense(4, name='right')(inputs)
deep = layers.Dense(5, name='deep')(left)
joined = layers.Concatenate()([deep, right])
outputs = layers.Dense(1, name='out')(joined)
model = keras.Model(inputs, outputs)
${freeze}
model.compile(optimizer='adam', loss='mse')
model.fit(X, y)
`;

/** Names of the layers whose weights are trained. */
const trained = (freeze: string): string[] => {
  const { unread, model } = readUnit(functional(freeze));
  expect(unread).toEqual([]);
  return [...new Set(model?.parameters.filter(({ trainable }) => trainable).map(({ name }) => name.split('.')[0] ?? ''))].sort();
};

describe('the layers of a functional model', () => {
  it('begin with the Input, and stand by their distance from the outputs', () => {
    // Input, left, then deep and right (both two steps from the end), the concatenation and the output.
    expect(trained('for layer in model.layers[:2]: layer.trainable = False')).toEqual(['deep', 'out', 'right']);
    expect(trained('for layer in model.layers[:3]: layer.trainable = False')).toEqual(['out', 'right']);
    expect(trained('for layer in model.layers[:4]: layer.trainable = False')).toEqual(['out']);
    expect(trained('for layer in model.layers[:-1]: layer.trainable = False')).toEqual(['out']);
    expect(trained('model.get_layer(index=1).trainable = False')).toEqual(['deep', 'out', 'right']);
  });

  it('of a Sequential hold no Input', () => {
    const { model } = readUnit(`
import numpy as np
from tensorflow import keras
model = keras.Sequential([keras.Input(shape=(8,)), keras.layers.Dense(4), keras.layers.Dense(1)])
model.layers[0].trainable = False
model.compile(optimizer='adam', loss='mse')
model.fit(np.random.rand(50, 8), np.random.rand(50, 1))
`);
    expect(model?.parameters.map(({ trainable }) => trainable)).toEqual([false, false, true, true]);
  });
});

import { describe, expect, it } from 'vitest';
import { readUnit } from './reading';

const over = (layers: string): string => `
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers as L
x, y = np.random.randint(0, 500, (64, 9)), np.random.rand(64, 1)
model = keras.Sequential([L.Embedding(500, 8, embeddings_initializer='he_normal', input_length=9), ${layers}, L.Dense(1)])
model.compile('adam', 'mse')
model.fit(x, y)
`;

describe('first values and penalties of weights that Keras keeps in another order', () => {
  it('count the words of an embedding as its ways in, where the graph counts the entries of one', () => {
    const { model, unread } = readUnit(over('L.Flatten()'));
    expect(unread).toEqual([]);
    // Keras: the fan in of [500, 8] is 500; the graph's is 8, and its fan out 500.
    expect(model?.parameters[0]).toMatchObject({
      shape: [500, 8],
      initializer: { kind: 'varianceScaling', scale: 2, mode: 'fanOut', distribution: 'truncatedNormal' },
    });
  });

  it.each([
    ["L.SimpleRNN(4, recurrent_regularizer='l2')", [[4, 4]]],
    [
      "L.LSTM(4, kernel_regularizer='l2', recurrent_regularizer='l2')",
      [
        [16, 8],
        [16, 4],
      ],
    ],
    ["L.GRU(4, bias_regularizer='l2')", [[12], [12]]],
  ])('%s weighs its own weights', (layer, shapes) => {
    const { model, unread } = readUnit(over(layer));
    expect(unread).toEqual([]);
    const weighed = model?.nodes.flatMap((node) =>
      node.kind === 'parameter' ? [model.parameters[node.parameters.value ?? -1]?.shape] : [],
    );
    expect(weighed).toEqual(shapes);
  });
});

import { describe, expect, it } from 'vitest';
import { readUnit } from './reading';

const script = (calls: string): string => `
import numpy as np
from tensorflow import keras
x = np.random.rand(200, 4)
y = np.random.rand(200, 1)
model = keras.Sequential([keras.layers.Dense(8, activation='relu', input_shape=(4,)), keras.layers.Dense(1)])
model.compile('adam', 'mse')
${calls}
`;

const told = (text: string) => {
  const { loop, assumptions, unread } = readUnit(text);
  expect(unread).toEqual([]);
  return {
    epochs: loop?.epochs.value,
    lines: assumptions.filter((one) => one.text.includes('looked at')).map(({ range }) => range.line),
  };
};

describe('a Keras model that is fitted more than once', () => {
  it.each([
    ['epochs are the passes of the loop', 'for i in range(50):\n    model.fit(x, y, verbose=0)\n    model.reset_states()', 50],
    ['epochs of each pass are counted', 'for i in range(50):\n    model.fit(x, y, epochs=3)', 150],
    ['so are those of nested loops', 'for i in range(4):\n    for j in range(5):\n        model.fit(x, y)', 20],
    ['a call alone is as it was', 'model.fit(x, y, epochs=7)', 7],
  ])('%s', (_, calls, epochs) => {
    expect(told(script(calls))).toEqual({ epochs, lines: [] });
  });

  it.each([
    ['a second call', 'model.fit(x, y, epochs=5)\nmodel.fit(x, y, epochs=20, batch_size=8)', 5, 9],
    ['passes until something happens', 'while True:\n    model.fit(x, y, epochs=3)\n    if input():\n        break', 3, 8],
    [
      'callbacks that begin anew',
      "for i in range(9):\n    model.fit(x, y, epochs=3, callbacks=[keras.callbacks.EarlyStopping('loss')])",
      3,
      8,
    ],
  ])('%s is told, and the first is looked at', (_, calls, epochs, line) => {
    expect(told(script(calls))).toEqual({ epochs, lines: [line] });
  });

  it('says nothing where each pass makes a new model', () => {
    const anew = `
import numpy as np
from tensorflow import keras
x = np.random.rand(200, 4)
y = np.random.rand(200, 1)
for i in range(5):
    model = keras.Sequential([keras.layers.Dense(1, input_shape=(4,))])
    model.compile('adam', 'mse')
    model.fit(x, y, epochs=7)
`;
    expect(told(anew)).toEqual({ epochs: 7, lines: [] });
  });
});

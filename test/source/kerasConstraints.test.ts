import { describe, expect, it } from 'vitest';
import { readUnit, textAt } from './reading';

const script = (layers: string): string => `
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers
from tensorflow.keras.constraints import MaxNorm, UnitNorm, max_norm, non_neg, min_max_norm
x, y = np.random.rand(20, 8, 8, 1), np.random.rand(20, 1)
model = keras.Sequential([keras.Input((8, 8, 1)), ${layers}])
model.compile('sgd', 'mse')
model.fit(x, y, batch_size=5)
`;
const boundsOf = (layers: string) => {
  const text = script(layers);
  const { unread, loop } = readUnit(text);
  expect(unread).toEqual([]);
  return (loop?.bounds ?? []).map(({ low, high, norms, when, parameters, range }) => [
    low?.value ?? null,
    high?.value ?? null,
    norms ?? null,
    when,
    parameters,
    textAt(text, range),
  ]);
};

describe('constraints of Keras', () => {
  it.each([
    ['max_norm(3)', null, { least: 0, most: 3 }],
    ['MaxNorm()', null, { least: 0, most: 2 }],
    ['UnitNorm()', null, { least: 1, most: 1 }],
    ['non_neg()', 0, null],
    ["'unit_norm'", null, { least: 1, most: 1 }],
  ])('%s holds behind each step for the weights into each unit', (constraint, low, norms) => {
    const found = boundsOf(`layers.Flatten(), layers.Dense(4, kernel_constraint=${constraint}), layers.Dense(1)`);
    expect(found).toEqual([[low, null, norms, 'afterStep', [0], constraint]]);
  });

  it('hold for the kernels of a convolution over all axes but the last', () => {
    const found = boundsOf(
      'layers.Conv2D(2, 3, kernel_constraint=max_norm(1.0, axis=[0, 1, 2])), layers.Flatten(), layers.Dense(1)',
    );
    expect(found.map((one) => one.slice(2, 5))).toEqual([[{ least: 0, most: 1 }, 'afterStep', [0]]]);
  });

  it.each([
    [
      'layers.Conv2D(2, 3, kernel_constraint=max_norm(1.0)), layers.Flatten(), layers.Dense(1)',
      'Norms over these axes are not read',
    ],
    [
      'layers.Flatten(), layers.Dense(1, kernel_constraint=min_max_norm(0.1, 1.0, rate=0.5))',
      'A constraint that is met bit by bit is not read',
    ],
    ['layers.Flatten(), layers.Dense(1, bias_constraint=non_neg())', '`bias_constraint` is not followed'],
    ["layers.Flatten(), layers.Dense(1, kernel_constraint='own')", '`kernel_constraint` is not followed'],
  ])('%s is refused', (layers, text) => {
    expect(readUnit(script(layers)).unread.map((reason) => reason.text)).toContain(text);
  });
});

import { describe, expect, it } from 'vitest';
import { readUnit, textAt } from './reading';

const script = (rate: string): string => `import numpy as np
from tensorflow import keras
from tensorflow.keras.optimizers.schedules import CosineDecay, ExponentialDecay, PiecewiseConstantDecay
x, y = np.random.rand(100, 4), np.random.rand(100, 1)
model = keras.Sequential([keras.Input(shape=(4,)), keras.layers.Dense(1)])
model.compile(optimizer=keras.optimizers.SGD(learning_rate=${rate}), loss='mse')
model.fit(x, y, epochs=3, batch_size=20)
`;

describe('Keras’s schedules in place of a rate', () => {
  it.each([
    [
      'ExponentialDecay(0.05, decay_steps=100, decay_rate=0.9, staircase=True)',
      '0.05',
      { kind: 'exponential', length: 100, gamma: 0.9, staircase: true },
    ],
    [
      'CosineDecay(0.01, 200, warmup_target=0.1, warmup_steps=10)',
      '0.01',
      { kind: 'cosine', length: 200, end: 0, warmUp: 10, top: 10 },
    ],
    [
      'PiecewiseConstantDecay([10, 20], [0.1, 0.05, 0.025])',
      '0.1',
      { kind: 'piecewise', boundaries: [10, 20], factors: [1, 0.5, 0.25] },
    ],
  ])('%s', (rate, literal, curve) => {
    const text = script(rate);
    const { unread, optimizer, schedules } = readUnit(text);
    expect(unread).toEqual([]);
    expect(textAt(text, optimizer?.learningRate.place)).toBe(literal);
    expect(schedules.map(({ rule, per }) => [rule, per])).toEqual([[{ kind: 'decay', curve }, 'batch']]);
    expect(textAt(text, schedules[0]?.range)).toBe(rate);
  });

  it('follows the decay of old versions, batch by batch', () => {
    const { schedules, unread } = readUnit(script('0.1, decay=1e-3'));
    const curve = { kind: 'inverseTime', length: 1, gamma: 1e-3, staircase: false };
    expect(unread).toEqual([]);
    expect(schedules.map(({ rule, per }) => [rule, per])).toEqual([[{ kind: 'decay', curve }, 'batch']]);
  });
});

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { boundSchedules } from '../../src/engine/schedules/bound';
import { here, loaded } from '../data/program';
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

describe('boundaries that the data decide', () => {
  it('are filled in once these are there', async () => {
    const unit = readUnit(`
import numpy as np, pandas as pd
from tensorflow import keras
df = pd.read_csv('${join(here, 'files', 'plain.csv')}')
x, y = df[['length', 'width']].values, df['height'].values
steps = len(x) // 1
rate = keras.optimizers.schedules.PiecewiseConstantDecay([10 * steps, 15 * steps], [0.1, 0.05, 0.025])
model = keras.Sequential([keras.Input(shape=(2,)), keras.layers.Dense(1)])
model.compile(keras.optimizers.SGD(rate), 'mse')
model.fit(x, y, epochs=30, batch_size=1)
`);
    expect(unit.unread).toEqual([]);
    expect(Object.keys(unit.schedules[0]?.lengths ?? {})).toEqual(['curve.boundaries.0', 'curve.boundaries.1']);
    const dataset = await loaded(unit);
    const rows = dataset.train.rows.length;
    const bound = boundSchedules(unit.schedules, dataset);
    const curve = { kind: 'piecewise', boundaries: [10 * rows, 15 * rows], factors: [1, 0.5, 0.25] };
    expect(bound).toMatchObject({ ok: true, value: [{ rule: { kind: 'decay', curve } }] });
  });
});

describe('a schedule class of the script', () => {
  const script = (body: string, rate = 'Warm(0.02, 4)'): string => `
import numpy as np
import tensorflow as tf
class Warm(tf.keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, peak, steps):
        super().__init__()
        self.peak = peak
        self.steps = steps
    def __call__(self, step):
        step = tf.cast(step, tf.float32)
        ${body}
x, y = np.random.randn(64, 3), np.random.randn(64, 1)
model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
model.compile(optimizer=tf.keras.optimizers.Adam(learning_rate=${rate}), loss='mse')
model.fit(x, y, epochs=3, batch_size=16)
`;

  it('is asked for the rate of every step, its highest one standing at the number that says it', () => {
    const text = script('return tf.where(step < self.steps, self.peak * step / self.steps, self.peak)');
    const { optimizer, schedules, unread } = readUnit(text);
    expect(unread).toEqual([]);
    expect([optimizer?.learningRate.value, textAt(text, optimizer?.learningRate.place)]).toEqual([0.02, '0.02']);
    expect(schedules[0]).toMatchObject({ per: 'batch', rule: { kind: 'table', factors: [0, 0.25, 0.5, 0.75, 1] } });
  });

  it('says so when its rates are not numbers', () => {
    const { unread } = readUnit(script('return self.peak * np.random.rand()'));
    expect(unread.map(({ text }) => text)).toContain('The rates of this schedule could not be followed');
  });

  it('may decay over a number of steps that the data decide', () => {
    const { schedules, unread } = readUnit(`
import tensorflow as tf
(x, y), _ = tf.keras.datasets.mnist.load_data()
model = tf.keras.Sequential([tf.keras.layers.Flatten(input_shape=(28, 28)), tf.keras.layers.Dense(10)])
rate = tf.keras.optimizers.schedules.CosineDecay(0.1, decay_steps=10 * (len(x) // 32))
model.compile(tf.keras.optimizers.SGD(rate), tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(x, y, epochs=10)
`);
    expect(unread).toEqual([]);
    expect(Object.keys(schedules[0]?.lengths ?? {})).toEqual(['curve.length']);
  });
});

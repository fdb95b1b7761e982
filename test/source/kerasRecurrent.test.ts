import { describe, expect, test } from 'vitest';
import { readUnit, shapeOfModel } from './reading';

/** A Keras script over sequences of 6 times and 3 numbers. */
const script = (layers: string): string => `
import numpy as np
from tensorflow import keras
from tensorflow.keras.layers import Bidirectional, Conv1D, Dense, Flatten, GRU, LSTM, RepeatVector, SimpleRNN, TimeDistributed
x, y = np.random.randn(40, 6, 3), np.random.randn(40, 1)
model = keras.Sequential([keras.Input(shape=(6, 3)), ${layers}])
model.compile(optimizer='adam', loss='mse')
model.fit(x, y, epochs=2, batch_size=8)
`;

const modelOf = (layers: string) => {
  const unit = readUnit(script(layers));
  expect(unit.unread).toEqual([]);
  return unit;
};

describe('Keras’s recurrent layers', () => {
  test('give the last state or all of them', () => {
    expect(shapeOfModel(modelOf('LSTM(4), Dense(1)'))).toMatch(/^input lstm\(0\) squeeze\(1\) linear\(2\) \|/);
    expect(shapeOfModel(modelOf('GRU(4, return_sequences=True), SimpleRNN(5), Dense(1)'))).toMatch(
      /^input gru\(0\) rnn\(1\) squeeze\(2\) linear\(3\) \|/,
    );
  });

  test('start with Keras’s initialisation', () => {
    const { model } = modelOf('LSTM(2), Dense(1)');
    const [kernel, loop, bias] = model?.parameters ?? [];
    expect([kernel?.shape, loop?.shape, bias?.shape]).toEqual([[8, 3], [8, 2], [8]]);
    expect(kernel?.initializer).toEqual({ kind: 'xavierUniform', gain: 1 });
    expect(loop?.initializer).toEqual({ kind: 'orthogonal', gain: 1 });
    expect(bias?.initializer).toEqual({ kind: 'values', values: [0, 0, 1, 1, 0, 0, 0, 0] });
    const plain = modelOf('LSTM(2, unit_forget_bias=False), Dense(1)').model?.parameters[2];
    expect(plain?.initializer).toEqual({ kind: 'constant', value: 0 });
  });

  test('have two biases in a GRU that resets after the product, and one otherwise', () => {
    const names = (layers: string) => Object.keys(modelOf(layers).model?.nodes[1]?.parameters ?? {});
    expect(names('GRU(4), Dense(1)')).toEqual(['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh']);
    expect(names('GRU(4, reset_after=False), Dense(1)')).toEqual(['weight_ih', 'weight_hh', 'bias_ih']);
    expect(names('SimpleRNN(4, use_bias=False), Dense(1)')).toEqual(['weight_ih', 'weight_hh']);
    expect(modelOf('GRU(4, reset_after=False), Dense(1)').model?.nodes[1]?.arguments).toMatchObject({ resetAfter: false });
    expect(modelOf("LSTM(4, activation='relu'), Dense(1)").model?.nodes[1]?.arguments).toMatchObject({ activation: 'relu' });
  });

  test('go in both directions with weights of their own', () => {
    const unit = modelOf('Bidirectional(LSTM(4, return_sequences=True)), TimeDistributed(Dense(2)), Flatten(), Dense(1)');
    expect(shapeOfModel(unit)).toMatch(/^input lstm\(0\) lstm\(0\) concatenate\(1,2\) linear\(3\) flatten\(4\) linear\(5\) \|/);
    const nodes = unit.model?.nodes ?? [];
    expect(nodes[1]?.arguments).toMatchObject({ reverse: false });
    expect(nodes[2]?.arguments).toMatchObject({ reverse: true });
    expect(nodes[1]?.parameters['weight_ih']).not.toBe(nodes[2]?.parameters['weight_ih']);
    expect(unit.optimizer?.groups[0]?.parameters).toHaveLength(10);
  });

  test('are encoder and decoder around a repeated vector', () => {
    const unit = modelOf('LSTM(4), RepeatVector(3), LSTM(4, return_sequences=True), Flatten(), Dense(1)');
    expect(shapeOfModel(unit)).toMatch(
      /^input lstm\(0\) squeeze\(1\) unsqueeze\(2\) concatenate\(3,3,3\) lstm\(4\) flatten\(5\) linear\(6\) \|/,
    );
  });

  test.each([
    ['LSTM(4, recurrent_dropout=0.2)', /recurrent_dropout/],
    ['LSTM(4, stateful=True)', /stateful/],
    ["GRU(4, recurrent_activation='hard_sigmoid')", /sigmoid gates/],
    ["LSTM(4, activation='selu')", /activation/],
    ["Bidirectional(LSTM(4), merge_mode='ave')", /joining/],
    ['TimeDistributed(Conv1D(4, 2))', /at each time/],
  ])('%s is said not to be read', (layer, expected) => {
    const { unread } = readUnit(script(`${layer}, Dense(1)`));
    expect(unread.map(({ text }) => text).join()).toMatch(expected);
  });
});

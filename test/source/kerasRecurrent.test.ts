import { describe, expect, test } from 'vitest';
import { readUnit, shapeOfModel } from './reading';

/** A Keras script over sequences of 6 times and 3 numbers. */
const script = (layers: string): string => `
import numpy as np
from tensorflow import keras
from tensorflow.keras.layers import Bidirectional, Conv1D, Dense, Dropout, Embedding, Flatten, GRU, LSTM, Masking, RepeatVector, Reshape, SimpleRNN, TimeDistributed
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

  test('drop of state and input for each gate with `recurrent_dropout`, once for all times', () => {
    const nodes = modelOf('GRU(4, dropout=0.1, recurrent_dropout=0.5), Dense(1)').model?.nodes ?? [];
    const layer = nodes.find(({ kind }) => kind === 'gru');
    expect(layer?.arguments).toMatchObject({ modifiers: ['stateFactors', 'inputFactors'] });
    const [, state, input] = (layer?.inputs ?? []).map((i) => nodes[i]);
    expect([state?.kind, state?.arguments, input?.kind, input?.arguments]).toMatchObject([
      'dropout',
      { p: 0.5 },
      'dropout',
      { p: 0.1 },
    ]);
    // Ones for three gates of 4 units.
    expect(nodes.find(({ kind }) => kind === 'values')?.arguments).toMatchObject({ shape: [1, 12] });
    expect(modelOf('SimpleRNN(4, recurrent_dropout=0.2), Dense(1)').model?.nodes.some(({ kind }) => kind === 'dropout')).toBe(
      true,
    );
  });

  test('leave times out that Masking does not count', () => {
    const unit = modelOf('Masking(-1.0), LSTM(4, return_sequences=True), Dropout(0.2), GRU(2), Dense(1)');
    const nodes = unit.model?.nodes ?? [];
    const layers = nodes.filter(({ kind }) => kind === 'lstm' || kind === 'gru');
    expect(layers.map((node) => node.arguments)).toMatchObject([{ modifiers: ['times'] }, { modifiers: ['times'] }]);
    expect(layers[0]?.inputs[1]).toBe(layers[1]?.inputs[1]);
    expect(nodes[1]?.arguments).toEqual({ value: -1 });
  });

  test('apply any layer at each time', () => {
    const unit = modelOf('Reshape((3, 2, 3)), TimeDistributed(Conv1D(4, 2)), TimeDistributed(Flatten()), LSTM(2), Dense(1)');
    expect(shapeOfModel(unit)).toMatch(/^input reshape\(0\) reshape\(1\) permute\(2\) conv1d\(3\)/);
    expect(unit.optimizer?.groups[0]?.parameters).toHaveLength(7);
    expect(unit.model?.parameters.find(({ name }) => /weight_ih/.test(name))?.shape).toEqual([8, 4]);
  });

  test('hand their end states on in the functional form', () => {
    const unit = readUnit(`
import numpy as np
from tensorflow.keras import layers, Model
x, z, y = np.random.randn(40, 6, 3), np.random.randn(40, 5, 2), np.random.randn(40, 5, 2)
source = layers.Input(shape=(None, 3))
outputs, h, c = layers.LSTM(4, return_state=True)(source)
target = layers.Input(shape=(None, 2))
decoder = layers.LSTM(4, return_sequences=True, return_state=True)
decoded, _, _ = decoder(target, initial_state=[h, c])
model = Model([source, target], layers.Dense(2)(decoded))
model.compile(optimizer='rmsprop', loss='mse')
model.fit([x, z], y, batch_size=8, epochs=2)
`);
    expect(unit.unread).toEqual([]);
    const nodes = unit.model?.nodes ?? [];
    const lstms = nodes.flatMap((node, i) => (node.kind === 'lstm' ? [{ node, i }] : []));
    const used = lstms.filter(({ i }) => nodes.some(({ inputs }) => inputs.includes(i)));
    const main = lstms.find(({ node }) => node.arguments.result === 'sequence');
    const given = main?.node.inputs.slice(1).map((i) => nodes[nodes[i]?.inputs[0] ?? -1]?.arguments);
    expect(given).toMatchObject([
      { result: 'hidden', in: 3 },
      { result: 'cell', in: 3 },
    ]);
    expect(used.length).toBeGreaterThanOrEqual(3);
    expect(unit.optimizer?.groups[0]?.parameters).toHaveLength(8);
  });

  test.each([
    ['LSTM(4, stateful=True)', /stateful/],
    ["GRU(4, recurrent_activation='hard_sigmoid')", /sigmoid gates/],
    ["LSTM(4, activation='selu')", /activation/],
    ["Bidirectional(LSTM(4), merge_mode='other')", /joining/],
    ['LSTM(4, return_sequences=True, go_backwards=True)', /backwards/],
  ])('%s is said not to be read', (layer, expected) => {
    const { unread } = readUnit(script(`${layer}, Dense(1)`));
    expect(unread.map(({ text }) => text).join()).toMatch(expected);
  });
});

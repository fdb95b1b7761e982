import { describe, expect, it } from 'vitest';
import { readUnit, shapeOfData, shapeOfModel } from './reading';

const rows = `import numpy as np
from tensorflow import keras
from tensorflow.keras import layers
from sklearn.datasets import load_digits
digits = load_digits()
X, y = digits.data / 16.0, digits.target
`;

const compiled = (layer: string, optimizer = "'adam'", head = rows): string => `${head}
model = keras.Sequential([${layer}, layers.Dense(10, activation='softmax')])
model.compile(${optimizer}, 'sparse_categorical_crossentropy')
model.fit(X, y)
`;

describe('layers that do something in training alone', () => {
  it.each([
    ['layers.GaussianNoise(0.3)', 'input noise(0) constant multiply(1,2) add(0,3) linear(4) |'],
    ['layers.AlphaDropout(0.2)', 'input alphaDropout(0) linear(1) |'],
  ])('%s', (layer, shape) => {
    const unit = readUnit(compiled(layer));
    expect(unit.unread).toEqual([]);
    expect(shapeOfModel(unit)).toContain(shape);
  });

  it('scale multiplicative noise by √(p / (1 - p)), zero in inference', () => {
    const { model } = readUnit(compiled('layers.GaussianDropout(0.2)'));
    expect(model?.nodes.find(({ kind }) => kind === 'noise')?.arguments).toMatchObject({ inTraining: true, shape: null });
    const constants = model?.nodes.flatMap((node) => (node.kind === 'constant' ? [node.arguments.value] : []));
    expect(constants?.[0]).toBeCloseTo(0.5, 12);
  });

  it('drop the same features of a sequence at all its times', () => {
    const unit = readUnit(compiled('layers.Reshape((8, 8)), layers.LSTM(4, dropout=0.2)'));
    expect(unit.unread).toEqual([]);
    expect(shapeOfModel(unit)).toContain('permute(1) featureDropout(2) permute(3) lstm(4)');
  });
});

describe('penalties of outputs', () => {
  it('are sums over a row, divided by the rows', () => {
    const unit = readUnit(compiled("layers.Dense(4, activity_regularizer='l1')"));
    expect(unit.unread).toEqual([]);
    expect(shapeOfModel(unit)).toMatch(/abs\(1\) sum\(\d+\) mean\(\d+\) constant multiply/);
    const constants = unit.model?.nodes.flatMap((node) => (node.kind === 'constant' ? [node.arguments.value] : []));
    expect(constants).toEqual([0.01]);
    expect(unit.model?.nodes.find(({ kind }) => kind === 'sum')?.arguments).toMatchObject({ axes: [1] });
  });
});

describe('defaults that differ between versions', () => {
  const early = (optimizer: string): string => `import numpy as np
from keras.models import Sequential
from keras.layers import Dense
X = np.random.rand(40, 5)
y = np.random.rand(40)
model = Sequential()
model.add(Dense(output_dim=1, input_dim=5, init='uniform'))
model.compile(optimizer='${optimizer}', loss='mse')
model.fit(X, y, nb_epoch=7)
`;

  it.each([
    ['adadelta', 1],
    ['adagrad', 0.01],
    ['adamax', 0.002],
    ['nadam', 0.002],
    ['adam', 0.001],
  ])('%s has a rate of %d in a script of Keras 1', (optimizer, rate) => {
    const unit = readUnit(early(optimizer));
    expect(unit.optimizer?.learningRate.value).toBe(rate);
    expect(unit.loop?.epochs.value).toBe(7);
  });

  it('divide by √v + 1e-8 in Keras 1, and by √v + 1e-7 since', () => {
    expect(readUnit(early('adam')).optimizer?.settings).toMatchObject({ epsilon: { value: 1e-8 } });
    expect(readUnit(compiled('layers.Dense(4)')).optimizer?.settings).toMatchObject({ epsilon: { value: 1e-7 } });
  });

  it('are those of today in other scripts, which say so', () => {
    const unit = readUnit(compiled('layers.Dense(4)', "'adadelta'"));
    expect(unit.optimizer?.learningRate.value).toBe(1e-3);
    expect(unit.assumptions.map(({ text }) => text)).toContain(
      'The default rate is 0.001, as in Keras since 2.4; before it was 1',
    );
  });

  it('leave a position unread whose meaning has changed', () => {
    expect(
      readUnit(compiled('layers.Dense(4)', 'keras.optimizers.RMSprop(0.01, 0.9, 0.5)')).unread.map(({ text }) => text),
    ).toEqual(['What this position means depends on the version of Keras']);
  });
});

describe('layers over several tensors', () => {
  it('attend in heads of their own width, each projection with the limits that Keras takes from three axes', () => {
    const unit = readUnit(`${rows}
inputs = keras.Input((8, 8))
x = layers.MultiHeadAttention(num_heads=2, key_dim=3)(inputs, inputs)
outputs = layers.Dense(10, activation='softmax')(layers.Flatten()(x))
model = keras.Model(inputs, outputs)
model.compile('adam', 'sparse_categorical_crossentropy')
model.fit(X.reshape(-1, 8, 8), y)
`);
    expect(unit.unread).toEqual([]);
    const limitOf = (name: string) => {
      const initializer = unit.model?.parameters.find((p) => p.name === `multi_head_attention.${name}.weight`)?.initializer;
      return initializer?.kind === 'uniform' ? initializer.high : null;
    };
    // Fans of [8, 2, 3]: 2 · 8 and 3 · 8; of [2, 3, 8]: 3 · 2 and 8 · 2.
    expect(limitOf('query')).toBeCloseTo(Math.sqrt(6 / (16 + 24)), 12);
    expect(limitOf('output')).toBeCloseTo(Math.sqrt(6 / (6 + 16)), 12);
    expect(unit.model?.parameters.find((p) => p.name === 'multi_head_attention.query.weight')?.shape).toEqual([6, 8]);
  });

  it.each([
    ['layers.Dot(axes=1)([a, b])', 'multiply(1,2) sum(3)'],
    ['layers.Lambda(lambda pair: pair[0] * pair[1])([a, b])', 'multiply(1,2)'],
    ["layers.merge([a, b], mode='mul')", 'multiply(1,2)'],
    ["layers.merge([a, b], mode='concat')", 'concatenate(1,2)'],
  ])('%s', (layer, shape) => {
    const unit = readUnit(`${rows}
inputs = keras.Input((64,))
a, b = layers.Dense(4)(inputs), layers.Dense(4)(inputs)
model = keras.Model(inputs, layers.Dense(1)(${layer}))
model.compile('sgd', 'mse')
model.fit(X, y)
`);
    expect(unit.unread).toEqual([]);
    expect(shapeOfModel(unit)).toContain(`input linear(0) linear(0) ${shape}`);
  });

  it('weigh losses by the names of their outputs', () => {
    const unit = readUnit(`${rows}
inputs = keras.Input((64,))
first, second = layers.Dense(1, name='first')(inputs), layers.Dense(1, name='second')(inputs)
model = keras.Model(inputs, [first, second])
model.compile('sgd', {'first': 'mse', 'second': 'mae'}, loss_weights={'second': 0.5})
model.fit(X, {'first': y, 'second': y})
`);
    expect(unit.unread).toEqual([]);
    const constants = unit.model?.nodes.flatMap((node) => (node.kind === 'constant' ? [node.arguments.value] : []));
    expect(constants).toEqual([0.5]);
  });
});

describe('data that published scripts make', () => {
  it('are texts through a Tokenizer, with the words counted in the training rows', () => {
    const unit = readUnit(`import pandas as pd
from sklearn.model_selection import train_test_split
from tensorflow import keras
from tensorflow.keras.preprocessing.text import Tokenizer
from tensorflow.keras.preprocessing.sequence import pad_sequences
df = pd.read_csv('reviews.csv')
a, b, c, d = train_test_split(df['text'], df['label'])
tokenizer = Tokenizer(num_words=500, oov_token='?')
tokenizer.fit_on_texts(a)
x = pad_sequences(tokenizer.texts_to_sequences(a), maxlen=20, padding='post')
z = pad_sequences(tokenizer.texts_to_sequences(b), maxlen=20, padding='post')
model = keras.Sequential([keras.layers.Embedding(500, 8), keras.layers.Flatten(), keras.layers.Dense(1, activation='sigmoid')])
model.compile('adam', 'binary_crossentropy')
model.fit(x, c, validation_data=(z, d))
`);
    expect(unit.unread).toEqual([]);
    const words = unit.data.steps.filter((step) => step.kind === 'wordNumbers');
    expect(words.map((step) => step.arguments)).toMatchObject([
      { limit: 500, length: 20, before: false, marksUnknown: true },
      {},
    ]);
    expect(words[1]?.inputs[0]).toBe(words[0]?.inputs[0]);
    expect(unit.model?.parameters.at(-2)?.shape).toEqual([1, 160]);
  });

  it('are windows of a stream', () => {
    const unit = readUnit(`import tensorflow as tf
series = tf.range(0, 100, 1)
data = tf.data.Dataset.from_tensor_slices(series)
data = data.window(6, shift=1, drop_remainder=True).flat_map(lambda w: w.batch(6))
data = data.map(lambda w: (w[:-1], w[-1])).shuffle(100).batch(10)
model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=[5])])
model.compile('sgd', 'mse')
model.fit(data, epochs=2)
`);
    expect(unit.unread).toEqual([]);
    expect(shapeOfData(unit)).toMatch(/windows\(0\) slice\(1\) index\(1\)/);
    expect(unit.data.steps.find((step) => step.kind === 'windows')?.arguments).toMatchObject({ length: 6, stride: 1, count: 95 });
  });

  it('are tables that Keras downloads, of the sizes that they have', () => {
    const unit = readUnit(`from tensorflow import keras
(x, y), (a, b) = keras.datasets.boston_housing.load_data()
model = keras.Sequential([keras.layers.Dense(1, input_shape=(x.shape[1],))])
model.compile('sgd', 'mse')
model.fit(x, y, validation_data=(a, b))
`);
    expect(unit.unread).toEqual([]);
    expect(unit.model?.parameters[0]?.shape).toEqual([1, 13]);
    expect(unit.assumptions.map(({ text }) => text)).toEqual([
      'boston_housing.npz is looked for in the project, since nothing is downloaded',
    ]);
  });

  it('are batches that a generator of the script yields', () => {
    const unit = readUnit(`${rows}
def batches(x, labels, size):
    while True:
        order = np.random.permutation(len(x))
        for start in range(0, len(x), size):
            yield x[order[start:start + size]], labels[order[start:start + size]]
model = keras.Sequential([layers.Dense(10, activation='softmax')])
model.compile('sgd', 'sparse_categorical_crossentropy')
model.fit(batches(X, y, 40), steps_per_epoch=len(X) // 40, epochs=6)
`);
    expect(unit.unread).toEqual([]);
    expect(unit.batches).toMatchObject({ batchSize: { value: 40 }, shuffle: { value: true } });
    expect(unit.loop?.epochs.value).toBe(6);
  });

  it('say that two steps of one model in a pass are not read', () => {
    const { unread } = readUnit(`${rows}
model = keras.Sequential([layers.Dense(1, activation='sigmoid')])
model.compile('sgd', 'binary_crossentropy')
for step in range(100):
    rows = X[np.random.randint(0, len(X), 32)]
    model.train_on_batch(rows, np.ones((32, 1)))
    model.train_on_batch(np.random.rand(32, 64), np.zeros((32, 1)))
`);
    expect(unread.map(({ text }) => text)).toContain('This model takes steps on different batches in turn, which is not read');
  });
});

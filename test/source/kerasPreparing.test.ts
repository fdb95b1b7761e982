import { describe, expect, it } from 'vitest';
import { read, readUnit, shapeOfData, shapeOfModel } from './reading';

const head = `
import numpy as np
import pandas as pd
import keras
import tensorflow as tf
from keras import layers
df = pd.read_csv('reviews.csv')
`;

describe('layers that prepare data', () => {
  it('number texts in front of a model, or in the stream of its rows', () => {
    const texts = (rest: string): string => `${head}
texts, labels = df['text'].values, df['label'].values
vectorize = layers.TextVectorization(max_tokens=1000, output_mode='int', output_sequence_length=50)
${rest}
model.compile('adam', 'binary_crossentropy')
`;
    const inModel = readUnit(
      `${texts(`vectorize.adapt(texts)
model = keras.Sequential([keras.Input(shape=(1,), dtype='string'), vectorize, layers.Embedding(1000, 16),
    layers.GlobalAveragePooling1D(), layers.Dense(1, activation='sigmoid')])`)}model.fit(texts, labels)`,
    );
    const inStream = readUnit(
      `${texts(`rows = tf.data.Dataset.from_tensor_slices((texts, labels)).batch(32)
vectorize.adapt(rows.map(lambda text, label: text))
def numbered(text, label):
    return vectorize(tf.expand_dims(text, -1)), label
rows = rows.map(numbered)
model = keras.Sequential([layers.Embedding(1000, 16), layers.GlobalAveragePooling1D(), layers.Dense(1, activation='sigmoid')])`)}model.fit(rows)`,
    );
    for (const unit of [inModel, inStream]) {
      expect(unit.unread).toEqual([]);
      expect(shapeOfModel(unit)).toMatch(/^input embedding\(0\) permute\(1\) mean\(2\) linear\(3\)/);
      expect(unit.data.steps.find(({ kind }) => kind === 'wordNumbers')?.arguments).toMatchObject({
        vectorized: true,
        length: 50,
        limit: 1000,
        before: false,
      });
    }
  });

  it('leave texts of lengths that each batch decides unread', () => {
    const { experiments } = read(`${head}
vectorize = layers.TextVectorization(max_tokens=100)
vectorize.adapt(df['text'])
model = keras.Sequential([vectorize, layers.Embedding(100, 4), layers.GlobalAveragePooling1D(), layers.Dense(1)])
model.compile('adam', 'mse')
model.fit(df['text'], df['label'])`);
    expect(experiments[0]?.unread[0]?.text).toBe('Texts of which the longest of each batch decides the length are not read');
  });

  it('prepare each of the columns that a table gives by their names', () => {
    const unit = readUnit(`${head}
labels = df.pop('label')
rows = tf.data.Dataset.from_tensor_slices((dict(df), labels)).shuffle(100).batch(16)
def encoded(name):
    column = keras.Input(shape=(1,), name=name, dtype='string')
    lookup = layers.StringLookup(output_mode='one_hot')
    lookup.adapt(rows.map(lambda x, y: x[name]).map(lambda x: tf.expand_dims(x, -1)))
    return column, lookup(column)
age = keras.Input(shape=(1,), name='age')
normal = layers.Normalization()
normal.adapt(rows.map(lambda x, y: tf.expand_dims(x['age'], -1)))
colour, hot = encoded('colour')
model = keras.Model([colour, age], layers.Dense(1)(layers.concatenate([hot, normal(age)])))
model.compile('adam', 'mse')
model.fit(rows, epochs=2)`);
    expect(unit.unread).toEqual([]);
    expect(shapeOfModel(unit)).toMatch(/^input input concatenate\(0,1\) linear\(2\)/);
    expect(shapeOfData(unit)).toContain('vocabularyIndex');
    const keys = unit.data.steps.flatMap((one) =>
      one.kind === 'select' && one.arguments.columns.kind === 'keys' ? one.arguments.columns.keys : [],
    );
    expect(keys).toEqual(expect.arrayContaining(['colour', 'age']));
  });

  it('put numbers into columns', () => {
    const unit = readUnit(`${head}
model = keras.Sequential([keras.Input((1,)), layers.CategoryEncoding(num_tokens=7, output_mode='one_hot'), layers.Dense(1)])
model.compile('adam', 'mse')
model.fit(df['kind'], df['label'])`);
    expect(unit.unread).toEqual([]);
    expect(unit.model?.nodes.find(({ kind }) => kind === 'linear')?.arguments).toMatchObject({ in: 7 });
  });
});

describe('functions of TensorFlow on rows of data', () => {
  it('draw, clip and multiply sizes', () => {
    const unit = readUnit(`
import keras, numpy as np, tensorflow as tf
from keras import layers, ops
(x, y), _ = keras.datasets.fashion_mnist.load_data()
x = x[..., tf.newaxis] / 255.
noisy = tf.clip_by_value(x + 0.2 * tf.random.normal(shape=x.shape), clip_value_min=0., clip_value_max=1.)
shape = x.shape[1:]
model = keras.Sequential([layers.Flatten(), layers.Dense(tf.math.reduce_prod(shape).numpy()), layers.Reshape(shape)])
model.compile('adam', 'mse')
model.fit(noisy, x)`);
    expect(unit.unread).toEqual([]);
    expect(unit.model?.nodes.find(({ kind }) => kind === 'linear')?.arguments).toMatchObject({ in: 784, out: 784 });
    expect(unit.data.steps.find(({ kind }) => kind === 'clip')?.arguments).toEqual({ low: 0, high: 1 });
  });

  it('see nothing of later times under a causal padding', () => {
    const unit = readUnit(`
import keras, numpy as np
from keras import layers
x, y = np.random.rand(20, 30, 1), np.random.rand(20, 30, 1)
model = keras.Sequential([layers.Conv1D(4, 5, dilation_rate=2, padding='causal'), layers.Dense(1)])
model.compile('adam', 'mse')
model.fit(x, y)`);
    expect(unit.unread).toEqual([]);
    expect(unit.model?.nodes.find(({ kind }) => kind === 'conv1d')?.arguments).toMatchObject({ padding: [8], paddingEnd: [0] });
  });
});

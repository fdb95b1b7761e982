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

describe('rows as published scripts prepare them', () => {
  it('are numbered by the different values of a column that only the file knows', () => {
    const unit = readUnit(`${head}
ids = df['user'].unique().tolist()
numbers = {x: i for i, x in enumerate(ids)}
names = {i: x for i, x in enumerate(ids)}
df['number'] = df['user'].map(numbers)
low, high = min(df['rating']), max(df['rating'])
y = df['rating'].apply(lambda r: (r - low) / (high - low)).values
model = keras.Sequential([layers.Embedding(len(names), 8), layers.Flatten(), layers.Dense(1)])
model.compile('adam', 'mse')
model.fit(df[['number']].values, y)`);
    expect(unit.unread).toEqual([]);
    const encoded = unit.data.steps.find(({ kind }) => kind === 'encodeLabels');
    expect(encoded?.arguments).toEqual({ order: 'appearance' });
    expect(encoded?.inputs).toHaveLength(2);
    const embedding = unit.model?.nodes.find(({ kind }) => kind === 'embedding');
    expect(embedding?.arguments).toMatchObject({ count: { symbol: expect.any(String) as string } });
  });

  it('are windows of entries that stand apart', () => {
    const unit = readUnit(`
import keras, numpy as np
from keras import layers
data = np.random.rand(100, 3)
rows = keras.utils.timeseries_dataset_from_array(data, data[:, 1], sequence_length=5, sampling_rate=4, batch_size=8)
model = keras.Sequential([layers.LSTM(4), layers.Dense(1)])
model.compile('adam', 'mse')
model.fit(rows)`);
    expect(unit.unread).toEqual([]);
    // 17 = 4 · 4 + 1 entries, every fourth of them; the last window begins at 100 - 17.
    expect(unit.data.steps.find(({ kind }) => kind === 'windows')?.arguments).toMatchObject({ length: 17, count: 84 });
    expect(unit.data.steps).toContainEqual(
      expect.objectContaining({ kind: 'slice', arguments: { axis: 1, start: null, end: null, step: 4 } }),
    );
  });

  it('are pictures without labels beside labels that the step makes, as many as the batch has rows', () => {
    const unit = readUnit(`
import keras, tensorflow as tf
from keras import layers, ops
rows = keras.utils.image_dataset_from_directory('faces', label_mode=None, image_size=(8, 8), batch_size=16).map(lambda x: x / 255.0)
class Judge(keras.Model):
    def __init__(self, judge):
        super().__init__()
        self.judge = judge
    def train_step(self, real):
        count = ops.shape(real)[0]
        both = ops.concatenate([keras.random.uniform((count, 8, 8, 3)), real], axis=0)
        labels = ops.concatenate([ops.ones((count, 1)), ops.zeros((count, 1))], axis=0)
        with tf.GradientTape() as tape:
            loss = keras.losses.BinaryCrossentropy(from_logits=True)(labels, self.judge(both))
        gradients = tape.gradient(loss, self.judge.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.judge.trainable_weights))
        return {'loss': loss}
model = Judge(keras.Sequential([layers.Flatten(), layers.Dense(1)]))
model.compile('adam')
model.fit(rows)`);
    expect(unit.unread).toEqual([]);
    expect(unit.train?.targets).toEqual([]);
    expect(shapeOfModel(unit)).toMatch(
      /^input noise concatenate\(1,0\) flatten\(2\) linear\(3\) \| filled filled concatenate\(5,6\)/,
    );
  });

  it('are windows over a table whose columns only the file knows', () => {
    const unit = readUnit(`${head}
values = df.values
found = []
for i in range(len(values) - 24 + 1):
    found.append(values[i : (i + 24)])
x = np.stack(found)
model = keras.Sequential([keras.Input((x.shape[1], x.shape[2])), layers.Conv1D(4, 7, strides=2, padding='same'),
    layers.Flatten(), layers.Dense(1)])
model.compile('adam', 'mse')
model.fit(x, values[:100, 0])`);
    expect(unit.unread).toEqual([]);
    expect(unit.model?.nodes.find(({ kind }) => kind === 'linear')?.arguments).toMatchObject({ in: 48 });
  });

  it('train what a loop over gradients and variables changes, however many there are', () => {
    const names = 'abcdefghij'.split('');
    const unit = readUnit(`
import tensorflow as tf, numpy as np
x, y = np.random.rand(200).astype('float32'), np.random.rand(200).astype('float32')
${names.map((name) => `${name} = tf.Variable(0.1)`).join('\n')}
weights = [${names.join(', ')}]
for epoch in range(10):
    for xb, yb in tf.data.Dataset.from_tensor_slices((x, y)).batch(32):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square((${names.join(' + ')}) * xb - yb))
        for gradient, weight in zip(tape.gradient(loss, weights), weights):
            weight.assign_sub(0.03 * gradient)`);
    expect(unit.unread).toEqual([]);
    expect(unit.optimizer?.learningRate.value).toBe(0.03);
    expect(unit.optimizer?.groups[0]?.parameters).toHaveLength(10);
  });
});

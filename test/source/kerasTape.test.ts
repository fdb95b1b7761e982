import { describe, expect, it } from 'vitest';
import { read, readUnit, shapeOfModel, textAt } from './reading';

const rows = `import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers
from sklearn.datasets import load_digits
digits = load_digits()
X = (digits.data / 16.0).astype('float32')
y = digits.target
data = tf.data.Dataset.from_tensor_slices((X, y)).shuffle(2000).batch(64)
`;

const loop = (
  body: string,
  model = "keras.Sequential([layers.Dense(16, activation='relu', input_shape=(64,)), layers.Dense(10)])",
): string =>
  `${rows}
model = ${model}
optimizer = keras.optimizers.SGD(learning_rate=0.1)
loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
@tf.function
def train_step(x, labels):
${body}
for epoch in range(3):
    for x, labels in data:
        train_step(x, labels)
`;

const plain = `    with tf.GradientTape() as tape:
        loss = loss_fn(labels, model(x, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))`;

describe('training by a gradient tape', () => {
  it('is the loop that it is: the loss, its optimizer, batches and epochs', () => {
    const text = loop(plain);
    const unit = readUnit(text);
    expect(unit.unread).toEqual([]);
    expect(shapeOfModel(unit)).toBe('input linear(0) relu(1) linear(2) | target crossEntropy(3,4)');
    expect(textAt(text, unit.optimizer?.learningRate.place)).toBe('0.1');
    expect(unit.batches).toMatchObject({ sampling: 'epochs', batchSize: { value: 64 }, shuffle: { value: true } });
    expect(unit.loop).toMatchObject({ epochs: { value: 3 }, zeroGrad: { when: 'everyStep' }, trainsInEvalMode: false });
    expect(unit.model?.parameters.every(({ trainable }) => trainable)).toBe(true);
  });

  it('takes a call without `training=True` for inference, where dropout does nothing', () => {
    const net = 'keras.Sequential([layers.Dropout(0.5, input_shape=(64,)), layers.Dense(10)])';
    expect(readUnit(loop(plain, net)).loop?.trainsInEvalMode).toBe(false);
    expect(readUnit(loop(plain.replace(', training=True', ''), net)).loop?.trainsInEvalMode).toBe(true);
    expect(readUnit(loop(plain.replace(', training=True', ''))).loop?.trainsInEvalMode).toBe(false);
  });

  it('sums a loss that has one number for each row, as TensorFlow does', () => {
    const body = plain.replace(
      'loss_fn(labels, model(x, training=True))',
      'keras.losses.sparse_categorical_crossentropy(labels, model(x, training=True), from_logits=True)',
    );
    expect(shapeOfModel(readUnit(loop(body)))).toBe('input linear(0) relu(1) linear(2) | target crossEntropy(3,4) sum(5)');
  });

  it('clips gradients by one norm for all, by one for each, or by value', () => {
    const clipped = (line: string) =>
      readUnit(loop(plain.replace('    optimizer.apply', `    ${line}\n    optimizer.apply`))).loop?.clipping;
    expect(clipped('gradients, _ = tf.clip_by_global_norm(gradients, 5.0)')).toMatchObject({ kind: 'norm', limit: { value: 5 } });
    expect(clipped('gradients = [tf.clip_by_norm(g, 2.0) for g in gradients]')).toMatchObject({
      kind: 'normEach',
      limit: { value: 2 },
    });
    expect(clipped('gradients = [tf.clip_by_value(g, -1.0, 1.0) for g in gradients]')).toMatchObject({
      kind: 'value',
      limit: { value: 1 },
    });
  });

  it('says that gradients which the script changes are not followed', () => {
    const body = plain.replace('    optimizer.apply', '    gradients = [2 * g for g in gradients]\n    optimizer.apply');
    const unit = readUnit(loop(body));
    expect(unit.unread.map(({ text }) => text)).toEqual(['These gradients are changed before the step']);
    expect(unit.optimizer?.learningRate.value).toBe(0.1);
  });

  it('differentiates each loss by the weights that its tape is asked for', () => {
    const unit = readUnit(`${rows}
first = keras.Sequential([layers.Dense(10, input_shape=(64,))])
second = keras.Sequential([layers.Dense(3, input_shape=(64,))])
optimizer = keras.optimizers.Adam(1e-2)
for x, labels in data:
    with tf.GradientTape() as a, tf.GradientTape() as b:
        left = tf.reduce_mean(tf.square(first(x)))
        both = left + tf.reduce_sum(second(x))
    grads = a.gradient(left, first.trainable_variables)
    other = b.gradient(both, second.trainable_variables)
    optimizer.apply_gradients(zip(grads, first.trainable_variables))
`);
    expect(unit.unread).toEqual([]);
    expect(shapeOfModel(unit)).toBe('input linear(0) | power(1) mean(2)');
  });

  it('follows variables that the script changes itself', () => {
    const text = `import tensorflow as tf
x = tf.linspace(-2., 2., 20)
y = 3.0 * x + 2.0
w = tf.Variable(5.0)
b = tf.Variable(0.0)
for epoch in range(10):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(y - (w * x + b)))
    dw, db = tape.gradient(loss, [w, b])
    w.assign_sub(0.1 * dw)
    b.assign_sub(0.1 * db)
`;
    const unit = readUnit(text);
    expect(unit.unread).toEqual([]);
    expect(unit.model?.parameters.map(({ initializer }) => initializer)).toMatchObject([{ values: [5] }, { values: [0] }]);
    expect(textAt(text, unit.optimizer?.learningRate.place)).toBe('0.1');
  });
});

describe('classes that train themselves', () => {
  const ofClass = (
    step: string,
    after = "model.compile(optimizer='adam', loss='sparse_categorical_crossentropy')",
  ): string => `${rows}
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.out = layers.Dense(10)
        self.drop = layers.Dropout(0.5)
    def call(self, x, training=False):
        if training:
            x = self.drop(x)
        return tf.nn.softmax(self.out(x))
${step}
model = Net()
${after}
model.fit(X, y, epochs=4)
`;

  it('are told by `fit` that they train', () => {
    const unit = readUnit(ofClass(''));
    expect(unit.unread).toEqual([]);
    expect(shapeOfModel(unit)).toBe('input dropout(0) linear(1) | target crossEntropy(2,3)');
  });

  it('run their own `train_step` on each batch', () => {
    const unit = readUnit(
      ofClass(`    def train_step(self, data):
        x, labels = data
        with tf.GradientTape() as tape:
            loss = self.compiled_loss(labels, self(x, training=True))
        grads = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        return {'loss': loss}
`),
    );
    expect(unit.unread).toEqual([]);
    expect(shapeOfModel(unit)).toBe('input dropout(0) linear(1) | target crossEntropy(2,3)');
    expect(unit.loop).toMatchObject({ epochs: { value: 4 }, trainsInEvalMode: false });
    expect(unit.batches).toMatchObject({ batchSize: { value: 32 } });
    expect(unit.optimizer).toMatchObject({ kind: 'adam', learningRate: { value: 1e-3 } });
  });

  it('add to the loss what their layers add', () => {
    const unit = readUnit(`${rows}
class Scale(layers.Layer):
    def build(self, input_shape):
        self.w = self.add_weight(name='w', shape=(input_shape[-1],), initializer='ones', trainable=True)
    def call(self, x):
        self.add_loss(0.01 * tf.reduce_sum(tf.square(self.w)))
        return x * self.w
model = keras.Sequential([Scale(), layers.Dense(10, activation='softmax')])
model.compile('sgd', 'sparse_categorical_crossentropy')
model.fit(X, y)
`);
    expect(unit.unread).toEqual([]);
    expect(unit.model?.parameters.map(({ name, shape }) => [name, shape])).toEqual([
      ['w', [64]],
      ['dense.weight', [10, 64]],
      ['dense.bias', [10]],
    ]);
    expect(shapeOfModel(unit)).toMatch(/crossEntropy\(.*add\(/);
  });
});

describe('channels in the first place', () => {
  const over = (before: string, layer: string) =>
    read(`${rows}
${before}
pictures = X.reshape(-1, 1, 8, 8)
model = keras.Sequential([${layer}, layers.Flatten(), layers.Dense(10, activation='softmax')])
model.compile('adam', 'sparse_categorical_crossentropy')
model.fit(pictures, y)
`).experiments[0];

  it.each([
    ["keras.backend.set_image_data_format('channels_first')", 'layers.Conv2D(4, 3)'],
    ["keras.backend.set_image_dim_ordering('th')", 'layers.Conv2D(4, 3)'],
    ['', "layers.Conv2D(4, 3, data_format='channels_first')"],
    ['', "layers.Convolution2D(4, 3, 3, dim_ordering='th')"],
  ])('%s %s', (before, layer) => {
    const unit = over(before, layer);
    expect(unit?.unread).toEqual([]);
    expect(unit?.model?.parameters.map(({ shape }) => shape)).toEqual([[4, 1, 3, 3], [4], [10, 144], [10]]);
  });
});

import { describe, expect, it } from 'vitest';
import { readUnit, shapeOfModel } from './reading';

const head = `
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers
x, y = np.random.rand(40, 4), np.random.rand(40, 1)
`;

describe('classes of the script in Keras', () => {
  it('may be a model of the functional form with a step of its own', () => {
    const unit = readUnit(`${head}
class Own(keras.Model):
    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = keras.losses.mean_squared_error(y, self(x, training=True))
        grads = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        return {'loss': loss}
inputs = keras.Input(shape=(4,))
model = Own(inputs, layers.Dense(1)(layers.Dense(8, activation='relu')(inputs)))
model.compile(optimizer='adam')
model.fit(x, y, epochs=3)`);
    expect(unit.unread).toEqual([]);
    expect(shapeOfModel(unit)).toMatch(/^input linear\(0\) relu\(1\) linear\(2\) \|/);
    expect(unit.optimizer?.groups[0]?.parameters).toHaveLength(4);
  });

  const loss = (init: string): string => `${head}
class Squares(keras.losses.Loss):
    def __init__(self, scale=3.0, name='squares'):
        super().__init__(${init})
        self.scale = scale
    def call(self, y_true, y_pred):
        y_true = tf.cast(y_true, y_pred.dtype)
        return tf.reduce_mean(self.scale * tf.square(y_true - y_pred), axis=-1)
model = keras.Sequential([layers.Dense(1, input_shape=(4,))])
model.compile('sgd', Squares(2.0))
model.fit(x, y)`;

  it('may be losses, of which the mean over the batch is taken', () => {
    const unit = readUnit(loss('name=name'));
    expect(unit.unread).toEqual([]);
    const nodes = unit.model?.nodes ?? [];
    expect(nodes.slice(unit.model?.lossStart).some((n) => n.kind === 'constant' && n.arguments.value === 2)).toBe(true);
    expect(nodes.slice(-2).map(({ kind }) => kind)).toEqual(['mean', 'mean']);
  });

  it('are not read as losses where they ask for a sum', () => {
    const { unread } = readUnit(loss("reduction='sum', name=name"));
    expect(unread.map(({ text }) => text)).toEqual(['This loss is not read']);
  });

  it('with two outputs are not taken for one with weights of rows', () => {
    const unit = readUnit(`${head}
class Two(keras.Model):
    def __init__(self):
        super().__init__()
        self.a, self.b = layers.Dense(1), layers.Dense(1)
    def call(self, inputs):
        return self.a(inputs), self.b(inputs)
model = Two()
model.compile('sgd', 'mse', loss_weights=[0.9, 0.1])
model.fit(tf.data.Dataset.from_tensor_slices((x, y, y * 2.0)).batch(8), epochs=2)`);
    const kinds = unit.model?.nodes.map(({ kind }) => kind) ?? [];
    expect(kinds.filter((kind) => kind === 'mse')).not.toHaveLength(1);
  });

  it('reduce rows of data as NumPy does', () => {
    const unit = readUnit(`${head}
low, high = tf.reduce_min(x), tf.reduce_max(x, axis=0)
x = tf.cast((x - low) / (high - low), tf.float32)
model = keras.Sequential([layers.Dense(1, input_shape=(4,))])
model.compile('sgd', 'mse')
model.fit(x, y)`);
    expect(unit.unread).toEqual([]);
    const reductions = unit.data.steps.flatMap((step) => (step.kind === 'reduce' ? [step.arguments] : []));
    expect(reductions).toMatchObject([
      { function: 'min', axis: null },
      { function: 'max', axis: 0 },
    ]);
  });

  it('of keras.applications say what of them is not there', () => {
    const script = (weights: string): string => `${head}
from tensorflow.keras.applications.vgg16 import VGG16
base = VGG16(include_top=False, ${weights} input_shape=(64, 64, 3))
for layer in base.layers:
    layer.trainable = False
out = layers.Dense(1)(layers.Flatten()(base.layers[-1].output))
model = keras.Model(base.inputs, out)
model.compile(keras.optimizers.SGD(0.02), 'mse')
model.fit(np.random.rand(8, 64, 64, 3), np.random.rand(8, 1))`;
    const said = (weights: string) => readUnit(script(weights)).unread.map(({ text }) => text);
    expect(said('')).toEqual([
      "The pretrained weights of Keras's VGG16 are not at hand, so that it is not run. What is said comes from the text and the data",
    ]);
    expect(said('weights=None,')).toEqual([]);
  });
});

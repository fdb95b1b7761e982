import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readScript } from '../../src/source/read';
import { parser } from '../source/reading';
import { project } from './examples';
import { traceUnit } from './trace';

/** Losses of three steps and first weights of the same net in NumPy, [out, in]. */
const reference = JSON.parse(readFileSync(join(project, 'test', 'source', 'reference', 'keras_attention.json'), 'utf8')) as {
  readonly losses: readonly number[];
  readonly weights: Readonly<Record<string, { readonly values: readonly number[] }>>;
};

const script = `
import tensorflow as tf
from sklearn.datasets import load_digits
from tensorflow import keras
from tensorflow.keras import layers

digits = load_digits()
X = digits.images[:60] / 16.0
Y = keras.utils.to_categorical(digits.target[:60], 10)
inputs = keras.Input((8, 8))
x = layers.MultiHeadAttention(num_heads=2, key_dim=3, value_dim=5)(inputs, inputs)
x = layers.Cropping1D(1)(x)
outputs = layers.Dense(10)(layers.Flatten()(x))
model = keras.Model(inputs, outputs)
optimizer = keras.optimizers.Adam(learning_rate=1e-2)
loss_fn = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)
for epoch in range(3):
    with tf.GradientTape() as tape:
        loss = loss_fn(Y, model(X, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
`;

test('a gradient tape over attention takes the steps that the formulas of Keras give', async () => {
  const path = join(project, 'test', 'faithful', 'keras.py');
  const [read] = readScript(parser, path, script, { folders: [project], read: () => null }).experiments;
  if (!read?.model) throw new Error('The script was not read');
  expect(read.unread).toEqual([]);
  const parameters = read.model.parameters.map((parameter) => {
    const weight = reference.weights[parameter.name];
    if (!weight) throw new Error(`${parameter.name} is not in the reference`);
    return { ...parameter, initializer: { kind: 'values' as const, values: weight.values } };
  });
  expect(parameters.length).toBe(Object.keys(reference.weights).length);
  const experiment = { ...read, model: { ...read.model, parameters } };
  const trace = await traceUnit({ name: 'keras', path, experiment }, 3);
  if (!trace.ok) throw new Error(trace.error);
  const losses = trace.value.arrays.get('loss')?.values ?? [];
  expect(losses.length).toBe(3);
  reference.losses.forEach((loss, step) => expect((losses[step] ?? NaN) / loss).toBeCloseTo(1, 5));
});

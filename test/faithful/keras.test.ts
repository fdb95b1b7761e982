import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readScript } from '../../src/source/read';
import { parser } from '../source/reading';
import { project } from './examples';
import { traceUnit } from './trace';

interface Weight {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** Loss and weights of the same net in NumPy, in Keras's layout. */
const reference = JSON.parse(readFileSync(join(project, 'test', 'source', 'reference', 'keras_forward.json'), 'utf8')) as {
  readonly loss: number;
  readonly weights: Readonly<Record<string, Weight>>;
};

const script = `
import numpy as np
from sklearn.datasets import load_digits
from tensorflow import keras
from tensorflow.keras import layers, regularizers

digits = load_digits()
X = digits.images[..., np.newaxis] / 16.0
model = keras.Sequential([
    layers.Conv2D(4, 3, padding="same", activation="relu", input_shape=(8, 8, 1)),
    layers.BatchNormalization(),
    layers.MaxPooling2D(3, strides=2, padding="same"),
    layers.Conv2D(6, (2, 2), padding="same", activation="tanh", kernel_regularizer=regularizers.l2(0.02)),
    layers.Conv2D(5, 3, strides=2, padding="same"),
    layers.Flatten(),
    layers.Dense(10, activation="softmax", kernel_regularizer=regularizers.L1(0.01)),
])
model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy")
model.fit(X, digits.target, batch_size=1797, epochs=1)
`;

/** Keras's [height, width, in, out] or [in, out] as [out, in, height, width] or [out, in]. */
function outputsFirst({ shape, values }: Weight): number[] {
  if (shape.length === 1) return [...values];
  const [into = 1, out = 1] = shape.slice(-2);
  const places = values.length / (into * out);
  return Array.from({ length: values.length }, (_, k) => {
    const place = k % places;
    const i = Math.floor(k / places) % into;
    const o = Math.floor(k / (places * into));
    return values[(place * into + i) * out + o] ?? NaN;
  });
}

test('the first loss of a Keras net over pictures is that of its documentation', async () => {
  const path = join(project, 'test', 'faithful', 'keras.py');
  const [read] = readScript(parser, path, script, { folders: [project], read: () => null }).experiments;
  if (!read?.model) throw new Error('The script was not read');
  expect(read.unread).toEqual([]);
  const parameters = read.model.parameters.map((parameter) => {
    const weight = reference.weights[parameter.name];
    if (!weight) throw new Error(`${parameter.name} is not in the reference`);
    return { ...parameter, initializer: { kind: 'values' as const, values: outputsFirst(weight) } };
  });
  expect(parameters.length).toBe(Object.keys(reference.weights).length);
  const experiment = { ...read, model: { ...read.model, parameters } };
  const trace = await traceUnit({ name: 'keras', path, experiment }, 1);
  if (!trace.ok) throw new Error(trace.error);
  expect((trace.value.arrays.get('loss')?.values[0] ?? NaN) / reference.loss).toBeCloseTo(1, 5);
});

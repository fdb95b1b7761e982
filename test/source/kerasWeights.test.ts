import { describe, expect, it } from 'vitest';
import { never } from '../../src/base/cancel';
import { loadDataset } from '../../src/data/load';
import { readUnit, shapeOfModel } from './reading';

const layer = "layers.Dense(1, activation='sigmoid')";
const script = (lines: string, fit: string, last = layer, loss = "'binary_crossentropy'"): string => `
import numpy as np
from sklearn.utils import class_weight
from sklearn.utils.class_weight import compute_class_weight
from tensorflow import keras
from tensorflow.keras import layers
x = np.array([[0., 1.], [1., 0.], [2., 1.], [3., 0.], [4., 1.], [5., 0.]])
y = np.array([0, 1, 0, 0, 1, 0])
${lines}
model = keras.Sequential([keras.Input(shape=(2,)), ${last}])
model.compile(optimizer='adam', loss=${loss})
model.fit(x, y, epochs=2, batch_size=2, ${fit})
`;

/** The weights of the rows, as the loaded data have them behind the targets. */
async function weightsOf(text: string): Promise<{ readonly train: number[]; readonly validation: number[] }> {
  const unit = readUnit(text);
  expect(unit.unread).toEqual([]);
  const loaded = await loadDataset(unit, {
    folders: ['/nowhere'],
    bundled: '/nowhere',
    maximumBytes: 2 ** 20,
    seed: 1,
    cancel: never,
  });
  if (!loaded.ok) throw new Error(loaded.error.text);
  const numbers = (split: typeof loaded.value.train | null): number[] => [...(split?.targets[1]?.values ?? [])].map(Number);
  return { train: numbers(loaded.value.train), validation: numbers(loaded.value.validation) };
}

const [rare, often] = [6 / (2 * 2), 6 / (2 * 4)];
const ofRows = [often, rare, often, often, rare, often];

describe('weights of classes that the data decide', () => {
  it.each([
    [
      'by scikit-learn, numbered',
      "w = class_weight.compute_class_weight(class_weight='balanced', classes=np.unique(y), y=y)\nw = dict(enumerate(w))",
    ],
    ['by scikit-learn, in order', "w = compute_class_weight('balanced', np.unique(y), y)\nw = {0: w[0], 1: w[1]}"],
    ['paired with the classes', "w = dict(zip(np.unique(y), compute_class_weight('balanced', classes=np.unique(y), y=y)))"],
    [
      'by counts',
      'neg, pos = np.bincount(y)\ntotal = neg + pos\nw = {0: (1 / neg) * (total / 2.0), 1: (1 / pos) * (total / 2.0)}',
    ],
  ])('%s, weigh each row', async (_, lines) => {
    const { train } = await weightsOf(script(lines, 'class_weight=w'));
    expect(train).toHaveLength(6);
    train.forEach((weight, i) => expect(weight).toBeCloseTo(ofRows[i] ?? 0, 6));
  });

  it('do not weigh the rows of the validation', async () => {
    const lines = "w = dict(enumerate(compute_class_weight('balanced', classes=np.unique(y), y=y)))";
    const { train, validation } = await weightsOf(script(lines, 'class_weight=w, validation_split=0.34'));
    expect([train.length, validation]).toEqual([3, [1, 1, 1]]);
  });
});

describe('weights of rows', () => {
  it('multiply each row’s loss before the mean over the batch', async () => {
    const text = script('w = np.ones(6)\nw[y == 1] = 3.0', 'sample_weight=w');
    expect((await weightsOf(text)).train).toEqual([1, 3, 1, 1, 3, 1]);
    expect(shapeOfModel(readUnit(text))).toMatch(
      /\| target target unsqueeze\(2\) bceWithLogits\(1,4\) mean\(5\) multiply\(6,3\) mean\(7\)$/,
    );
  });

  it('go with their rows where some are split off', async () => {
    const { train, validation } = await weightsOf(script('w = np.arange(6) + 1.0', 'sample_weight=w, validation_split=0.34'));
    expect([train, validation]).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  it('are read behind the targets of a data set', async () => {
    const rows = 'import tensorflow as tf\nds = tf.data.Dataset.from_tensor_slices((x, y, np.arange(6) * 1.0)).batch(2)';
    const text = script(rows, 'verbose=0').replace('fit(x, y, epochs=2, batch_size=2,', 'fit(ds, epochs=2,');
    expect((await weightsOf(text)).train).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('weigh losses of many classes and losses of the script', () => {
    const many = readUnit(
      script(
        'w = np.ones(6)',
        'sample_weight=w',
        'layers.Dense(3)',
        'keras.losses.SparseCategoricalCrossentropy(from_logits=True)',
      ),
    );
    expect(shapeOfModel(many)).toMatch(/crossEntropy\(1,2\) multiply\(4,3\) mean\(5\)$/);
    const own = 'def own(a, b):\n    return keras.backend.mean(keras.backend.square(a - b), axis=-1)\nw = np.ones(6)';
    expect(readUnit(script(own, 'sample_weight=w', layer, 'own')).unread).toEqual([]);
  });

  it('are refused where the rows’ losses cannot be told', () => {
    const own = 'def own(a, b):\n    return keras.backend.sum(keras.backend.square(a - b))\nw = np.ones(6)';
    const { unread } = readUnit(script(own, 'sample_weight=w', layer, 'own'));
    expect(unread.map(({ text }) => text)).toContain('Weights of this loss are not read');
  });
});

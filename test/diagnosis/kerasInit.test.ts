/** First values of Keras's layers, as a string or an object, and what is written in their place. */
import { describe, expect, it } from 'vitest';
import { symmetricInit } from '../../src/diagnosis/rules/symmetricInit';
import { readUnit } from '../source/reading';
import { applied, unrun } from './evidence';
import { kindOf, settle } from './settle';

const script = (hidden: string, output: string): string => `import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import initializers, layers
from sklearn.datasets import load_iris
X, y = load_iris(return_X_y=True)
model = keras.Sequential([
    layers.Dense(8, activation='relu', input_shape=(4,), kernel_initializer=${hidden}),
    layers.Dense(3, activation='softmax', kernel_initializer=${output}),
])
model.compile('adam', 'sparse_categorical_crossentropy')
model.fit(X, y, epochs=20)
`;
const evidenceOf = (text: string) => unrun({ experiment: readUnit(text), texts: { '/project/train.py': text } });

describe('symmetric-init in Keras', () => {
  it.each([
    ["'ones'", "'ones'"],
    ['keras.initializers.Constant(0.05)', 'keras.initializers.Constant(0.05)'],
    ['initializers.Ones()', 'initializers.Constant(value=0.1)'],
    ['tf.keras.initializers.Constant(0.1)', "'ones'"],
  ])('is mended by names of random initialisers: %s and %s', (hidden, output) => {
    const text = script(hidden, output);
    const { outcome } = settle(symmetricInit, evidenceOf(text));
    if (outcome.kind !== 'found') throw new Error(outcome.kind);
    const [first, second] = outcome.findings;
    expect(first?.range.line).toBe(7);
    expect(second).toMatchObject({ range: { line: 8 }, fixes: [] });
    expect(second?.message).toMatch(/^The equal weights here are the outgoing ones/);
    const edited = applied(text, first?.fixes[0]?.edits ?? []);
    expect(edited).toBe(script("'he_uniform'", "'glorot_uniform'"));
    expect(kindOf(symmetricInit, evidenceOf(edited))).toBe('passed');
  });

  it('is told and mended where a name that several layers share is made', () => {
    const shared = (made: string): string => script('start', 'start').replace('model =', `start = ${made}\nmodel =`);
    const { outcome } = settle(symmetricInit, evidenceOf(shared('initializers.Constant(0.05)')));
    if (outcome.kind !== 'found') throw new Error(outcome.kind);
    expect(outcome.findings.map(({ range }) => range.line)).toEqual([6]);
    expect(applied(shared('initializers.Constant(0.05)'), outcome.findings[0]?.fixes[0]?.edits ?? [])).toBe(
      shared("'he_uniform'"),
    );
  });
});

/** Keras takes the logarithm of clipped probabilities before its categorical cross-entropy: what made them must be a softmax. */
import { describe, expect, it } from 'vitest';
import { activationBeforeLoss } from '../../src/diagnosis/rules/activationBeforeLoss';
import { targetShape } from '../../src/diagnosis/rules/targetShape';
import { missingOutputActivation } from '../../src/diagnosis/rules/missingOutputActivation';
import { readUnit } from '../source/reading';
import { applied, statistics, unrun } from './evidence';
import { findingOf, kindOf } from './settle';

const path = '/project/train.py';

/** What was read from a script whose last layer is written as `output`. */
function script(output: string) {
  const text = `import tensorflow as tf
from sklearn.datasets import load_iris
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense
from tensorflow.keras.utils import to_categorical
X, y = load_iris(return_X_y=True)
model = Sequential([Dense(8, activation='tanh', input_shape=(4,)), ${output}])
model.compile(optimizer='adam', loss='categorical_crossentropy')
model.fit(X, to_categorical(y), epochs=10)
`;
  return { text, e: unrun({ experiment: readUnit(text), texts: { [path]: text } }) };
}

describe('the output under categorical cross-entropy', () => {
  it.each(['sigmoid', 'relu', 'tanh'])('must not be a %s', (name) => {
    const { text, e } = script(`Dense(3, activation='${name}')`);
    const found = findingOf(activationBeforeLoss, e);
    expect(found).toMatchObject({ severity: 'warning', range: { line: 7 } });
    expect(applied(text, found.fixes[0]?.edits ?? [])).toBe(script("Dense(3, activation='softmax')").text);
    expect(kindOf(missingOutputActivation, e)).toBe('passed');
  });

  it('must have an activation', () => {
    const { text, e } = script('Dense(3)');
    const found = findingOf(missingOutputActivation, e);
    expect(found.severity).toBe('error');
    expect(applied(text, found.fixes[0]?.edits ?? [])).toBe(script("Dense(3, activation='softmax')").text);
    expect(kindOf(activationBeforeLoss, e)).toBe('passed');
  });

  it('may be a softmax', () => {
    const { e } = script("Dense(3, activation='softmax')");
    expect(kindOf(activationBeforeLoss, e)).toBe('passed');
    expect(kindOf(missingOutputActivation, e)).toBe('irrelevant');
  });
});

describe('the labels under categorical cross-entropy', () => {
  const fitted = (loss: string, labels: string) => {
    const { text } = script("Dense(3, activation='softmax')");
    const changed = text.replace("'categorical_crossentropy'", loss).replace('to_categorical(y)', labels);
    const target = { ...statistics().target, type: 'integer', shape: labels === 'y' ? [300] : [300, 3] } as const;
    return {
      text: changed,
      e: unrun({ experiment: readUnit(changed), statistics: statistics({ target }), texts: { [path]: changed } }),
    };
  };

  it.each([
    ["'categorical_crossentropy'", "'sparse_categorical_crossentropy'"],
    ['tf.keras.losses.CategoricalCrossentropy()', 'tf.keras.losses.SparseCategoricalCrossentropy()'],
  ])('must be columns under %s', (loss, sparse) => {
    const { text, e } = fitted(loss, 'y');
    const found = findingOf(targetShape, e);
    expect(found).toMatchObject({ severity: 'error', range: { line: 8 } });
    expect(applied(text, found.fixes[0]?.edits ?? [])).toBe(fitted(sparse, 'y').text);
  });

  it.each([
    ["'sparse_categorical_crossentropy'", "'categorical_crossentropy'"],
    ['tf.keras.losses.SparseCategoricalCrossentropy()', 'tf.keras.losses.CategoricalCrossentropy()'],
  ])('must be class numbers under %s', (loss, plain) => {
    const { text, e } = fitted(loss, 'to_categorical(y)');
    const found = findingOf(targetShape, e);
    expect(found).toMatchObject({ severity: 'error', range: { line: 8 } });
    expect(applied(text, found.fixes[0]?.edits ?? [])).toBe(fitted(plain, 'to_categorical(y)').text);
  });

  it('may be class numbers under the sparse form, and columns under the plain one', () => {
    expect(kindOf(targetShape, fitted("'sparse_categorical_crossentropy'", 'y').e)).toBe('passed');
    expect(kindOf(targetShape, fitted("'categorical_crossentropy'", 'to_categorical(y)').e)).toBe('passed');
  });
});

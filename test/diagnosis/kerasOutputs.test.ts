/** Keras takes the logarithm of clipped probabilities before its categorical cross-entropy: what made them must be a softmax. */
import { describe, expect, it } from 'vitest';
import { activationBeforeLoss } from '../../src/diagnosis/rules/activationBeforeLoss';
import { missingOutputActivation } from '../../src/diagnosis/rules/missingOutputActivation';
import { readUnit } from '../source/reading';
import { applied, unrun } from './evidence';
import { findingOf, kindOf } from './settle';

const path = '/project/train.py';

/** What was read from a script whose last layer is written as `output`. */
function script(output: string) {
  const text = `from sklearn.datasets import load_iris
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
    expect(found).toMatchObject({ severity: 'warning', range: { line: 6 } });
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

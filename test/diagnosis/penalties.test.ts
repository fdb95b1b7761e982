/** Penalties on weights that Keras's layers add to the loss. */
import { describe, expect, it } from 'vitest';
import { penaltiesOf } from '../../src/diagnosis/penalties';
import { optimizerSettings } from '../../src/diagnosis/rules/optimizerSettings';
import { readUnit } from '../source/reading';
import { applied, evidence, trial } from './evidence';
import { findingOf, kindOf } from './settle';

function script(penalty: string, accuracy = 0.1) {
  const text = `from sklearn.datasets import load_digits
from tensorflow.keras import Sequential, regularizers
from tensorflow.keras.layers import Dense
d = load_digits()
model = Sequential([
    Dense(64, activation='relu', input_shape=(64,), kernel_regularizer=${penalty}),
    Dense(10, activation='softmax'),
])
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
model.fit(d.data / 16.0, d.target, epochs=15)
`;
  const texts = { '/project/train.py': text };
  return { text, e: evidence({ experiment: readUnit(text), texts, baseline: trial(2.3, { accuracy }) }) };
}

const helps = { 'optimizer-settings:penalty': trial(0.2, { accuracy: 0.97 }), unchanged: trial(2.3, { accuracy: 0.1 }) };

describe('a penalty on weights', () => {
  it.each([
    ['regularizers.l2(1.0)', 'regularizers.l2(1e-4)', 1],
    ['regularizers.l1(l1=0.5)', 'regularizers.l1(l1=1e-4)', 0.5],
  ])('%s is told at its call, with the right answers of another', (strong, mild, factor) => {
    const { text, e } = script(strong);
    expect(penaltiesOf(e.experiment.model ?? never()).map((one) => one.factor)).toEqual([factor]);
    const found = findingOf(optimizerSettings, e, helps);
    expect(found).toMatchObject({ severity: 'warning', range: { line: 6 } });
    expect(found.fixes[0]?.verified).toMatchObject({ quantity: 'accuracy', before: 0.1, after: 0.97 });
    expect(applied(text, found.fixes[0]?.edits ?? [])).toBe(script(mild).text);
  });

  it('is none of a usual size, in a run with right answers, or where less of it does no better', () => {
    expect(kindOf(optimizerSettings, script('regularizers.l2(0.01)').e)).toBe('passed');
    expect(kindOf(optimizerSettings, script('regularizers.l2(1.0)', 0.95).e)).toBe('passed');
    const same = { ...helps, 'optimizer-settings:penalty': trial(0.2, { accuracy: 0.15 }) };
    expect(kindOf(optimizerSettings, script('regularizers.l2(1.0)').e, same)).toBe('passed');
  });
});

function never(): never {
  throw new Error('no model');
}

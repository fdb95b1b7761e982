/** Losses that do not go with the outputs that they get in Keras: the whole way from the text to the changed text. */
import { describe, expect, it } from 'vitest';
import { activationBeforeLoss } from '../../src/diagnosis/rules/activationBeforeLoss';
import { missingOutputActivation } from '../../src/diagnosis/rules/missingOutputActivation';
import { outputSize } from '../../src/diagnosis/rules/outputSize';
import { readUnit } from '../source/reading';
import type { Measurements } from '../../src/records/measurement';
import { applied, trial, evidence, over, unrun } from './evidence';
import { findingOf, kindOf, settle } from './settle';

const path = '/project/train.py';

function script(output: string, loss: string) {
  const text = `from keras.models import Sequential
from keras.layers import Activation, Dense
model = Sequential()
model.add(Dense(8, input_dim=4, activation='relu'))
model.add(${output})
model.compile(optimizer='adam', loss='${loss}')
model.fit(X, y, epochs=10)
`;
  return { text, e: unrun({ experiment: readUnit(text), texts: { [path]: text } }) };
}

describe('a softmax over several classes', () => {
  it.each([
    ['binary_crossentropy', 3],
    ['mse', 2],
    ['mean_squared_error', 10],
  ])('does not go with %s over %i of them', (loss, classes) => {
    const output = `Dense(${classes}, activation='softmax')`;
    const { text, e } = script(output, loss);
    const found = findingOf(activationBeforeLoss, e);
    expect(found).toMatchObject({ severity: 'warning', range: { line: 6 } });
    expect(applied(text, found.fixes[0]?.edits ?? [])).toBe(script(output, 'categorical_crossentropy').text);
  });

  it.each([
    ["Dense(2, activation='softmax')", 'binary_crossentropy'],
    ["Dense(3, activation='softmax')", 'categorical_crossentropy'],
    ["Dense(3, activation='sigmoid')", 'binary_crossentropy'],
    ["Dense(1, activation='sigmoid')", 'mse'],
  ])('and other outputs pass where they fit: %s under %s', (output, loss) => {
    expect(['passed', 'undecided']).toContain(kindOf(activationBeforeLoss, script(output, loss).e));
  });

  it('is information only where categorical cross-entropy was tried and is worse', () => {
    const { text, e } = script("Dense(3, activation='softmax')", 'mse');
    const run = evidence({ experiment: e.experiment, texts: { [path]: text }, baseline: trial(0.1, { accuracy: 0.95 }) });
    const worse = { 'activation-before-loss:fix': trial(0.1, { accuracy: 0.4 }), unchanged: trial(0.1, { accuracy: 0.95 }) };
    expect(findingOf(activationBeforeLoss, run, worse)).toMatchObject({ severity: 'information', fixes: [] });
    const better = { ...worse, 'activation-before-loss:fix': trial(0.1, { accuracy: 0.99 }) };
    expect(findingOf(activationBeforeLoss, run, better)).toMatchObject({ severity: 'warning', fixes: [{}] });
  });
});

describe('a squared error after a softmax in a run', () => {
  const { text, e } = script("Dense(3, activation='softmax')", 'mse');
  const ran = (left: number, accuracy: number | null) =>
    evidence({
      experiment: e.experiment,
      texts: { [path]: text },
      baseline: trial(left, { accuracy }),
      measurements: { epochLoss: over(1, left) } as Measurements,
    });
  const results = { 'activation-before-loss:fix': trial(0.1, { accuracy: 0.99 }), unchanged: trial(0.5, { accuracy: 0.5 }) };

  it('is information where it is fitted, and warns where it is not', () => {
    expect(findingOf(activationBeforeLoss, ran(0.01, 0.95), results).severity).toBe('information');
    expect(findingOf(activationBeforeLoss, ran(0.5, 0.5), results).severity).toBe('warning');
  });

  it('is held against no loss of another kind', () => {
    const { outcome, asked } = settle(activationBeforeLoss, ran(0.5, null), results);
    expect(asked).toEqual([]);
    if (outcome.kind !== 'found') throw new Error(outcome.kind);
    expect(outcome.findings[0]).toMatchObject({ severity: 'warning', fixes: [{ title: 'Use categorical cross-entropy' }] });
    expect(outcome.findings[0]?.fixes[0]?.verified).toBeUndefined();
  });
});

describe('one output under a cross-entropy over classes', () => {
  it.each([
    ["Dense(1, activation='sigmoid')", 'categorical_crossentropy'],
    ["Dense(1, activation='softmax')", 'sparse_categorical_crossentropy'],
    ["Dense(1, activation='linear')", 'categorical_crossentropy'],
    ['Dense(1)', 'categorical_crossentropy'],
  ])('%s cannot learn under %s, and gets a binary one', (output, loss) => {
    const { text, e } = script(output, loss);
    const found = findingOf(outputSize, e);
    expect(found).toMatchObject({ severity: 'error', range: { line: 5 } });
    expect(applied(text, found.fixes[0]?.edits ?? [])).toBe(script("Dense(1, activation='sigmoid')", 'binary_crossentropy').text);
    expect(['passed', 'irrelevant']).toContain(kindOf(activationBeforeLoss, e));
    expect(['passed', 'irrelevant']).toContain(kindOf(missingOutputActivation, e));
  });

  it('is one score for each of several things where they are lined up', () => {
    const text = `import torch
from torch import nn
score = nn.Linear(8, 1)
opt = torch.optim.SGD(score.parameters(), lr=0.1)
things, chosen = torch.randn(32, 5, 8), torch.randint(0, 5, (32,))
for epoch in range(5):
    opt.zero_grad()
    loss = nn.functional.cross_entropy(score(things).squeeze(2), chosen)
    loss.backward()
    opt.step()
`;
    expect(kindOf(outputSize, unrun({ experiment: readUnit(text), texts: { [path]: text } }))).not.toBe('found');
  });
});

describe('an activation that a layer names already', () => {
  it('is changed in its place', () => {
    const { text, e } = script("Dense(3, activation='linear')", 'categorical_crossentropy');
    const found = findingOf(missingOutputActivation, e);
    expect(applied(text, found.fixes[0]?.edits ?? [])).toBe(
      script("Dense(3, activation='softmax')", 'categorical_crossentropy').text,
    );
  });
});

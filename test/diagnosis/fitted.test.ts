/** Rows that `fit` takes by name: what is to follow their making is written where they are made, never behind the fit. */
import { describe, expect, it } from 'vitest';
import { madeBeforeFit } from '../../src/diagnosis/fitArguments';
import { optimizerSettings } from '../../src/diagnosis/rules/optimizerSettings';
import { parametersNotOptimized } from '../../src/diagnosis/rules/parametersNotOptimized';
import { unscaledTargets } from '../../src/diagnosis/rules/unscaledTargets';
import { zeroInit } from '../../src/diagnosis/rules/zeroInit';
import { readUnit, textAt } from '../source/reading';
import { applied, at, column, evenly, evidence, path, run, statistics, trial, unrun } from './evidence';
import { findingOf, kindOf } from './settle';

const keras = (fit: string, optimizer = "'sgd'", init = ''): string => `import pandas as pd
from tensorflow import keras
from sklearn.model_selection import train_test_split
data = pd.read_csv('houses.csv')
target = data.pop('price')
X_train, X_test, y_train, y_test = train_test_split(data, target, test_size=0.2)
model = keras.Sequential([
    keras.layers.Dense(8, activation='relu', input_shape=(3,)${init}),
    keras.layers.Dense(8, activation='relu'${init}),
    keras.layers.Dense(1),
])
model.compile(optimizer=${optimizer}, loss='mse')
${fit}
`;
const texts = (text: string) => ({ '/project/train.py': text });

describe('the statement before a fit that makes its rows', () => {
  it.each([
    ['X, y = load()\nmodel.fit(X, y, epochs=3)\n', 'inputs', 'X, y = load()'],
    ['X, y = load()\ny = scale(y)\nhistory = model.fit(x=X, y=y)\n', 'targets', 'y = scale(y)'],
    ['X = a\nif X == 3:\n    pass\nreg.fit(\n  X, y)\n', 'inputs', 'X = a'],
  ] as const)('is found in %j', (text, part, made) => {
    const range = at(text, /\w+\.fit/.exec(text)?.[0] ?? '');
    expect(textAt(text, madeBeforeFit({ [path]: text }, range, part))).toBe(made);
  });

  it.each([
    'model.fit(load(), y)\n',
    'def f(X, y):\n    model.fit(X, y)\n',
    'X = a\nif deep:\n    model.fit(X, y)\n',
    'X = a\nX = scaler.transform(X)\n',
  ])('is not guessed in %j', (text) => {
    const range = at(text, text.trim().split('\n').at(-1)?.trim() ?? '');
    expect(madeBeforeFit({ [path]: text }, range, 'inputs')).toBeNull();
  });

  it('gets the scaling of raw columns behind it, with the rows held back', () => {
    const text = keras('history = model.fit(X_train, y_train, epochs=5, validation_split=0.2)');
    const target = {
      kind: 'numbers',
      shape: [300, 1],
      counts: [],
      mean: 3000,
      variance: 1e6,
      minimum: 0,
      maximum: 6000,
    } as const;
    const seen = statistics({ columns: [column(0, 900), column(0, 1)], target: { ...target, missing: 0, runsZ: 0 } });
    const e = evidence({
      experiment: readUnit(text),
      statistics: seen,
      texts: texts(text),
      baseline: trial(NaN, { start: 1e7 }),
    });
    const alone = 'unscaled-targets:Standardise the targets';
    const both = 'unscaled-targets:Standardise the inputs and the targets';
    const found = findingOf(unscaledTargets, e, {
      [both]: trial(0.1),
      [alone]: trial(NaN),
      unchanged: trial(NaN, { start: 1e7 }),
    });
    const edited = applied(text, found.fixes[0]?.edits ?? []);
    expect(edited).not.toContain('history = (');
    const [, between = ''] = edited.split('test_size=0.2)\n');
    expect(between.split('model =')[0]).toBe(
      ['y', 'X']
        .flatMap((of) =>
          ['test', 'train'].map(
            (part) => `${of}_${part} = (${of}_${part} - ${of}_train.mean(0)) / (${of}_train.std(0) + 1e-8)\n`,
          ),
        )
        .join(''),
    );
  });
});

describe('a decay that counts steps by itself', () => {
  it('is told where it ends the training after a few steps', () => {
    const rate = 'keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.01, decay_steps=5, decay_rate=0.5))';
    const text = keras('model.fit(X_train, y_train, epochs=50)', rate);
    const e = evidence({
      experiment: readUnit(text),
      texts: texts(text),
      run: run({ steps: 500, ofSteps: 500, stepsPerEpoch: 10 }),
      measurements: { epochLoss: evenly([1.1, 1, 1, 1, 1, 1, 1, 1]) },
      baseline: trial(1, { start: 1.1 }),
    });
    const slower = { 'optimizer-settings:decay_rate': trial(0.2, { start: 1.1 }), unchanged: trial(1, { start: 1.1 }) };
    const found = findingOf(optimizerSettings, e, slower);
    expect(textAt(text, found.range)).toBe('0.5');
    expect(found).toMatchObject({ severity: 'warning', fixes: [{ title: 'Set decay_rate to 0.95' }] });
  });
});

describe('several hidden layers of zero', () => {
  it('are mended together', () => {
    const text = keras('model.fit(X_train, y_train)', "'adam'", ", kernel_initializer='zeros'");
    const found = findingOf(zeroInit, unrun({ experiment: readUnit(text), texts: texts(text) }));
    expect(applied(text, found.fixes[0]?.edits ?? []).match(/kernel_initializer='he_uniform'/g)).toHaveLength(2);
  });
});

describe('layers that the script holds at random values', () => {
  const script = (held: string): string => `import torch
from torch import nn
net = nn.Sequential(nn.Linear(10, 16), nn.ReLU(), nn.Linear(16, 3))
for p in net[0].parameters():
    ${held}
x = torch.randn(300, 10)
y = torch.randint(0, 3, (300,))
optimizer = torch.optim.SGD([p for p in net.parameters() if p.requires_grad], lr=0.1)
for epoch in range(30):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(net(x), y)
    loss.backward()
    optimizer.step()
`;
  const held = (statement: string) => {
    const text = script(statement);
    return { text, e: evidence({ experiment: readUnit(text), texts: texts(text), baseline: trial(0.9) }) };
  };
  const free = (end: number) => ({ 'parameters-not-optimized:free': trial(end), unchanged: trial(0.9) });

  it.each([
    ['p.requires_grad = False', 'p.requires_grad = True'],
    ['p.requires_grad_(False)', 'p.requires_grad_(True)'],
  ])('are told at %s where the script is much better with them learning', (statement, mended) => {
    const { text, e } = held(statement);
    const found = findingOf(parametersNotOptimized, e, free(0.1));
    expect(found).toMatchObject({ severity: 'warning', range: { line: 5 }, fixes: [{ verified: { seeds: 2, helped: true } }] });
    expect(textAt(text, found.range)).toBe('False');
    expect(applied(text, found.fixes[0]?.edits ?? [])).toBe(script(mended));
  });

  it('are no fault where they do nearly as well, nor without a run', () => {
    const { e } = held('p.requires_grad = False');
    expect(kindOf(parametersNotOptimized, e, free(0.8))).toBe('passed');
    expect(kindOf(parametersNotOptimized, { ...e, run: null })).toBe('passed');
  });
});

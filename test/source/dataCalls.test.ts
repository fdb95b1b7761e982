import { describe, expect, it } from 'vitest';
import type { DataStep } from '../../src/records/dataSteps';
import { readUnit } from './reading';

const script = (lines: string, columns = "['a', 'b']"): string => `import numpy as np, pandas as pd, torch, torch.nn as nn
from sklearn.preprocessing import LabelEncoder
df = pd.read_csv('rows.csv')
labels = df['species'].map({'x': 0, 'y': 1, 'z': 2}).values
${lines}
X = torch.tensor(df[${columns}].values, dtype=torch.float32)
y = torch.tensor(labels)
model = nn.Linear(2, 3)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(3):
    loss = nn.functional.cross_entropy(model(X), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
`;

const stepsOf = (lines: string): readonly DataStep[] => {
  const { data, unread } = readUnit(script(lines));
  expect(unread).toEqual([]);
  return data.steps;
};

describe('replace', () => {
  it.each([
    ["df['a'] = df['a'].replace({1: 0, 2: 5})", [1, 2], [0, 5]],
    ["df['a'] = df['a'].replace(['low', 'high'], [0, 1])", ['low', 'high'], [0, 1]],
    ["df['a'] = df['a'].replace(-1, 0)", [-1], [0]],
    ["df['a'] = df['a'].replace([-1, -2], 0)", [-1, -2], [0, 0]],
  ])('%s keeps other numbers', (line, from, to) => {
    const step = stepsOf(line).find((s) => s.kind === 'mapValues' && s.arguments.keep);
    expect(step?.arguments).toEqual({ from, to, keep: true });
  });
});

describe('LabelEncoder', () => {
  it('encodes other rows by the classes that it was fitted on', () => {
    const steps = stepsOf("le = LabelEncoder()\nle.fit(df['species'])\ndf = df.iloc[:50]\nlabels = le.transform(df['species'])");
    const encoded = steps.find((s) => s.kind === 'encodeLabels');
    expect(encoded?.inputs).toHaveLength(2);
    const [fitted, rows] = (encoded?.inputs ?? []).map((i) => steps[i]);
    expect(fitted?.kind).toBe('select');
    expect(rows?.kind).toBe('select');
    expect(fitted?.inputs).not.toEqual(rows?.inputs);
  });
});

describe('selections of rows under one seed', () => {
  const seedsOf = (lines: string): unknown[] =>
    stepsOf(lines).flatMap((s) => (s.kind === 'shuffledOrder' ? [s.arguments.seed] : []));

  it('differ from each other', () => {
    const [first, second] = seedsOf(
      'np.random.seed(7)\ndf = df.iloc[np.random.permutation(100)]\ndf = df.iloc[np.random.permutation(100)]',
    );
    expect(first).toBe(7);
    expect(second).not.toBe(7);
  });

  it('are the same again when the seed is set again', () => {
    expect(
      seedsOf(
        'np.random.seed(7)\ndf = df.iloc[np.random.permutation(100)]\nnp.random.seed(7)\nlabels = labels[np.random.permutation(100)]',
      ),
    ).toEqual([7, 7]);
  });
});

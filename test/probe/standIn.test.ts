import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { never } from '../../src/base/cancel';
import { diagnose } from '../../src/probe/diagnose';
import type { Surroundings } from '../../src/probe/session';
import { standInData } from '../../src/probe/standIn/standIn';
import type { DiagnoseEvent } from '../../src/protocol/diagnosis';
import type { Experiment } from '../../src/records/experiment';
import type { UnitReport } from '../../src/records/report';
import { readScript } from '../../src/source/read';
import { testSurroundings } from '../service/surroundings';

let surroundings: Surroundings;
beforeAll(async () => {
  surroundings = await testSurroundings();
});

const path = resolve('train.py');

function read(text: string): Experiment {
  const { experiments } = readScript(surroundings.parser, path, text, { read: () => null, folders: [] });
  if (!experiments[0]) throw new Error('no unit');
  return experiments[0];
}

async function run(text: string, standIn: boolean): Promise<{ report: UnitReport; events: DiagnoseEvent[] }> {
  const events: DiagnoseEvent[] = [];
  const options = { folders: [], budgetSeconds: null, off: [], standIn };
  const report = await diagnose(
    { experiment: read(text), texts: { [path]: text }, options },
    surroundings,
    (event) => events.push(event),
    never,
  );
  return { report, events };
}

const script = (data: string, model: string, loss: string): string => `import numpy as np
import pandas as pd
import torch
from torch import nn
${data}
model = ${model}
criterion = nn.${loss}
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(20):
    optimizer.zero_grad()
    loss = criterion(model(X), y)
    loss.backward()
    optimizer.step()
`;

const table = `df = pd.read_csv("nowhere.csv")
X = torch.tensor(df.drop(columns="t").values, dtype=torch.float32)
y = torch.tensor(df["t"].values, dtype=torch.long)`;
const numbers = table.replace('torch.long)', 'torch.float32).unsqueeze(1)');
const arrays = `X = torch.from_numpy(np.load("x.npy")).float()
y = torch.from_numpy(np.load("y.npy")).long()`;

const picture =
  'nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(4 * 16 * 16, 7))';

const keras = `from keras.models import Sequential
from keras.layers import Conv2D, Dense, Flatten
model = Sequential([Conv2D(2, 3, input_shape=(12, 12, 3)), Flatten(), Dense(4, activation="softmax")])
model.compile(loss="sparse_categorical_crossentropy", optimizer="sgd")
model.fit(X_train, y_train, epochs=2)
`;

describe('stand-in data', () => {
  it.each([
    [
      'a classifier',
      script(table, 'nn.Sequential(nn.Linear(13, 8), nn.ReLU(), nn.Linear(8, 5))', 'CrossEntropyLoss()'),
      [13],
      [],
      5,
    ],
    ['a regression', script(numbers, 'nn.Linear(6, 1)', 'MSELoss()'), [6], [1], null],
    ['one unit for yes and no', script(numbers, 'nn.Linear(6, 1)', 'BCEWithLogitsLoss()'), [6], [1], 2],
    ['pictures of the one size that fits', script(arrays, picture, 'CrossEntropyLoss()'), [3, 32, 32], [], 7],
    [
      'whole numbers',
      script(
        arrays.replace('float()', 'long()'),
        'nn.Sequential(nn.Embedding(50, 4), nn.Flatten(), nn.Linear(32, 2))',
        'CrossEntropyLoss()',
      ),
      [8],
      [],
      2,
    ],
    ['rows of which only the model says the shape', script('X, y = load()', 'nn.Linear(6, 3)', 'CrossEntropyLoss()'), [6], [], 3],
    [
      'pictures of which only the model says the size',
      script('X, y = load()', picture, 'CrossEntropyLoss()'),
      [3, 32, 32],
      [],
      7,
    ],
    [
      'volumes of the one size that fits',
      script(
        arrays,
        'nn.Sequential(nn.Conv3d(1, 2, 3, padding=1), nn.ReLU(), nn.MaxPool3d(2), nn.Flatten(), nn.Linear(2 * 4 ** 3, 3))',
        'CrossEntropyLoss()',
      ),
      [1, 8, 8, 8],
      [],
      3,
    ],
    ['rows in the shape that Keras is told', keras, [12, 12, 3], [], 4],
    [
      'a number for every place of a picture',
      script('X, y = load()', 'nn.Conv2d(3, 1, 3, padding=1)', 'BCEWithLogitsLoss()'),
      [3, 28, 28],
      [1, 28, 28],
      2,
    ],
    ['rows of which some are kept for validation', keras.replace('epochs=2', 'validation_split=0.2'), [12, 12, 3], [], 4],
    ['ones and zeros for classes', keras.replace('sparse_', ''), [12, 12, 3], [4], 2],
  ])('have the shape that the model takes: %s', (_, text, input, target, classes) => {
    const made = standInData(read(text), 0);
    if (!made.ok) throw new Error(made.error.text);
    const { train, origin } = made.value;
    expect(origin).toBe('standIn');
    expect(train.inputs.map(({ shape }) => shape)).toEqual([[256, ...input]]);
    expect(train.targets.map(({ shape }) => shape)).toEqual([[256, ...target]]);
    const values = Array.from(train.targets[0]?.values ?? []);
    if (classes !== null) expect(new Set(values)).toEqual(new Set(Array.from({ length: classes }, (_unused, k) => k)));
  });

  it('are the same for the same seed', () => {
    const experiment = read(script(numbers, 'nn.Linear(6, 1)', 'MSELoss()'));
    const values = (seed: number): unknown => {
      const made = standInData(experiment, seed);
      return made.ok && made.value.train;
    };
    expect(values(3)).toEqual(values(3));
    expect(values(3)).not.toEqual(values(4));
  });

  it('draw curves, and leave to the text alone what is said of the script', async () => {
    const text = script(numbers, 'nn.Linear(6, 1)', 'MSELoss()').replace('lr=0.05', 'lr=50.0');
    const without = await run(text, false);
    expect(without.report).toMatchObject({
      status: 'static',
      run: null,
      reason: { missing: { kind: 'data', path: 'nowhere.csv' } },
    });
    const { report, events } = await run(text, true);
    expect(report).toMatchObject({ status: 'static', standIn: true, reason: { missing: { kind: 'data' } } });
    expect(report.reason?.text).toContain('stand-in');
    expect(report.measurements.loss?.values.length).toBeGreaterThan(1);
    expect(events.some(({ kind }) => kind === 'measurements')).toBe(true);
    // It diverges on them, but that is no verdict on the script.
    expect(report.run?.stoppedBy).toBe('divergence');
    expect(report.findings).toEqual(without.report.findings);
    expect(report.undecided).toEqual(without.report.undecided);
  });

  it('take the place of rows that the script gets from where the reader does not follow', async () => {
    const text = script('X, y = load()', 'nn.Linear(6, 3)', 'CrossEntropyLoss()');
    const without = await run(text, false);
    expect(without.report).toMatchObject({ status: 'static', run: null, reason: { missing: { kind: 'rows' } } });
    const { report } = await run(text, true);
    expect(report).toMatchObject({ status: 'static', standIn: true, reason: { missing: { kind: 'rows' } } });
    expect(report.measurements.loss?.values.length).toBeGreaterThan(1);
    expect(report.findings).toEqual(without.report.findings);
  });

  it('are not made where the model does not say what it takes', () => {
    const made = standInData({ ...read(script(numbers, 'nn.Linear(6, 1)', 'MSELoss()')), model: null }, 0);
    expect(!made.ok && made.error.text).toContain('does not say');
  });
});

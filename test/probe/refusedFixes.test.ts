/** Scripts that the framework stops at the first step: what mends them is tried all the same. */
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { never } from '../../src/base/cancel';
import { diagnose } from '../../src/probe/diagnose';
import type { Surroundings } from '../../src/probe/session';
import type { UnitReport } from '../../src/records/report';
import { readScript } from '../../src/source/read';
import { testSurroundings } from '../service/surroundings';

let surroundings: Surroundings;
beforeAll(async () => {
  surroundings = await testSurroundings();
});

async function check(text: string, budgetSeconds: number | null = null): Promise<UnitReport> {
  const path = resolve('train.py');
  const [experiment] = readScript(surroundings.parser, path, text, { read: () => null, folders: [] }).experiments;
  if (!experiment) throw new Error('no unit');
  const options = { folders: [], budgetSeconds, off: [] };
  return diagnose({ experiment, texts: { [path]: text }, options }, surroundings, () => undefined, never);
}

const classes = (outputs: number, rate: number) => `import torch
from torch import nn
from sklearn.datasets import load_iris
X, y = load_iris(return_X_y=True)
X = torch.tensor(X, dtype=torch.float32)
y = torch.tensor(y)
model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, ${outputs}))
optimizer = torch.optim.SGD(model.parameters(), lr=${rate})
for epoch in range(100):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(X), y)
    loss.backward()
    optimizer.step()
`;

const keras = `from sklearn.datasets import load_iris
from tensorflow.keras import Sequential
from tensorflow.keras.layers import Dense
X, y = load_iris(return_X_y=True)
model = Sequential([Dense(16, activation='relu', input_shape=(4,)), Dense(3, activation='softmax')])
model.compile(optimizer='adam', loss='categorical_crossentropy')
model.fit(X, y, epochs=20)
`;

describe('a refused script', () => {
  it.each([
    ['too few outputs', classes(2, 0.05), 'output-size', 7],
    ['class numbers for columns', keras, 'target-shape', 6],
  ])('has its fix tried: %s', async (_, text, rule, line) => {
    const { status, findings } = await check(text);
    expect(status).toBe('static');
    const [found] = findings.filter(({ severity }) => severity === 'error');
    expect(found).toMatchObject({ rule, range: { line } });
    expect(found?.fixes[0]?.verified).toMatchObject({ seeds: 2, helped: true, quantity: 'probeLoss', refused: true });
    expect(found?.message).toMatch(
      /The framework refuses the script before it trains\. .*run from the start: the probe loss goes [\d.]+ → [\d.]+\. Tried on 2 seeds/,
    );
  });

  it('loses a fix that does not train', async () => {
    const [found] = (await check(classes(2, 1e6))).findings.filter(({ rule }) => rule === 'output-size');
    expect(found?.fixes).toEqual([]);
    expect(found?.message).toContain('did not train');
  });

  it('keeps a fix as not tried where there is no time', async () => {
    const [found] = (await check(classes(2, 0.05), 0)).findings.filter(({ rule }) => rule === 'output-size');
    expect(found?.fixes[0]).toMatchObject({ title: 'Give the last layer 3 outputs' });
    expect(found?.fixes[0]?.verified).toBeUndefined();
  });
});

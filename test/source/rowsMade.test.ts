import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { never } from '../../src/base/cancel';
import { loadDataset } from '../../src/data/load';
import type { Dataset, Tensor } from '../../src/records/dataset';
import type { Experiment } from '../../src/records/experiment';
import { readUnit } from './reading';

interface Numbers {
  readonly shape: readonly number[];
  readonly first: readonly number[];
  readonly weighted: number;
}
interface Reference {
  readonly cases: Readonly<Record<string, { readonly code: string; readonly x: Numbers; readonly y: Numbers }>>;
}

const here = fileURLToPath(new URL('.', import.meta.url));
const reference = JSON.parse(readFileSync(join(here, 'reference', 'rows_made.json'), 'utf8')) as Reference;

/** A script that trains on the rows `X` and targets `y`. */
const scriptOf = (code: string): string => `import random
import numpy as np
import tensorflow as tf
${code}
model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
model.compile(optimizer='sgd', loss='mse')
model.fit(X, y, epochs=2, batch_size=50, shuffle=False)
`;

async function loaded(unit: Experiment): Promise<Dataset> {
  const bundled = join(here, '..', '..', 'media', 'datasets');
  const made = await loadDataset(unit, { folders: [], bundled, maximumBytes: 2 ** 28, seed: 0, cancel: never });
  if (!made.ok) throw new Error(`${made.error.range.line}: ${made.error.text}`);
  return made.value;
}

async function made(code: string): Promise<{ readonly x: Tensor; readonly y: Tensor }> {
  const unit = readUnit(scriptOf(code));
  expect(unit.unread.map(({ text, range }) => `${range.line}: ${text}`)).toEqual([]);
  const { inputs, targets } = (await loaded(unit)).train;
  return { x: inputs[0] as Tensor, y: targets[0] as Tensor };
}

const reasons = (code: string): string[] => readUnit(scriptOf(code)).unread.map(({ text }) => text);

/** The same summary that the reference has. */
const summaryOf = ({ shape, values }: Tensor): Numbers => ({
  shape,
  first: [...values.slice(0, 30)],
  weighted: [...values].reduce((sum, value, i) => sum + value * (1 + (i % 7)), 0),
});

function expectNumbers(found: Numbers, wanted: Numbers): void {
  expect(found.shape).toEqual(wanted.shape);
  const close = (a: number, b: number): boolean => Math.abs(a - b) <= 2e-6 * Math.max(1, Math.abs(b));
  expect(
    wanted.first.filter((value, i) => !close(found.first[i] ?? Number.NaN, value)),
    `found ${found.first.join(' ')}`,
  ).toEqual([]);
  expect(Math.abs(found.weighted - wanted.weighted)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(wanted.weighted)));
}

describe('rows that a loop makes one by one are those that Python makes', () => {
  it.each(Object.entries(reference.cases))('%s', async (_name, { code, x, y }) => {
    const found = await made(code);
    expectNumbers(summaryOf(found.x), x);
    expectNumbers(summaryOf(found.y), y);
  });
});

describe('rows that a loop draws at random', () => {
  const row = ({ shape, values }: Tensor, i: number): number[] => {
    const width = shape.slice(1).reduce((a, b) => a * b, 1);
    return [...values.slice(i * width, (i + 1) * width)];
  };
  const distinct = ({ values }: Tensor): number => new Set(values).size;

  it('are as many as passes, and each target is that of its row', async () => {
    for (const passes of [100, 2000]) {
      const { x, y } = await made(`data, labels = [], []
for i in range(${passes}):
    a = random.random() * 100
    b = random.uniform(-5, 5)
    data.append([a, b])
    labels.append(a + 2 * b)
X, y = np.array(data), np.array(labels)`);
      expect(x.shape).toEqual([passes, 2]);
      expect(y.shape).toEqual([passes]);
      for (let i = 0; i < passes; i++) {
        const [a = 0, b = 0] = row(x, i);
        expect(y.values[i]).toBeCloseTo(a + 2 * b, 3);
        expect(a >= 0 && a < 100 && b >= -5 && b < 5).toBe(true);
      }
      expect(distinct(x)).toBeGreaterThan(1.9 * passes);
    }
  });

  it('take one label or another by what was drawn', async () => {
    const { x, y } = await made(`X, y = [], []
for _ in range(500):
    n = np.random.randint(0, 100)
    X.append([n])
    if n % 2 == 0 and n > 50:
        y.append(1)
    else:
        y.append(0)
X, y = np.array(X), np.array(y)`);
    for (let i = 0; i < 500; i++) {
      const n = x.values[i] ?? Number.NaN;
      expect(Number.isInteger(n)).toBe(true);
      expect(y.values[i]).toBe(n % 2 === 0 && n > 50 ? 1 : 0);
    }
    expect(distinct(y)).toBe(2);
  });

  it('are written into arrays, also under conditions', async () => {
    const { x, y } = await made(`X = np.zeros((300, 3))
y = np.zeros((300, 1))
for i in range(300):
    X[i] = np.random.randn(3)
    if X[i, 0] > X[i, 1]:
        y[i] = X[i, 2]`);
    for (let i = 0; i < 300; i++) {
      const [a = 0, b = 0, c = 0] = row(x, i);
      expect(y.values[i]).toBeCloseTo(a > b ? c : 0, 5);
    }
    expect(distinct(x)).toBeGreaterThan(890);
  });

  it('are made by comprehensions, in comprehensions too', async () => {
    const { x, y } = await made(`X = np.array([[random.gauss(0, 1) for _ in range(4)] for _ in range(200)])
y = np.array([0 if r[0] > r[3] else 1 for r in X])`);
    expect(x.shape).toEqual([200, 4]);
    for (let i = 0; i < 200; i++) {
      const [a = 0, , , d = 0] = row(x, i);
      expect(y.values[i]).toBe(a > d ? 0 : 1);
    }
    expect(distinct(x)).toBeGreaterThan(790);
  });

  it('are made by functions that are given how many', async () => {
    const { x, y } = await made(`def generate(n):
    xs, ys = [], []
    for i in range(n):
        a, b = random.randint(1, 9), random.randint(1, 9)
        xs.append([a, b])
        ys.append(a * b)
    return np.array(xs), np.array(ys)
X, y = generate(400)`);
    for (let i = 0; i < 400; i++) {
      const [a = 0, b = 0] = row(x, i);
      expect(y.values[i]).toBe(a * b);
    }
  });
});

describe('classes of a column of numbers', () => {
  it('are as many rows of marks as there are numbers', async () => {
    const { y } = await made(`X = np.random.random((100, 4))
labels = (np.arange(100) % 3).reshape(-1, 1)
y = tf.keras.utils.to_categorical(labels, num_classes=3)`);
    expect(y.shape).toEqual([100, 3]);
    expect([...y.values.slice(0, 9)]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  });

  it('are texts, where a loop gives each row one of some', () => {
    const unit = readUnit(`import random
from sklearn.neural_network import MLPClassifier
X, y = [], []
for i in range(600):
    h = random.uniform(140, 200)
    X.append([h, 2])
    if h < 150:
        y.append('small')
    elif h < 180:
        y.append('middle')
    else:
        y.append('tall')
MLPClassifier(solver='sgd', max_iter=5).fit(X, y)
`);
    expect(unit.unread).toEqual([]);
    expect(unit.data.steps.some(({ kind }) => kind === 'encodeLabels')).toBe(true);
  });
});

describe('a list of rows that is shuffled', () => {
  it('keeps each row together, in another order', async () => {
    const { x, y } = await made(`pairs = []
for i in range(300):
    pairs.append([i, 3 * i])
random.shuffle(pairs)
X = np.array([[a] for a, b in pairs])
y = np.array([b for a, b in pairs])`);
    const order = [...x.values];
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, i) => i));
    expect(order).not.toEqual(Array.from({ length: 300 }, (_, i) => i));
    expect([...y.values]).toEqual(order.map((a) => 3 * a));
  });
});

describe('whole numbers beside others in rows of a list', () => {
  it.each([
    'for i in range(900):\n    rows.append((random.random(), i % 3))\nrows = rows[:800]',
    'for c in range(3):\n    for i in range(300):\n        rows.append([random.gauss(c, 1), c])\nrandom.shuffle(rows)',
    'for i in range(40):\n    rows.append([i / 40, i % 3])\nrandom.shuffle(rows)\nrows = rows[10:]',
  ])('stay whole: %s', async (loop) => {
    const unit = readUnit(`import random
import torch
rows = []
${loop}
X = torch.tensor([[r[0]] for r in rows])
y = torch.tensor([r[1] for r in rows])
model = torch.nn.Linear(1, 3)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(5):
    opt.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(X), y)
    loss.backward()
    opt.step()
`);
    expect(unit.unread).toEqual([]);
    const { targets } = (await loaded(unit)).train;
    expect(targets[0]?.values).toBeInstanceOf(Int32Array);
    expect(new Set(targets[0]?.values)).toEqual(new Set([0, 1, 2]));
  });
});

describe('what one pass takes over from the pass before', () => {
  it.each([
    [
      'field array',
      'class W:\n    def __init__(self):\n        self.s = np.zeros(2)\n    def step(self):\n        self.s = self.s * 0.9 + np.random.randn(2)\n        return self.s\nw = W()\nX, y = [], []\nfor i in range(900):\n    X.append(w.step())\n    y.append(w.s[0])\nX, y = np.array(X), np.array(y)',
    ],
    [
      'dict',
      "d = {'v': 0.0}\nX, y = [], []\nfor i in range(900):\n    d['v'] = d['v'] * 0.9 + random.random()\n    X.append([d['v']])\n    y.append(d['v'])\nX, y = np.array(X), np.array(y)",
    ],
    [
      'global',
      'v = 0.0\ndef step():\n    global v\n    v = v * 0.9 + random.random()\n    return v\nX, y = [], []\nfor i in range(900):\n    a = step()\n    X.append([a])\n    y.append(a)\nX, y = np.array(X), np.array(y)',
    ],
    [
      'array in place',
      's = np.zeros(2)\nX, y = [], []\nfor i in range(900):\n    s += np.random.randn(2)\n    X.append(s.copy())\n    y.append(s[0])\nX, y = np.array(X), np.array(y)',
    ],
    [
      'entry in place',
      's = np.zeros(2)\nX, y = [], []\nfor i in range(900):\n    s[0] = s[0] + random.random()\n    X.append([s[0], s[1]])\n    y.append(s[0])\nX, y = np.array(X), np.array(y)',
    ],
    [
      'nonlocal',
      'def make():\n    v = 0.0\n    def step():\n        nonlocal v\n        v = v * 0.9 + random.random()\n        return v\n    X, y = [], []\n    for i in range(900):\n        a = step()\n        X.append([a])\n        y.append(a)\n    return np.array(X), np.array(y)\nX, y = make()',
    ],
    [
      'list state',
      's = [0.0]\nX, y = [], []\nfor i in range(900):\n    s[0] = s[0] * 0.9 + random.random()\n    X.append([s[0]])\n    y.append(s[0])\nX, y = np.array(X), np.array(y)',
    ],
    [
      'last of other list',
      'h = [0.0]\nX, y = [], []\nfor i in range(900):\n    v = h[-1] * 0.9 + random.random()\n    h.append(v)\n    X.append([v])\n    y.append(v)\nX, y = np.array(X), np.array(y)',
    ],
    [
      'last of field list',
      'class H: pass\nh = H()\nh.l = [0.0]\nX, y = [], []\nfor i in range(900):\n    v = h.l[-1] * 0.9 + random.random()\n    h.l.append(v)\n    X.append([v])\n    y.append(v)\nX, y = np.array(X), np.array(y)',
    ],
    [
      'helper appends',
      'h = [0.0]\ndef step():\n    v = h[-1] * 0.9 + random.random()\n    h.append(v)\n    return v\nX, y = [], []\nfor i in range(900):\n    v = step()\n    X.append([v])\n    y.append(v)\nX, y = np.array(X), np.array(y)',
    ],
    [
      'conditional carried',
      'X, y = [], []\nbest = 0.0\nfor i in range(900):\n    v = random.random()\n    if v > best:\n        best = v\n    X.append([v])\n    y.append(best)\nX, y = np.array(X), np.array(y)',
    ],
    [
      'sum',
      'X, y = [], []\ntotal = 0.0\nfor i in range(900):\n    v = random.random()\n    total = total + v\n    X.append([v])\n    y.append(total)\nX, y = np.array(X), np.array(y)',
    ],
    [
      'walrus',
      'X, y = [], []\nv = 0.0\nfor i in range(900):\n    X.append([(v := v * 0.5 + random.random())])\n    y.append(v)\nX, y = np.array(X), np.array(y)',
    ],
    ['comprehension walrus', 'v = 0.0\nX = np.array([[(v := v * 0.5 + random.random())] for _ in range(900)])\ny = X[:, 0]'],
    [
      'pop',
      'import copy\npool = [[0.0, 1.0]]\nX, y = [], []\nfor i in range(900):\n    p = pool.pop()\n    q = [p[0] + random.random(), p[1]]\n    pool.append(q)\n    X.append(q)\n    y.append(q[0])\nX, y = np.array(X), np.array(y)',
    ],
    [
      'a number',
      'X, y = [], []\nv = 0.5\nfor i in range(900):\n    v = 0.9 * v + random.gauss(0, 1)\n    X.append([v])\n    y.append(v)\nX, y = np.array(X), np.array(y)',
    ],
    [
      'entries of an array',
      'X = np.zeros((900, 1))\ny = np.zeros(900)\nfor i in range(899):\n    X[i + 1] = 0.5 * X[i] + random.random()\n    y[i + 1] = 1',
    ],
    [
      'an entry that this pass has written for the next',
      'X = np.zeros((900, 1))\ny = np.zeros(900)\nfor i in range(899):\n    X[i] = random.random()\n    y[i] = X[i + 1, 0]',
    ],
  ])('is not read: %s', (_name, code) => {
    expect(reasons(code)).not.toEqual([]);
  });

  it.each([
    [
      'a loop that a row ends',
      'X, y = [], []\nfor i in range(900):\n    v = random.random()\n    if v > 0.99:\n        break\n    X.append([v])\n    y.append(v)\nX, y = np.array(X), np.array(y)',
    ],
    [
      'a loop as long as a row says',
      'X, y = [], []\nfor i in range(900):\n    v = random.random()\n    while v < 0.5:\n        v = v * 2\n    X.append([v])\n    y.append(v)\nX, y = np.array(X), np.array(y)',
    ],
  ])('leaves it unread: %s', (_name, code) => {
    expect(reasons(code)).not.toEqual([]);
  });

  it('leaves no number of rows that is known, where only some passes make one', () => {
    expect(
      reasons(`X, y = [], []
for i in range(900):
    a = random.random()
    if a > 0.5:
        X.append([a])
        y.append(a)
X, y = np.array(X), np.array(y)`),
    ).not.toEqual([]);
    expect(
      reasons(`X, y = [], []
for i in range(900):
    a = random.random()
    if a > 0.5:
        continue
    X.append([a])
    y.append(a)
X, y = np.array(X), np.array(y)`),
    ).not.toEqual([]);
  });
});

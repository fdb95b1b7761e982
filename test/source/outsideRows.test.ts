import { describe, expect, it } from 'vitest';
import { readUnit, shapeOfData, shapeOfModel } from './reading';

const net = `import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import Dataset, DataLoader
`;

const loop = (rows: string, batch: string, loss = 'nn.CrossEntropyLoss()(model(x), y)'): string => `
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(3):
    for ${batch} in ${rows}:
        opt.zero_grad()
        loss = ${loss}
        loss.backward()
        opt.step()
`;

const dense = 'model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))';

const files = `import os
from PIL import Image
class Cats(Dataset):
    def __init__(self, root):
        self.root = root
        self.names = os.listdir(root)
    def __len__(self):
        return len(self.names)
    def __getitem__(self, i):
        return Image.open(os.path.join(self.root, self.names[i])), 1
`;

/** Scripts whose data the reader cannot follow, with the reason that they are told. */
const whole: Readonly<Record<string, readonly [text: string, reason: string]>> = {
  'a loader that is not defined': [`${net}${dense}${loop('loader', 'x, y')}`, '`loader` is not defined where it is used'],
  'a numbered loader that a module of the project would make': [
    `${net}from data import make\ntrain, test = make("rows", 8)\n${dense}${loop('enumerate(train)', 'i, (x, y)')}`,
    '`data.make` is not known to this reader',
  ],
  'a loader imported by name': [
    `${net}from data import loader\n${dense}${loop('loader', 'x, y')}`,
    '`data.loader` is not known to this reader',
  ],
  'a data set of files': [
    `${net}${files}${dense}${loop('DataLoader(Cats("cats"), batch_size=16, shuffle=True)', 'x, y')}`,
    '`os.listdir` is not known to this reader',
  ],
  'entries of a batch': [
    `${net}${dense}${loop('loader', 'batch', 'nn.CrossEntropyLoss()(model(batch["x"].float()), batch["y"])')}`,
    '`loader` is not defined where it is used',
  ],
  'all rows at once': [
    `${net}${dense}\nX, Y = load("rows")\nX = torch.from_numpy(X).float()${loop('[1]', '_', 'nn.CrossEntropyLoss()(model(X), Y)')}`,
    '`load` is not defined where it is used',
  ],
};

describe('a model whose rows come from where the reader does not follow', () => {
  it.each(Object.entries(whole))('%s: is read all the same, and the rows are said not to be', (_, [text, reason]) => {
    const unit = readUnit(text);
    expect(shapeOfModel(unit)).toMatch(/^input linear\(0\) relu\(1\) linear\(2\) \| target crossEntropy\(3,4\)$/);
    expect(unit.unread).toMatchObject([{ text: reason, missing: { kind: 'rows' } }]);
    expect(unit.train?.inputs).toHaveLength(1);
    expect(shapeOfData(unit)).toBe('unread() unread()');
    expect(unit.train?.inputs).not.toEqual(unit.train?.targets);
  });

  it('takes what the loader says of its batches, and says what it takes for granted otherwise', () => {
    const [known, unknown] = ['a data set of files', 'a loader that is not defined'].map((name) =>
      readUnit(whole[name]?.[0] ?? ''),
    );
    expect(known?.batches).toMatchObject({ batchSize: { value: 16, isDefault: false }, shuffle: { value: true } });
    expect(known?.assumptions).toEqual([]);
    expect(unknown?.batches).toMatchObject({ batchSize: { value: 32, isDefault: true } });
    expect(unknown?.assumptions.map(({ text }) => text)).toEqual([
      'Batches of 32 mixed rows are taken where the script does not say how they are made',
    ]);
  });

  it('learns the axes of pictures from the layer that takes them', () => {
    const unit = readUnit(`${net}
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.out = nn.Linear(8 * 15 * 15, 2)
    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv(x)), 2)
        return self.out(x.view(x.size(0), -1))
model = Net()
${loop('loader', 'x, y')}`);
    expect(unit.unread).toHaveLength(1);
    expect(unit.model?.loss).not.toBeNull();
  });

  it('reads weights of the script’s own on them', () => {
    const unit = readUnit(`import torch
X, Y = load()
x, y = torch.tensor(X), torch.tensor(Y)
w = torch.zeros(3, 1, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
for epoch in range(9):
    opt.zero_grad()
    loss = ((x @ w - y) ** 2).mean()
    loss.backward()
    opt.step()
`);
    expect(shapeOfModel(unit)).toBe('parameter input matmul(1,0) | target subtract(2,3) power(4) mean(5)');
    expect(unit.unread).toMatchObject([{ missing: { kind: 'rows' } }]);
  });
});

describe('what is no data', () => {
  it.each([
    ['a model that is not read', `${net}from nets import Net\nmodel = Net()${loop('loader', 'x, y')}`, '`nets.Net` is not known'],
    [
      'a factor of the loss',
      `${net}from config import cfg\n${dense}${loop('loader', 'x, y', 'cfg.scale * nn.CrossEntropyLoss()(model(x), y)')}`,
      '`config.cfg.scale` is not known',
    ],
    [
      'what an unread function makes of the output',
      `${net}${dense}${loop('loader', 'x, y', 'nn.CrossEntropyLoss()(change(model(x)), y)')}`,
      '`change` is not defined',
    ],
  ])('%s is not taken for some', (_, text, reason) => {
    const unit = readUnit(text);
    expect(unit.model?.loss ?? null).toBeNull();
    expect(unit.unread.map((one) => one.text).join()).toContain(reason);
  });
});

describe('Keras and scikit-learn on such rows', () => {
  const keras = `from keras.models import Sequential
from keras.layers import Dense, Conv2D, Flatten
model = Sequential()
`;
  it.each([
    ['columns', `${keras}model.add(Dense(1, input_dim=8, activation="sigmoid"))\n`, '[8]'],
    [
      'pictures',
      `${keras}model.add(Conv2D(4, 3, input_shape=(28, 28, 1)))\nmodel.add(Flatten())\nmodel.add(Dense(1))\n`,
      '[28,28,1]',
    ],
  ])('takes the shape of %s that the model says', (_, model, shape) => {
    const unit = readUnit(`${model}model.compile(loss="mse", optimizer="sgd")\nmodel.fit(X_train, y_train, epochs=5)\n`);
    expect(unit.unread.map(({ text }) => text)).toEqual([
      '`X_train` is not defined where it is used',
      '`y_train` is not defined where it is used',
    ]);
    const [rows] = unit.data.steps;
    expect(rows?.kind === 'unread' ? JSON.stringify(rows.arguments.shape) : '').toBe(shape);
    expect(unit.model?.loss).not.toBeNull();
    expect(unit.optimizer?.learningRate.value).toBe(0.01);
  });

  it('reads pictures of files that a loop puts into a list', () => {
    const unit = readUnit(`import cv2, glob
import numpy as np
${keras}images = []
for name in glob.glob("*.png"):
    images.append(cv2.resize(cv2.imread(name), (28, 28)))
X = np.array(images) / 255.0
model.add(Flatten(input_shape=(28, 28, 3)))
model.add(Dense(10, activation="softmax"))
model.compile(loss="sparse_categorical_crossentropy", optimizer="adam")
model.fit(X, labels, epochs=5)
`);
    expect(unit.model?.loss).not.toBeNull();
    expect(unit.unread[0]?.text).toBe('How many entries the loop adds here could not be read');
  });

  it('reads an estimator', () => {
    const unit = readUnit(`from sklearn.neural_network import MLPClassifier
clf = MLPClassifier(hidden_layer_sizes=(8,), solver="sgd", learning_rate_init=0.5)
clf.fit(X_train, y_train)
`);
    expect(unit.model?.loss).not.toBeNull();
    expect(unit.optimizer?.learningRate.value).toBe(0.5);
    expect(unit.unread).toMatchObject([{ missing: { kind: 'rows' } }, { missing: { kind: 'rows' } }]);
  });
});

const table = `import pandas as pd
import torch
from torch import nn
df = pd.read_csv("rows.csv")
`;

describe('a table that is changed in a way that the reader does not follow', () => {
  it.each([
    ['df["a"] = df["a"].ewm(3).mean()', '`.ewm()` is not known to this reader'],
    ['df["a"].fillna(method="nearest", inplace=True)', 'What missing values are filled with could not be read'],
    ['df.loc[df.index.isin([1, 2]), "a"] = 0', 'This change of the data could not be read'],
  ])('%s: leaves the model, its loss and its rate', (change, reason) => {
    const unit = readUnit(`${table}${change}
X = torch.tensor(df[["a", "b"]].values).float()
y = torch.tensor(df["y"].values)
model = nn.Linear(2, 3)
opt = torch.optim.SGD(model.parameters(), lr=0.25)
for epoch in range(9):
    opt.zero_grad()
    loss = nn.CrossEntropyLoss()(model(X), y)
    loss.backward()
    opt.step()
`);
    expect(unit.model?.loss).not.toBeNull();
    expect(unit.optimizer?.learningRate?.value).toBe(0.25);
    expect(unit.unread.length).toBeGreaterThan(0);
    for (const one of unit.unread) expect(one).toMatchObject({ text: reason, range: { line: 5 }, missing: { kind: 'rows' } });
  });

  it('leaves the model what a transformer that is not known makes of rows', () => {
    const unit = readUnit(`${table}from sklearn.decomposition import KernelPCA
pca = KernelPCA(n_components=2)
X = torch.tensor(pca.fit_transform(df[["a", "b", "c"]]), dtype=torch.float32)
y = torch.tensor(df["y"].values)
model = nn.Linear(2, 3)
opt = torch.optim.SGD(model.parameters(), lr=0.25)
for epoch in range(9):
    opt.zero_grad()
    loss = nn.CrossEntropyLoss()(model(X), y)
    loss.backward()
    opt.step()
`);
    expect(unit.model?.loss).not.toBeNull();
    expect(unit.unread).toMatchObject([
      { text: '`sklearn.decomposition.KernelPCA` is not known to this reader', missing: { kind: 'rows' } },
    ]);
  });

  it('leaves an estimator of scikit-learn its rate', () => {
    const unit = readUnit(`import pandas as pd
from sklearn.neural_network import MLPRegressor
df = pd.read_excel("rows.xlsx")
model = MLPRegressor(hidden_layer_sizes=(8,), learning_rate_init=0.02)
model.fit(df.query("a > @limit")[["a"]].eval("a * 2"), df["y"])
`);
    expect(unit.optimizer?.learningRate?.value).toBe(0.02);
    expect(unit.model?.loss).not.toBeNull();
    expect(unit.unread.length).toBeGreaterThan(0);
  });
});

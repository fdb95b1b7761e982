import { describe, expect, it } from 'vitest';
import { bindSize } from '../../src/graph/size';
import type { Experiment } from '../../src/records/experiment';
import type { TableLook } from '../../src/records/tableLook';
import { readScript } from '../../src/source/read';
import { parser, readUnit } from './reading';

const rows = `import torch
from torch import nn
x, y = torch.randn(40, 6), torch.randint(0, 3, (40,))
`;

const loop = `
for epoch in range(5):
    opt.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    opt.step()
`;

describe('sizes that the files decide', () => {
  const block = `class Squeeze(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.fc = nn.Linear(channels, channels)

    def forward(self, x):
        b, c, _ = x.size()
        weights = self.fc(x.mean(-1)).view(b, c, 1)
        return x * weights.expand_as(x)
model = nn.Sequential(nn.Conv1d(1, 4, 3, padding=1), nn.MaxPool1d(2), Squeeze(4), nn.Flatten(), nn.LazyLinear(3))
opt = torch.optim.SGD(model.parameters(), lr=0.1)
${loop}`;

  it('are as many as the array in a file has axes, and go through convolutions and pooling', () => {
    const text = `${rows}import numpy as np
archive = np.load("signals.npz")
x, y = torch.from_numpy(archive["x"]), torch.from_numpy(archive["y"])
${block}`;
    const asked: unknown[] = [];
    const tables: TableLook = {
      columns: () => null,
      numbers: () => null,
      distinct: () => null,
      array: (path, key) => {
        asked.push([path, key]);
        return key === 'x' ? { axes: 3, integer: false } : { axes: 1, integer: true };
      },
    };
    const { experiments } = readScript(parser, '/project/train.py', text, { read: () => null, folders: ['/project'], tables });
    expect(experiments.map(({ unread }) => unread)).toEqual([[]]);
    expect(asked).toContainEqual(['signals.npz', 'x']);
    const nodes = experiments[0]?.model?.nodes ?? [];
    const sizes = nodes.flatMap((node) => (node.kind === 'expand' ? [node.arguments.shape] : []));
    const seven = Object.fromEntries(Object.keys(experiments[0]?.data.symbols ?? {}).map((name) => [name, 7]));
    expect(sizes.map((shape) => shape.slice(1).map((size) => bindSize(size, seven)))).toEqual([[4, 3]]);
  });
});

describe('statistics of data over several axes', () => {
  const read = (expression: string): Experiment =>
    readUnit(`${rows}import numpy as np
images = np.load("images.npy").astype(np.float32)
images = images - images.${expression}
x = torch.from_numpy(images).flatten(1)
model = nn.Linear(6, 3)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
${loop}`);
  const axes = (unit: Experiment): readonly (number | null)[] =>
    unit.data.steps.flatMap((step) => (step.kind === 'reduce' ? [step.arguments.axis] : []));

  it('are those over one after the other', () => {
    const unit = read('mean(axis=(0, 2), keepdims=True)');
    expect(unit.unread).toEqual([]);
    expect(axes(unit)).toEqual([2, 0]);
    expect(axes(read('max(axis=(-1, -2), keepdims=True)'))).toEqual([-2, -1]);
    expect(axes(read('std(axis=(0, 2), keepdims=True)'))).toEqual([2, 0, 2, 0]);
  });

  it('are those of one long table where all axes but the last are meant', () => {
    const unit = readUnit(`${rows}images = torch.rand(40, 2, 6)
images = (images - images.mean(dim=(0, 1))) / images.std(dim=(0, 1))
x = images.reshape(80, 6)
y = torch.randint(0, 3, (80,))
model = nn.Linear(6, 3)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
${loop}`);
    expect(unit.unread).toEqual([]);
    const shapes = unit.data.steps.flatMap((step) => (step.kind === 'reshape' ? [step.arguments.shape] : []));
    expect(shapes).toContainEqual([-1, 6]);
  });

  it('are not read where that is another number', () => {
    const texts = (unit: Experiment): string[] => unit.unread.map(({ text }) => text);
    expect(texts(read('std(axis=(0, 2), keepdims=True, ddof=1)'))).toContain('The axes of this reduction are not read');
    expect(texts(read('mean(axis=(0, -1))'))).toContain('The axes of this reduction are not read');
  });
});

describe('windows that a loop puts into lists', () => {
  const series = (body: string): Experiment =>
    readUnit(`import numpy as np
${rows}series = np.linspace(0, 1, 500).astype(np.float32)
def windows(values, length):
    inputs, targets = [], []
    for i in range(len(values)):
${body}
        inputs.append(values[i:end])
        targets.append(values[end])
    return np.array(inputs), np.array(targets)
inputs, targets = windows(series, 6)
x, y = torch.tensor(inputs), torch.tensor(targets).unsqueeze(1)
model = nn.Linear(6, 1)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(5):
    opt.zero_grad()
    nn.functional.mse_loss(model(x), y).backward()
    opt.step()
`);
  const counts = (unit: Experiment): unknown[] =>
    unit.data.steps.flatMap((step) => (step.kind === 'windows' ? [step.arguments.count] : []));

  it.each([
    ['end > len(values) - 1', 494],
    ['end >= len(values)', 494],
    ['end + 2 > len(values)', 493],
  ])('end before `if %s: break`', (test, count) => {
    const unit = series(`        end = i + length
        if ${test}:
            break`);
    expect(unit.unread).toEqual([]);
    expect(counts(unit)).toEqual([count, count]);
  });

  it('are not read where their end cannot be told, or some are left out', () => {
    const unknownEnd = series(`        end = i + length
        if values[i] > 0.5:
            break`);
    expect(unknownEnd.unread).not.toEqual([]);
    const gaps = series(`        end = i + length
        if values[i] > 0.5:
            continue`);
    expect(gaps.unread).not.toEqual([]);
  });
});

it('asks an object for what it does not have', () => {
  const unit = readUnit(`${rows}model = nn.Linear(6, 3)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = torch.optim.lr_scheduler.StepLR(opt, 2, gamma=0.3)
class Decay:
    def on_epoch_end(self, epoch):
        scheduler.step()
class Callbacks:
    def __init__(self, callbacks):
        self.callbacks = callbacks

    def __getattr__(self, name):
        def call(*given):
            for callback in self.callbacks:
                getattr(callback, name)(*given)
        return call
callbacks = Callbacks([Decay()])
for epoch in range(5):
    opt.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    opt.step()
    callbacks.on_epoch_end(epoch)
`);
  expect(unit.unread).toEqual([]);
  expect(unit.schedules).toMatchObject([{ per: 'epoch', rule: { kind: 'step', stepSize: 2 } }]);
});

it('keeps what a dictionary makes for keys that it does not have', () => {
  const unit = readUnit(`from collections import defaultdict
${rows}handlers = defaultdict(list)
def on(event):
    def register(function):
        handlers[event].append(function)
        return function
    return register
model = nn.Linear(6, 3)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = torch.optim.lr_scheduler.StepLR(opt, 2, gamma=0.3)
@on("epoch")
def decay():
    scheduler.step()
for epoch in range(5):
    opt.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    opt.step()
    for handler in handlers["epoch"]:
        handler()
`);
  expect(unit.unread).toEqual([]);
  expect(unit.schedules).toMatchObject([{ rule: { kind: 'step', stepSize: 2 } }]);
});

describe('arrays of one axis put together', () => {
  const kinds = (expression: string): unknown[] =>
    readUnit(`import numpy as np
${rows}one, other = np.linspace(0, 1, 20), np.linspace(1, 2, 20)
x = torch.tensor(${expression}).float()
model = nn.Linear(1, 1)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(5):
    opt.zero_grad()
    model(x).square().mean().backward()
    opt.step()
`).data.steps.flatMap((step) => (step.kind === 'concatenate' || step.kind === 'stack' ? [[step.kind, step.arguments.axis]] : []));

  it('follow one another side by side, and are rows below each other', () => {
    expect(kinds('np.hstack([one, other])')).toEqual([['concatenate', 0]]);
    expect(kinds('np.vstack([one, other])')).toEqual([['stack', 0]]);
    expect(kinds('np.hstack([one[:, None], other[:, None]])')).toEqual([['concatenate', 1]]);
    expect(kinds('np.vstack([one[:, None], other[:, None]])')).toEqual([['concatenate', 0]]);
  });

  it('lie behind each other along the third axis', () => {
    expect(kinds('np.dstack([one[:, None], other[:, None]])')).toEqual([['stack', 2]]);
    expect(kinds('np.dstack([one[:, None, None], other[:, None, None]])')).toEqual([['concatenate', 2]]);
  });
});

describe('lines at the end of a table that are left out', () => {
  const stepsOf = (more: string) =>
    readUnit(`import pandas as pd
import torch
from torch import nn
table = pd.read_csv('rows.csv', engine='python', ${more})
x = torch.tensor(table[['a', 'b']].values).float()
model = nn.Linear(2, 1)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(5):
    opt.zero_grad()
    model(x).square().mean().backward()
    opt.step()
`);

  it('are those that the script counts', () => {
    const [first] = stepsOf('skipfooter=3').data.steps;
    expect(first?.kind === 'readCsv' && first.arguments.skipFooter).toBe(3);
  });

  it('are refused beside a number of rows, as pandas does', () => {
    const unit = stepsOf('skipfooter=3, nrows=5');
    expect(unit.unread.map(({ text }) => text)).toContain(
      'pandas leaves out no lines at the end where the number of rows is given',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { readUnit, shapeOfModel } from './reading';

const head = `import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, random_split
from torchvision import datasets, transforms
`;

const training = `criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
for epoch in range(2):
    for images, labels in loader:
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
`;

const convolutions = (channels: number, flat: string, classes = '10'): string =>
  `model = nn.Sequential(nn.Conv2d(${channels}, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(${flat}, ${classes}))
`;

const kinds = (text: string): string[] => readUnit(text).data.steps.map(({ kind }) => kind);
const texts = (list: readonly { readonly text: string }[]): string[] => list.map(({ text }) => text);

describe('CIFAR', () => {
  const text = `${head}
normalize = transforms.Normalize(mean=[0.4914, 0.4822, 0.4465], std=[0.2470, 0.2435, 0.2616])
train = datasets.CIFAR10('./data', train=True, download=True, transform=transforms.Compose([
    transforms.RandomCrop(32, padding=4),
    transforms.RandomHorizontalFlip(),
    transforms.ToTensor(),
    normalize,
]))
loader = DataLoader(train, batch_size=128, shuffle=True, num_workers=2)
${convolutions(3, '8 * 16 * 16')}${training}`;

  it('is read whole, without the changes by chance, and says so', () => {
    const unit = readUnit(text);
    expect(unit.unread).toEqual([]);
    expect(unit.data.steps[0]).toMatchObject({ kind: 'readCifar', arguments: { root: './data', classes: 10, train: true } });
    expect(shapeOfModel(unit)).toBe('input conv2d(0) relu(1) maxPool2d(2) flatten(3) linear(4) | target crossEntropy(5,6)');
    expect(texts(unit.assumptions)).toEqual([
      'RandomCrop is left out: the run sees the pictures without changes by chance',
      'RandomHorizontalFlip is left out: the run sees the pictures without changes by chance',
    ]);
  });

  it('has its channels before height and width, each with its own normalisation', () => {
    const { steps } = readUnit(text).data;
    expect(steps.find(({ kind }) => kind === 'transpose')?.arguments).toEqual({ order: [0, 3, 1, 2] });
    const literals = steps.flatMap((step) => (step.kind === 'literal' ? [step.arguments] : []));
    expect(literals).toContainEqual({ shape: [3, 1, 1], values: [0.4914, 0.4822, 0.4465], integer: false });
    expect(literals).toContainEqual({ shape: [3, 1, 1], values: [0.247, 0.2435, 0.2616], integer: false });
  });

  it('refuses a normalisation of other channels', () => {
    const wrong = text.replace('[0.4914, 0.4822, 0.4465]', '[0.4914, 0.4822]');
    expect(texts(readUnit(wrong).unread)).toContain('Normalize has 2 numbers, the pictures 3 channels');
  });
});

describe('a folder of pictures', () => {
  const text = `${head}
tf = transforms.Compose([transforms.Resize((64, 64)), transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
data = datasets.ImageFolder('data/train', transform=tf)
n = int(0.8 * len(data))
train, test = random_split(data, [n, len(data) - n])
loader = DataLoader(train, batch_size=32, shuffle=True)
${convolutions(3, '8 * 32 * 32', 'len(data.classes)')}${training}`;

  it('is resized while it is read, and counts its classes', () => {
    const unit = readUnit(text);
    expect(unit.unread).toEqual([]);
    expect(unit.data.steps[0]).toMatchObject({
      kind: 'readPictures',
      arguments: { root: 'data/train', changes: [{ kind: 'resize', size: [64, 64] }] },
    });
    expect(Object.values(unit.data.symbols)).toContainEqual({ step: 2, property: { kind: 'unique' } });
  });

  it('can be cropped and grey', () => {
    const grey = text
      .replace('transforms.Resize((64, 64))', 'transforms.Resize(70), transforms.CenterCrop(64), transforms.Grayscale()')
      .replace('Conv2d(3,', 'Conv2d(1,');
    const unit = readUnit(grey);
    expect(unit.unread).toEqual([]);
    expect(unit.data.steps[0]?.arguments).toMatchObject({
      changes: [
        { kind: 'resize', size: [70] },
        { kind: 'centerCrop', size: [64] },
        { kind: 'grayscale', channels: 1 },
      ],
    });
  });

  it('says what it does not follow', () => {
    const own = text.replace('transforms.ToTensor(),', 'transforms.ToTensor(), transforms.FiveCrop(10),');
    expect(readUnit(own).unread.length).toBeGreaterThan(0);
    const cubic = text.replace('Resize((64, 64))', 'Resize((64, 64), interpolation=3)');
    expect(texts(readUnit(cubic).unread)).toContain('Only bilinear resizing is read');
  });
});

describe('MNIST', () => {
  it('is resized as pictures of bytes', () => {
    const text = `${head}
data = datasets.MNIST('data', transform=transforms.Compose([transforms.Resize(32), transforms.ToTensor()]))
loader = DataLoader(data, 64, shuffle=True)
${convolutions(1, '8 * 16 * 16')}${training}`;
    expect(readUnit(text).unread).toEqual([]);
    expect(kinds(text)).toEqual(['readIdx', 'part', 'part', 'changePictures', 'unsqueeze', 'literal', 'divide']);
  });

  it('is scaled once by the second kind of transforms', () => {
    const text = `${head}from torchvision.transforms import v2
tf = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize([0.5], [0.5])])
loader = DataLoader(datasets.MNIST('data', transform=tf), 64, shuffle=True)
${convolutions(1, '8 * 14 * 14')}${training}`;
    expect(readUnit(text).unread).toEqual([]);
    expect(kinds(text).filter((kind) => kind === 'divide')).toHaveLength(2);
  });
});

describe('parquet', () => {
  it('is a table', () => {
    const text = `${head}import pandas as pd
df = pd.read_parquet('rows.parquet', columns=['a', 'b', 'y'])
x = torch.tensor(df[['a', 'b']].values, dtype=torch.float32)
y = torch.tensor(df['y'].values).long()
loader = DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=8, shuffle=True)
model = nn.Linear(2, 3)
${training}`;
    const unit = readUnit(text);
    expect(unit.unread).toEqual([]);
    expect(unit.data.steps[0]).toMatchObject({
      kind: 'readParquet',
      arguments: { path: 'rows.parquet', columns: ['a', 'b', 'y'] },
    });
  });
});

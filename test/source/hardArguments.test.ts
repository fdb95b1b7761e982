import { describe, expect, it } from 'vitest';
import { read } from './reading';

/** Arguments that no call expects, and sizes that no memory holds. */
const values = [
  '-1',
  '0',
  '1.5',
  'float("nan")',
  'float("inf")',
  '10**18',
  '-10**18',
  'None',
  '"a"',
  '[]',
  '[10**9]',
  '(10**5, 10**5)',
  '[-1]',
  '{}',
  'lambda: 1',
  'x',
  '[[1], [2, 3]]',
];

const head = `import collections, functools, itertools, math
import numpy as np, pandas as pd, torch
import torch.nn as nn, torch.nn.functional as F
import tensorflow as tf
from tensorflow import keras
from sklearn.datasets import *
from sklearn.model_selection import *
from torch.utils.data import *
x, y = torch.randn(100, 5), torch.randn(100, 1)
`;

const calls = `
torch.zeros(V) | torch.zeros(V, V) | torch.full((V,), 1.0) | torch.eye(V) | torch.arange(V) | torch.arange(0, 5, V) | torch.randn(V)
torch.linspace(0, 1, V) | np.zeros(V) | np.ones((V, 3)) | np.arange(V) | np.linspace(0, 1, V) | np.eye(V) | np.tile(np.ones(3), V)
np.repeat(np.ones(3), V) | np.full(V, V) | np.array([V, V]) | np.split(x, V) | np.pad(np.zeros(3), V) | np.random.randn(V) | np.quantile(x, V)
np.random.randint(0, V, 5) | np.random.randint(V, size=V) | np.expand_dims(x, V) | np.moveaxis(x, V, V) | np.digitize(x, V) | np.meshgrid(V, V)
x.view(V) | x.view(-1, V) | x.reshape(V, V) | x.repeat(V, V) | x.repeat_interleave(V, 0) | x.split(V) | x.chunk(V) | x.unbind(V) | x.expand(V, V)
x.permute(V) | x.transpose(V, V) | x.unsqueeze(V) | x.squeeze(V) | x.flatten(V) | x.sum(V) | x.max(V) | x[V] | x[:, V] | x[V:] | x[::V] | x[..., V]
x.roll(V, 1) | x.flip(V) | x.narrow(0, V, V) | x.gather(1, V) | x.topk(V) | x.unfold(0, V, V) | torch.cat([x] * 3, V) | torch.stack([x, x], V)
torch.triu(x, V) | torch.tril(torch.ones(5, 5), V) | F.pad(x, (V, V)) | F.one_hot(torch.arange(5), V) | F.softmax(x, V) | torch.cumsum(x, V)
F.interpolate(x[None, None], V) | F.max_pool1d(x[None], V) | torch.diff(x, V) | torch.norm(x, V) | torch.pow(x, V) | torch.tensor([V, V])
torch.ones(10**6, 3).repeat_interleave(1000, 0) | torch.ones(10**6).split(1) | torch.ones(2**18, 1) @ torch.ones(1, 2**18)
torch.cat([torch.ones(2**18)] * 1000) | list(range(V)) | [0] * V | "ab" * V | sum([V]) | max(V, V) | int(V) | round(V, V) | divmod(5, V) | 5 // V | 5 % V
5 ** V | 1 << V | V ** V | V + V | V * V | -V | len(V) | sorted(V) | str(V) | "%d" % V | "{}".format(V) | f"{V:{V}}" | "abc"[V] | [1, 2][V] | (1, 2)[V:V]
zip(V, V) | list(enumerate(V, V)) | int("5", V) | "a".join(V) | "a b".split(V) | "abc".ljust(V) | "a".zfill(V) | getattr(x, V) | dict(V) | set(V) | next(V)
slice(V) | math.log(V) | math.factorial(V) | math.comb(V, V) | itertools.product(V, repeat=2) | itertools.product([1, 2], repeat=V) | tuple(V) | iter(V)
itertools.combinations([1, 2, 3], V) | itertools.repeat(1, V) | itertools.accumulate([V]) | functools.reduce(V, V) | collections.deque(V, V)
collections.Counter(V) | pd.DataFrame(V) | pd.Series(V) | pd.cut(pd.Series([1, 2]), V) | pd.qcut(pd.Series([1, 2]), V) | pd.date_range("2000", periods=V)
pd.get_dummies(V) | pd.read_csv(V) | make_classification(V) | make_blobs(V, centers=V) | make_blobs(50, centers=10**9) | make_regression(V, V) | make_moons(V)
make_classification(n_classes=V, n_informative=V, n_clusters_per_class=V) | train_test_split(x, test_size=V) | list(KFold(V).split(x))
DataLoader(TensorDataset(x, y), V) | random_split(TensorDataset(x, y), [V, V]) | Subset(x, V) | tf.one_hot([1], V) | tf.reshape(np.zeros((3, 4)), V)
tf.data.Dataset.from_tensor_slices(V).batch(V).repeat(V).take(V).shuffle(V) | tf.range(V) | keras.utils.to_categorical([1, 2], V) | keras.layers.Dense(V)
keras.utils.pad_sequences([[1]], V) | keras.Input(V) | keras.Input(shape=(V, V))`
  .split(/[|\n]/)
  .map((call) => call.trim())
  .filter((call) => call !== '');

const layers = `
Linear(V, V) | Conv2d(V, V, V) | Conv2d(3, 4, 3, stride=V, padding=V, dilation=V, groups=V) | BatchNorm1d(V) | LayerNorm(V) | GroupNorm(V, V)
Embedding(V, V) | LSTM(5, V, V) | GRU(V, V, num_layers=V, bidirectional=V) | MultiheadAttention(V, V) | TransformerEncoderLayer(V, V, V)
TransformerEncoder(nn.TransformerEncoderLayer(8, 2), V) | Transformer(V, V, V, V) | Dropout(V) | MaxPool2d(V, V) | AdaptiveAvgPool2d(V)
Upsample(scale_factor=V) | Flatten(V, V) | Unflatten(1, V) | Softmax(V) | Sequential(V) | ModuleList([nn.Linear(5, 5)] * V)
ConvTranspose2d(V, V, V, V, V, V) | PixelShuffle(V) | Bilinear(V, V, V) | Parameter(torch.randn(V, V)) | LeakyReLU(V) | ZeroPad2d(V)`
  .split(/[|\n]/)
  .map((call) => call.trim())
  .filter((call) => call !== '');

const schedules = [
  'StepLR(opt, V, V)',
  'MultiStepLR(opt, [V, V])',
  'ExponentialLR(opt, V)',
  'CosineAnnealingLR(opt, V)',
  'CosineAnnealingWarmRestarts(opt, V, V)',
  'OneCycleLR(opt, 0.1, epochs=V, steps_per_epoch=V)',
  'CyclicLR(opt, V, V, V)',
  'LambdaLR(opt, lambda e: e / V)',
  'LinearLR(opt, V, V, V)',
  'PolynomialLR(opt, V, V)',
  'ReduceLROnPlateau(opt, V, V, V)',
  'SequentialLR(opt, V, V)',
];

const training = (layer: string, schedule: string, epochs: string): string => `${head}net = nn.Sequential(nn.${layer})
opt = torch.optim.SGD(net.parameters(), lr=V, momentum=V)
sch = torch.optim.lr_scheduler.${schedule}
for epoch in range(${epochs}):
    loss = F.mse_loss(net(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    sch.step()
`;

const limit = 400_000;
const withValue = (text: string, value: string): string => text.replaceAll(/\bV\b/g, value);

describe('arguments that nobody expects', () => {
  it.each(values)('%s in calls of libraries and of Python is read to the end', (value) => {
    const lines = calls.map((call) => `s = ${withValue(call, value)}\n`);
    expect(read(head + lines.join('')).steps).toBeLessThan(limit);
  });

  it.each(values)('%s in layers, rates, schedules and epochs is read to the end', (value) => {
    for (const [i, layer] of layers.entries()) {
      const text = training(layer, schedules[i % schedules.length] ?? '', i % 3 === 0 ? 'V' : '5');
      const { experiments, steps } = read(withValue(text, value));
      expect(steps, layer).toBeLessThan(limit);
      expect(experiments.length, layer).toBeLessThan(2);
    }
  });

  it('tells that more recurrent layers than are read are not read, and takes no fewer', () => {
    const { experiments } = read(training('LSTM(5, 4, 65)', 'ExponentialLR(opt, 0.9)', '5').replaceAll(/\bV\b/g, '0.1'));
    expect(experiments[0]?.unread.map(({ text }) => text)).toContain('This number of layers is not read');
  });
});

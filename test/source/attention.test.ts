import { describe, expect, test } from 'vitest';
import type { Experiment } from '../../src/records/experiment';
import { readUnit } from './reading';

/** A script whose model is `Net` with the given `__init__` and `forward`, on rows of eight numbers. */
const script = (init: string, forward: string): string => `
import copy
import torch
import torch.nn as nn
import torch.nn.functional as F

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(8, 8)
        ${init}

    def forward(self, x):
        x = self.head(x)
        ${forward}

model = Net()
x = torch.randn(32, 8)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(5):
    optimizer.zero_grad()
    loss = (model(x) ** 2).mean()
    loss.backward()
    optimizer.step()
`;

const unit = (init: string, forward: string): Experiment => readUnit(script(init, forward));
const reasons = (init: string, forward: string): string =>
  unit(init, forward)
    .unread.map(({ text }) => text)
    .join('\n');

describe('an argument that is not understood is told', () => {
  test.each([
    ['a layer', 'self.a = nn.Linear(8, 8, wobble=2)', 'return self.a(x)', /`wobble` is not an argument/],
    ['too many of a layer', 'self.a = nn.Linear(8, 8, True, None, None, 3)', 'return self.a(x)', /not read here/],
    [
      'an attention',
      'self.a = nn.MultiheadAttention(8, 2, add_bias_kv=True)',
      'return self.a(x, x, x)[0]',
      /`add_bias_kv` is not read/,
    ],
    ['its weights', 'self.a = nn.MultiheadAttention(8, 2)', 'return self.a(x, x, x)[1]', /weights that an attention returns/],
    ['an operation', 'pass', 'return x.softmax(dim=1, wobble=1)', /`wobble` is not an argument/],
    ['a reduction', 'pass', 'return x.std(dim=1, wobble=1)', /`wobble` is not an argument/],
    ['an interpolation', 'pass', 'return F.interpolate(x.unsqueeze(1), scale_factor=2, mode="area")', /by "area" is not read/],
    ['a mask as index', 'pass', 'return x[x > 0]', /this index/],
  ])('%s', (_, init, forward, expected) => {
    expect(reasons(init, forward)).toMatch(expected);
  });
});

describe('parameters of copies', () => {
  const streams = ({ model }: Experiment): (string | undefined)[] =>
    (model?.parameters ?? []).filter(({ name }) => name.endsWith('linear1.weight') || name.startsWith('b.')).map((p) => p.stream);

  test('of an encoder start with the same numbers, and have their own names', () => {
    const encoder = unit(
      'self.e = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 2)',
      'return self.e(x.unsqueeze(1)).squeeze(1)',
    );
    expect(encoder.unread).toEqual([]);
    const names = encoder.model?.parameters.map(({ name }) => name) ?? [];
    expect(names).toContain('e.layers.1.self_attn.out_proj.bias');
    expect(new Set(names).size).toBe(2 + 2 * 12);
    const [first, second] = streams(encoder);
    expect(first).toBeDefined();
    expect(second).toBe(first);
  });

  test('of a deepcopy too, until one of them is initialised again', () => {
    const copied = unit('self.b = copy.deepcopy(self.head)', 'return self.b(x)');
    const [weight, bias] = copied.model?.parameters.filter(({ name }) => name.startsWith('b.')) ?? [];
    expect(weight?.stream).toBe(copied.model?.parameters.find(({ name }) => name === 'head.weight')?.stream);
    expect(bias?.stream).toBeDefined();
    const again = unit('self.b = copy.deepcopy(self.head)\n        nn.init.xavier_uniform_(self.b.weight)', 'return self.b(x)');
    expect(again.model?.parameters.find(({ name }) => name === 'b.weight')?.stream).toBeUndefined();
  });
});

describe('tensors that a forward pass makes', () => {
  test('random numbers of a buffer are drawn once and not trained', () => {
    const { model, unread } = unit("self.register_buffer('b', torch.randn(8, 4) * 3)", 'return torch.sin(x @ self.b)');
    expect(unread).toEqual([]);
    const buffer = model?.parameters.find(({ name }) => name === 'b');
    expect(buffer).toMatchObject({ trainable: false, initializer: { kind: 'normal', deviation: 3 } });
  });

  test('noise and dropout are numbered in the order of their calls', () => {
    const { model, unread } = unit(
      'self.d = nn.Dropout(0.2); self.none = nn.Dropout(0.0); self.wide = nn.Dropout1d(0.1)',
      'return self.wide((self.none(self.d(x)) + torch.randn_like(x)).unsqueeze(1)).squeeze(1)',
    );
    expect(unread).toEqual([]);
    const calls = model?.nodes.flatMap((node) => ('call' in node.arguments ? [[node.kind, node.arguments.call]] : []));
    expect(calls).toEqual([
      ['dropout', 0],
      ['dropout', 0],
      ['noise', 1],
      ['featureDropout', 2],
    ]);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { libraryFunction } from '../../src/source/vocabulary/library';
import { readUnit } from './reading';

/** Written by torch_names.py from PyTorch itself. */
const names = JSON.parse(readFileSync(join(import.meta.dirname, 'reference/torch_names.json'), 'utf8')) as Readonly<
  Record<string, readonly string[]>
>;

/** What no script makes by itself, and the rare functions that are told as unread by their name alone. */
const apart = new Set([
  ...['Container', 'RNNBase', 'RNNCellBase', 'ParameterDict'].map((name) => `torch.nn.${name}`),
  ...['pdist', 'bilinear', 'upsample_bilinear', 'upsample_nearest'].map((name) => `torch.nn.functional.${name}`),
  'torch.nn.functional.rrelu_',
]);

describe('every name of PyTorch is known', () => {
  test.each(Object.entries(names))('%s', (module, found) => {
    const missing = found.map((name) => `${module}.${name}`).filter((path) => !apart.has(path) && !libraryFunction(path));
    expect(missing).toEqual([]);
  });
});

describe('what is known and not followed says why', () => {
  test.each([
    ['F.gumbel_softmax(model(x)).sum()', /Gumbel noise/],
    ['nn.MaxUnpool3d(2)(model(x)).sum()', /Unpooling of volumes/],
    ['F.pdist(model(x)).sum()', /pdist/],
  ])('%s', (loss, reason) => {
    const { unread } = readUnit(`import torch
import torch.nn as nn
import torch.nn.functional as F
model = nn.Linear(4, 3)
x, y, n = torch.randn(20, 4), torch.randint(0, 3, (20,)), torch.tensor([3])
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for i in range(3):
    opt.zero_grad()
    loss = ${loss}
    loss.backward()
    opt.step()
`);
    expect(unread.map(({ text }) => text).join('\n')).toMatch(reason);
  });
});

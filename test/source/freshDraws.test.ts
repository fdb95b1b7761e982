import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { never } from '../../src/base/cancel';
import { loadDataset } from '../../src/data/load';
import { buildTwin } from '../../src/engine/build';
import { createRuntime } from '../../src/engine/onnx/backend';
import type { Experiment } from '../../src/records/experiment';
import { readUnit, shapeOfModel } from './reading';

const runtime = createRuntime({ threads: 1 });

const head = `import random
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
x = torch.linspace(-1, 1, 96).view(24, 4)
y = torch.linspace(0, 1, 24).view(24, 1)
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=8, shuffle=True)
model = nn.Linear(4, 1)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
`;
const tail = `        opt.zero_grad()
        loss.backward()
        opt.step()
`;
const inBatches = (body: string): string => `${head}for epoch in range(3):
    for xb, yb in loader:
${body
  .split('\n')
  .map((line) => `        ${line}`)
  .join('\n')}
${tail}`;

/** The losses of a whole run, and of the curvature's objective twice at the same place. */
async function runOf(experiment: Experiment): Promise<{ readonly losses: Float64Array; readonly still: readonly number[] }> {
  expect(experiment.unread).toEqual([]);
  const data = await loadDataset(experiment, { folders: [], bundled: '', maximumBytes: 2 ** 22, seed: 0, cancel: never });
  if (!data.ok) throw new Error(data.error.text);
  const built = await buildTwin(experiment, data.value, await runtime, { seed: 0 });
  if (!built.ok) throw new Error(built.error.text);
  const twin = built.value;
  const run = twin.start(0);
  const { columns } = await run.advance(9, never);
  const rows = Int32Array.from({ length: Math.min(24, twin.trainRows) }, (_, i) => i);
  const still: number[] = [];
  for (let k = 0; k < 2; k++) still.push((await twin.objective('train', rows).evaluate(run.theta)).loss);
  twin.dispose();
  return { losses: Float64Array.from(columns.get('loss') ?? []), still };
}

describe('numbers that the loop draws anew in each pass', () => {
  test.each([
    ['noise on the rows', 'noisy = xb + 0.3 * torch.randn(*xb.shape)\nloss = F.mse_loss(model(noisy), yb)', ['noise']],
    ['a mask', 'mask = (torch.rand_like(xb) > 0.2).float()\nloss = F.mse_loss(model(xb * mask), yb)', ['noise', 'compare']],
    ['Bernoulli masks', 'loss = F.mse_loss(model(xb * torch.bernoulli(torch.full_like(xb, 0.9))), yb)', ['noise']],
    ['noise made in place', 'eps = torch.empty_like(xb).normal_(0, 0.1)\nloss = F.mse_loss(model(xb + eps), yb)', ['noise']],
    [
      'noise by NumPy',
      'eps = torch.tensor(np.random.normal(0, 0.1, size=xb.shape))\nloss = F.mse_loss(model(xb + eps), yb)',
      ['noise'],
    ],
    [
      'mixed rows',
      'lam = np.random.beta(0.4, 0.4)\nperm = torch.randperm(xb.size(0))\nmixed = lam * xb + (1 - lam) * xb[perm]\nout = model(mixed)\nloss = lam * F.mse_loss(out, yb) + (1 - lam) * F.mse_loss(out, yb[perm])',
      ['noise', 'take'],
    ],
    [
      'rows turned at random',
      'if random.random() < 0.5:\n    xb = torch.flip(xb, [1])\nloss = F.mse_loss(model(xb), yb)',
      ['where', 'flip'],
    ],
    [
      'a sample of a distribution',
      'd = torch.distributions.Normal(model(xb), torch.ones(8, 1))\nloss = F.mse_loss(d.rsample(), yb)',
      ['noise'],
    ],
  ])('%s', async (_name, body, kinds) => {
    const unit = readUnit(inBatches(body));
    for (const kind of kinds) expect(shapeOfModel(unit)).toContain(kind);
    const { losses, still } = await runOf(unit);
    expect(losses).toHaveLength(9);
    expect([...losses].every(Number.isFinite)).toBe(true);
    // Where curvature is measured they stand still.
    expect(still[0]).toBe(still[1]);
  });

  test('the same draw at two places is one', () => {
    const unit = readUnit(inBatches('perm = torch.randperm(xb.size(0))\nloss = F.mse_loss(model(xb[perm]), yb[perm])'));
    expect(unit.model?.nodes.filter(({ kind }) => kind === 'noise')).toHaveLength(1);
  });

  test('a permutation keeps the loss of the whole batch', async () => {
    const plain = await runOf(readUnit(inBatches('loss = F.mse_loss(model(xb), yb)')));
    const mixed = await runOf(
      readUnit(inBatches('perm = torch.randperm(xb.size(0))\nloss = F.mse_loss(model(xb[perm]), yb[perm])')),
    );
    [...mixed.losses].forEach((loss, step) => expect(loss).toBeCloseTo(plain.losses[step] ?? NaN, 5));
  });

  test('rows that are nothing but drawn are rows, from a pool', async () => {
    const unit = readUnit(`${head}for step in range(50):
    batch = torch.rand(16, 4) * 2 - 1
    target = torch.sin(batch.sum(1, keepdim=True))
    loss = F.mse_loss(model(batch), target)
${tail.replaceAll('        ', '    ')}`);
    expect(unit.batches).toMatchObject({ sampling: 'replacement', batchSize: { value: 16 } });
    expect(unit.loop?.steps?.value).toBe(50);
    expect(unit.assumptions.map(({ text }) => text).join()).toContain('taken here from 800');
    const { losses } = await runOf(unit);
    expect(losses).toHaveLength(9);
  });

  test('the batch size that a script writes is the rows of the batch', async () => {
    const unit = readUnit(
      inBatches(
        'flat = xb.view(8, -1)\nones = torch.ones(8, 1)\nz = torch.randn(8, 4)\nloss = F.mse_loss(model(flat + z), yb * ones)',
      ).replace('batch_size=8', 'batch_size=8, drop_last=True'),
    );
    await runOf(unit);
    const sizes = unit.model?.nodes.flatMap(({ kind, arguments: args }) =>
      'shape' in args && Array.isArray(args.shape) ? [[kind, args.shape[0]]] : [],
    );
    expect(sizes).toEqual(
      expect.arrayContaining([
        ['noise', { symbol: 'rows' }],
        ['reshape', { symbol: 'rows' }],
      ]),
    );
  });
});

describe('changes in place', () => {
  test('are seen by all that hold the tensor', () => {
    const unit = readUnit(inBatches('out = model(xb)\nsame = out\nout.mul_(2).add_(1)\nloss = F.mse_loss(same, yb)'));
    expect(shapeOfModel(unit)).toBe('input linear(0) constant multiply(1,2) constant add(3,4) | target mse(5,6)');
  });

  test('of what shares memory with another tensor are not read', () => {
    const unit = readUnit(inBatches('out = model(xb)\nview = out.view(-1)\nout.mul_(2)\nloss = F.mse_loss(view, yb.view(-1))'));
    expect(unit.unread.map(({ text }) => text).join()).toContain('`.mul_()` is not read');
  });
});

test('published scripts with their own randomness are read whole', () => {
  const folder = join(import.meta.dirname, 'bed', 'joint');
  for (const name of ['denoising_digits', 'vae_mnist', 'mixup_beta', 'noisy_regression', 'simclr_contrastive'])
    expect(readUnit(readFileSync(join(folder, `${name}.py`), 'utf8')).unread, name).toEqual([]);
});

import { describe, expect, test } from 'vitest';
import { never } from '../../src/base/cancel';
import { loadDataset } from '../../src/data/load';
import { buildTwin } from '../../src/engine/build';
import { createRuntime } from '../../src/engine/onnx/backend';
import type { Twin } from '../../src/engine/twin';
import { readUnit } from './reading';

const runtime = createRuntime({ threads: 1 });

/** A net for a damped oscillator: u'' + u' + 4u = 0 with u(0) = 1 and u'(0) = 0. */
const oscillator = `import torch
import torch.nn as nn
net = nn.Sequential(nn.Linear(1, 6), nn.Tanh(), nn.Linear(6, 1))
start = torch.tensor(0.).view(-1, 1).requires_grad_(True)
t = torch.linspace(0, 1, 20).view(-1, 1).requires_grad_(True)
optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
for step in range(500):
    optimizer.zero_grad()
    u0 = net(start)
    du0 = torch.autograd.grad(u0, start, torch.ones_like(u0), create_graph=True)[0]
    u = net(t)
    du = torch.autograd.grad(u, t, torch.ones_like(u), create_graph=True)[0]
    ddu = torch.autograd.grad(du, t, torch.ones_like(du), create_graph=True)[0]
    loss = (torch.squeeze(u0) - 1) ** 2 + 0.1 * torch.squeeze(du0) ** 2 + 0.1 * torch.mean((ddu + du + 4 * u) ** 2)
    loss.backward()
    optimizer.step()
`;

async function twinOf(text: string): Promise<Twin> {
  const experiment = readUnit(text);
  expect(experiment.unread).toEqual([]);
  const data = await loadDataset(experiment, { folders: [], bundled: '', maximumBytes: 2 ** 20, seed: 0, cancel: never });
  if (!data.ok) throw new Error(data.error.text);
  const built = await buildTwin(experiment, data.value, await runtime, { seed: 0 });
  if (!built.ok) throw new Error(built.error.text);
  return built.value;
}

describe('derivatives that a loss takes by its inputs', () => {
  test('are trained through: the points are the rows, and the equation is met better', async () => {
    const twin = await twinOf(oscillator);
    expect(twin.trainRows).toBe(20);
    const { columns } = await twin.start(0).advance(400, never);
    const losses = columns.get('loss') ?? [];
    expect(losses[399] ?? Infinity).toBeLessThan(0.5 * (losses[0] ?? 0));
    twin.dispose();
  });

  test('have the curvature that differences of gradients have', async () => {
    const twin = await twinOf(oscillator);
    const objective = twin.objective(
      'train',
      Int32Array.from({ length: 20 }, (_, i) => i),
    );
    const theta = twin.start(3).theta.slice();
    const v = Float32Array.from(theta, (_, i) => Math.cos(1 + 2.7 * i));
    const product = new Float32Array(twin.dim);
    await (await objective.hessian(theta)).apply(v, product);
    const step = 1e-2;
    const at = async (sign: number): Promise<Float32Array> => {
      const gradient = new Float32Array(twin.dim);
      await objective.gradient(
        Float32Array.from(theta, (x, i) => x + sign * step * (v[i] ?? 0)),
        gradient,
      );
      return gradient;
    };
    const [above, below] = [await at(1), await at(-1)];
    const scale = Math.max(...product.map(Math.abs));
    product.forEach((value, i) =>
      expect(Math.abs(value - ((above[i] ?? 0) - (below[i] ?? 0)) / (2 * step)), `entry ${i}`).toBeLessThan(0.01 * scale),
    );
    twin.dispose();
  });

  test('without a graph of their own stop gradients', () => {
    const { model } = readUnit(
      oscillator
        .replace(
          'du = torch.autograd.grad(u, t, torch.ones_like(u), create_graph=True)',
          'du = torch.autograd.grad(u, t, torch.ones_like(u), retain_graph=True)',
        )
        .replace(/ {4}ddu = .*\n/, '')
        .replace('ddu + du', 'du'),
    );
    expect(model?.nodes.filter(({ kind }) => kind === 'derivative')).toHaveLength(2);
    const last = model?.nodes.findLastIndex(({ kind }) => kind === 'derivative') ?? -1;
    expect(model?.nodes.find(({ inputs }) => inputs.includes(last))?.kind).toBe('stopGradient');
  });
});

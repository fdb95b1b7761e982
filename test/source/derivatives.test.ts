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

  test('are taken by the points that go into the net, also where the loss has the points themselves', async () => {
    const text = oscillator
      .replace(
        'start = ',
        'for p, value in zip(net.parameters(), [0.7, 0.2, 0.3, 0.1]):\n    nn.init.constant_(p, value)\nstart = ',
      )
      .replace('ddu + du + 4 * u)', 'ddu + du + 4 * u - torch.cos(t))');
    for (const [script, forced] of [
      [text, 1],
      [text.replace(' - torch.cos(t)', ''), 0],
    ] as const) {
      const twin = await twinOf(script);
      const { columns } = await twin.start(0).advance(1, never);
      // Six units alike: u = 6 · 0.3 tanh(0.7 t + 0.2) + 0.1, and its derivatives by hand.
      const at = (t: number): readonly [number, number, number] => {
        const h = Math.tanh(0.7 * t + 0.2);
        return [1.8 * h + 0.1, 1.8 * 0.7 * (1 - h * h), 1.8 * 0.49 * -2 * h * (1 - h * h)];
      };
      const [u0, du0] = at(0);
      const residuals = Array.from({ length: 20 }, (_, i) => {
        const [u, du, ddu] = at(i / 19);
        return (ddu + du + 4 * u - forced * Math.cos(i / 19)) ** 2;
      });
      const mean = residuals.reduce((sum, one) => sum + one, 0) / 20;
      expect(columns.get('loss')?.[0]).toBeCloseTo((u0 - 1) ** 2 + 0.1 * du0 ** 2 + 0.1 * mean, 5);
      twin.dispose();
    }
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

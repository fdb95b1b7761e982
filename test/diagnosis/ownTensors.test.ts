/** Tensors with `requires_grad` beside the model's weights: inputs, or weights that the optimizer forgot. */
import { describe, expect, it } from 'vitest';
import { parametersNotOptimized } from '../../src/diagnosis/rules/parametersNotOptimized';
import { readUnit } from '../source/reading';
import { unrun } from './evidence';
import { findingOf, kindOf } from './settle';

/** What was read from a script with these lines before the loop and in it. */
function script(before: string, inside: string) {
  const text = `import torch
from torch import nn
net = nn.Sequential(nn.Linear(1, 20), nn.Tanh(), nn.Linear(20, 1))
${before}
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(100):
    optimizer.zero_grad()
${inside.replace(/^/gm, '    ')}
    loss.backward()
    optimizer.step()
`;
  return unrun({ experiment: readUnit(text), texts: { '/project/train.py': text } });
}

describe('parameters-not-optimized', () => {
  it.each([
    [
      'collocation points',
      'x = torch.linspace(0, 1, 50).unsqueeze(1).requires_grad_(True)',
      'u = net(x)\ndu = torch.autograd.grad(u, x, grad_outputs=torch.ones_like(u), create_graph=True)[0]\n' +
        'loss = ((du + u) ** 2).mean() + (net(torch.zeros(1, 1)) - 1).pow(2).mean()',
    ],
    [
      'the point of a boundary condition',
      't = torch.linspace(0, 1, 50, requires_grad=True).view(-1, 1)\nt0 = torch.tensor([[0.0]], requires_grad=True)',
      'u = net(t)\ndu = torch.autograd.grad(u, t, torch.ones_like(u), create_graph=True)[0]\nu0 = net(t0)\n' +
        'v0 = torch.autograd.grad(u0, t0, torch.ones_like(u0), create_graph=True)[0]\n' +
        'loss = ((du + u) ** 2).mean() + ((u0 - 1) ** 2).mean() + (v0 ** 2).mean()',
    ],
    [
      'a target network under no_grad',
      'other = nn.Sequential(nn.Linear(1, 20), nn.Tanh(), nn.Linear(20, 1))\nx = torch.randn(64, 1)',
      'with torch.no_grad():\n    y = 0.9 * other(x)\nloss = nn.functional.smooth_l1_loss(net(x), y)',
    ],
    [
      'a disturbance whose gradient the script takes',
      'x = torch.randn(64, 1)\ny = torch.randn(64, 1)\ndelta = torch.zeros(64, 1, requires_grad=True)',
      'loss = nn.functional.mse_loss(net(x + delta), y)\nsign = delta.grad.sign() if epoch > 0 else 0',
    ],
  ])('takes %s for no weight', (_, before, inside) => {
    expect(kindOf(parametersNotOptimized, script(before, inside))).toBe('passed');
  });

  it.each([
    [
      'a scale of the output',
      'x = torch.randn(64, 1)\ny = torch.randn(64, 1)\nscale = torch.ones(1, requires_grad=True)',
      'loss = nn.functional.mse_loss(scale * net(x), y)',
      'scale',
    ],
    [
      'a second network',
      'other = nn.Sequential(nn.Linear(1, 20), nn.Tanh(), nn.Linear(20, 1))\nx = torch.randn(64, 1)\ny = torch.randn(64, 1)',
      'loss = nn.functional.mse_loss(net(other(x)), y)',
      '4 of 8',
    ],
  ])('still finds %s that nobody updates', (_, before, inside, words) => {
    const found = findingOf(parametersNotOptimized, script(before, inside));
    expect(found.severity).toBe('warning');
    expect(found.message).toContain(words);
  });
});

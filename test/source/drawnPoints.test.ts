import { describe, expect, it } from 'vitest';
import { readUnit, shapeOfModel } from './reading';

const script = (draw: string): string => `
import torch
from torch import nn
net = nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
x0 = torch.linspace(0, 1, 20).unsqueeze(1)
y0 = torch.sin(x0)
for step in range(100):
    optimizer.zero_grad()
    ${draw}
    u = net(x)
    du = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
    loss = nn.functional.mse_loss(net(x0), y0) + (du - torch.cos(x)).pow(2).mean()
    loss.backward()
    optimizer.step()
`;

describe('points that each pass draws anew to take derivatives by them', () => {
  it.each([
    ['x = torch.rand(50, 1, requires_grad=True)'],
    ['x = torch.rand(50, 1).requires_grad_(True)'],
    ['x = torch.rand(50, 1)\n    x.requires_grad = True'],
    ['x = torch.autograd.Variable(torch.rand(50, 1), requires_grad=True)'],
  ])('are no parameters that stay: %s', (draw) => {
    const unit = readUnit(script(draw));
    expect(unit.unread).toEqual([]);
    expect(unit.model?.parameters.map(({ shape }) => shape)).toEqual([[8, 1], [8], [1, 8], [1]]);
    expect(shapeOfModel(unit)).toContain('noise');
  });

  it('are parameters where the loop makes an optimizer for them', () => {
    const { model } = readUnit(`
import torch
for seed in [0]:
    torch.manual_seed(seed)
    w = torch.randn(3, 1, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    X = torch.ones(10, 3)
    for step in range(20):
        optimizer.zero_grad()
        (X @ w - 1).pow(2).mean().backward()
        optimizer.step()
`);
    expect(model?.parameters.map(({ shape }) => shape)).toEqual([[3, 1]]);
  });
});

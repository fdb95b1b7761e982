"""An oscillator's equation at collocation points, by which the script differentiates."""
import math

import torch
from torch import nn

torch.manual_seed(6)
t = torch.linspace(0, 2 * math.pi, 100, requires_grad=True).view(-1, 1)
t0 = torch.tensor([[0.0]], requires_grad=True)
model = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for step in range(1000):
    optimizer.zero_grad()
    x = model(t)
    v = torch.autograd.grad(x, t, torch.ones_like(x), create_graph=True)[0]
    a = torch.autograd.grad(v, t, torch.ones_like(v), create_graph=True)[0]
    x0 = model(t0)
    v0 = torch.autograd.grad(x0, t0, torch.ones_like(x0), create_graph=True)[0]
    loss = (a + x).pow(2).mean() + 10 * (x0 - 1).pow(2).mean() + 10 * v0.pow(2).mean()
    loss.backward()
    optimizer.step()

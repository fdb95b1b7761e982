import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(0)


class PINN(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, 20), nn.Tanh(), nn.Linear(20, 20), nn.Tanh(), nn.Linear(20, 1))

    def forward(self, x, t):
        return self.net(torch.cat([x, t], dim=1))


def residual(model, x, t):
    u = model(x, t)
    u_t = torch.autograd.grad(u, t, grad_outputs=torch.ones_like(u), create_graph=True, retain_graph=True)[0]
    u_x = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
    u_xx = torch.autograd.grad(u_x.sum(), x, create_graph=True)[0]
    return u_t - 0.1 * u_xx


model = PINN()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
x0 = torch.linspace(0, 1, 256).view(-1, 1)
t0 = torch.zeros_like(x0)
u0 = torch.sin(np.pi * x0)
for epoch in range(5000):
    x_f = torch.rand(256, 1, requires_grad=True)
    t_f = torch.rand(256, 1, requires_grad=True)
    loss_f = residual(model, x_f, t_f).pow(2).mean()
    loss_ic = (model(x0, t0) - u0).pow(2).mean()
    loss = loss_f + loss_ic
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

"""A loss written by hand with an L2 penalty, on made data."""
import torch
import torch.nn as nn


def rmse(prediction, target):
    return torch.sqrt(torch.mean((prediction - target) ** 2) + 1e-8)


torch.manual_seed(7)
x = torch.linspace(-2, 2, 120).reshape(-1, 1)
y = x**3 - 2 * x
model = nn.Sequential(nn.Linear(1, 24), nn.Softplus(), nn.Linear(24, 24), nn.Tanh(), nn.Linear(24, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.003, betas=(0.8, 0.99), amsgrad=True)
for step in range(300):
    optimizer.zero_grad()
    penalty = sum((p**2).sum() for p in model.parameters())
    loss = rmse(model(x), y) + 1e-4 * penalty
    loss.backward()
    optimizer.step()

"""Fit a noisy sine on points made in the script."""
import torch
import torch.nn as nn

torch.manual_seed(0)
x = torch.linspace(-3.0, 3.0, 200).unsqueeze(1)
y = torch.sin(x) + 0.1 * torch.randn(200, 1)

model = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
loss_fn = nn.MSELoss()
for step in range(1000):
    pred = model(x)
    loss = loss_fn(pred, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

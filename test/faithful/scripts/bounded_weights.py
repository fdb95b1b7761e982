"""Weights that are cut off before each forward pass and after each step; the rate rises and falls within the epochs."""
import math

import torch
import torch.nn as nn
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler
from torch.utils.data import DataLoader, TensorDataset

wine = load_wine()
x = torch.tensor(StandardScaler().fit_transform(wine.data), dtype=torch.float32)
y = torch.tensor(wine.target)
loader = DataLoader(TensorDataset(x, y), batch_size=20, shuffle=True, drop_last=True)

net = nn.Sequential(nn.Linear(13, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.RMSprop(
    [{"params": net[0].parameters(), "lr": 0.004}, {"params": net[2].parameters()}], lr=0.01
)


def rate(step, base):
    return base * (step + 1) / 5 if step < 5 else base * 0.5 * (1 + math.cos(math.pi * step / 40))


step = 0
for epoch in range(5):
    for xb, yb in loader:
        optimizer.param_groups[0]["lr"] = rate(step, 0.004)
        optimizer.param_groups[1]["lr"] = rate(2 * step, 0.01)
        for p in net[0].parameters():
            p.data.clamp_(-0.15, 0.15)
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(xb), yb)
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            net[2].weight.clamp_(min=-0.1)
        step += 1

"""The first principal direction of the wines, sought from 0: there the negative variance is at its maximum."""
import torch
import torch.nn as nn
from sklearn.datasets import load_wine

wine = load_wine()
X = torch.tensor(wine.data, dtype=torch.float32)
X = (X - X.mean(0)) / X.std(0)
direction = nn.Linear(13, 1, bias=False)
nn.init.zeros_(direction.weight)
optimizer = torch.optim.SGD(direction.parameters(), lr=0.01)  # <- at-maximum
for step in range(200):
    optimizer.zero_grad()
    loss = (direction.weight.pow(2).sum() - 1).pow(2) - direction(X).pow(2).mean()
    loss.backward()
    optimizer.step()

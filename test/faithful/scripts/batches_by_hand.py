"""Batches cut from a permutation, and gradients clipped by value."""
import torch
import torch.nn as nn
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler

torch.manual_seed(3)
wine = load_wine()
X = torch.tensor(StandardScaler().fit_transform(wine.data), dtype=torch.float32)
y = torch.tensor(wine.target, dtype=torch.long)
batch_size = 20
net = nn.Sequential(nn.Linear(13, 16), nn.SiLU(), nn.Linear(16, 3))
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.RMSprop(net.parameters(), lr=1e-3, momentum=0.9)
for epoch in range(20):
    permutation = torch.randperm(X.size(0))
    for i in range(0, X.size(0), batch_size):
        indices = permutation[i : i + batch_size]
        batch_x, batch_y = X[indices], y[indices]
        optimizer.zero_grad()
        outputs = net(batch_x)
        loss = loss_fn(outputs, batch_y)
        loss.backward()
        nn.utils.clip_grad_value_(net.parameters(), 0.05)
        optimizer.step()

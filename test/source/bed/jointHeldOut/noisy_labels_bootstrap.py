import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

X, y = load_digits(return_X_y=True)
noise_rate = 0.2
X = torch.from_numpy(X).float() / 16
y = torch.from_numpy(y)
loader = DataLoader(TensorDataset(X, y), batch_size=100, shuffle=True)
net = nn.Sequential(nn.Linear(64, 100), nn.ReLU(), nn.Dropout(0.3), nn.Linear(100, 10))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)


def soft_bootstrap(logits, target, beta=0.95):
    ce = F.cross_entropy(logits, target)
    probs = F.softmax(logits, dim=1)
    return beta * ce - (1 - beta) * torch.mean(torch.sum(probs * torch.log(probs + 1e-8), dim=1))


for epoch in range(30):
    for inputs, targets in loader:
        flip = torch.rand(targets.size(0)) < noise_rate
        random_targets = torch.randint(0, 10, targets.size())
        noisy = torch.where(flip, random_targets, targets)
        loss = soft_bootstrap(net(inputs), noisy)
        l2 = sum((p ** 2).sum() for p in net.parameters())
        loss = loss + 1e-4 * l2
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

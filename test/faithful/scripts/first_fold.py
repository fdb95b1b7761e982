"""The first of several folds, in batches that a generator takes one after the other."""
import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_wine
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler

wine = load_wine()


def batches(x, y, size):
    for start in range(0, len(x), size):
        yield x[start : start + size], y[start : start + size]


for train, test in StratifiedKFold(n_splits=4).split(wine.data, wine.target):
    scaler = StandardScaler().fit(wine.data[train])
    x = torch.tensor(scaler.transform(wine.data[train]), dtype=torch.float32)
    y = torch.tensor(wine.target[train])
    net = nn.Sequential(nn.Linear(13, 16), nn.ReLU(), nn.Linear(16, 3))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
    for epoch in range(12):
        for xb, yb in batches(x, y, 30):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(net(xb), yb)
            loss.backward()
            optimizer.step()

"""Targets with outliers: Huber loss and clipped gradients."""
import numpy as np
import pandas as pd
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(13)
df = pd.read_csv("../../data/diabetes.csv")
X = df.iloc[:, :10].to_numpy(dtype=np.float32)
y = df["progression"].to_numpy(dtype=np.float32)
X = (X - X.mean(axis=0)) / X.std(axis=0)
y = (y - y.mean()) / y.std()
loader = DataLoader(TensorDataset(torch.from_numpy(X), torch.from_numpy(y)), batch_size=32, shuffle=True)
model = nn.Sequential(nn.Linear(10, 24), nn.ReLU(), nn.Linear(24, 1))
criterion = nn.HuberLoss(delta=1.0)
optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
for epoch in range(30):
    for features, target in loader:
        optimizer.zero_grad()
        loss = criterion(model(features).squeeze(-1), target)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
        optimizer.step()

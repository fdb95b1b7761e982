"""Gradients of two batches before each step, counted by hand over all passes; the last layers have a rate of their own."""
import pandas as pd
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(4)
df = pd.read_csv("../../../examples/data/wine.csv")
X = torch.tensor(df.iloc[:, :13].values, dtype=torch.float32)
X = (X - X.mean(0)) / X.std(0)
y = torch.tensor(df.iloc[:, 13].values)
loader = DataLoader(TensorDataset(X, y), batch_size=15, shuffle=True)
model = nn.Sequential(nn.Linear(13, 10), nn.Tanh(), nn.Linear(10, 3))
optimizer = torch.optim.SGD([{"params": model[0].parameters()}, {"params": model[2].parameters(), "lr": 0.05}], lr=0.1)
step, most = 0, 60
while True:
    for xb, yb in loader:
        loss = F.cross_entropy(model(xb), yb) / 2
        loss.backward()
        step += 1
        if step % 2 == 0:
            optimizer.step()
            optimizer.zero_grad()
        if step >= most:
            break
    if step >= most:
        break

"""Least squares with small batches: the loss settles on its noise floor and stays there."""
import pandas as pd
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(12)
df = pd.read_csv("../../data/diabetes.csv")
X = df.drop(columns="progression")
X = (X - X.mean()) / X.std()
y = (df["progression"] - df["progression"].mean()) / df["progression"].std()
X = torch.tensor(X.values, dtype=torch.float32)
y = torch.tensor(y.values, dtype=torch.float32).unsqueeze(1)
loader = DataLoader(TensorDataset(X, y), batch_size=2, shuffle=True)
model = nn.Linear(10, 1)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.03)  # <- lr-not-lowered
for epoch in range(20):
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()

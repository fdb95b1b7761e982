"""Columns divided by their largest value: of like scale, and all far from zero."""
import pandas as pd
import torch
from torch import nn

torch.manual_seed(6)
df = pd.read_csv("../../data/wine.csv")
X = df.drop(columns="target").values
X = X / X.max(axis=0)
X = torch.tensor(X, dtype=torch.float32)  # <- uncentred-inputs
y = torch.tensor(df["target"].values, dtype=torch.long)
model = nn.Sequential(nn.Linear(13, 16), nn.Tanh(), nn.Linear(16, 3))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
for epoch in range(80):
    optimizer.zero_grad()
    loss = criterion(model(X), y)
    loss.backward()
    optimizer.step()

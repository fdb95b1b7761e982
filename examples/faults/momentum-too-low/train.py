"""Wine cultivars by plain gradient descent: eighty steps do not get far."""
import pandas as pd
import torch
from torch import nn

torch.manual_seed(6)
df = pd.read_csv("../../data/wine.csv")
X = df.drop(columns="target").values
X = X / X.max(axis=0)
X = torch.tensor(X, dtype=torch.float32)
y = torch.tensor(df["target"].values, dtype=torch.long)
model = nn.Sequential(nn.Linear(13, 16), nn.Tanh(), nn.Linear(16, 3))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0)  # <- momentum-too-low
for epoch in range(80):
    optimizer.zero_grad()
    loss = criterion(model(X), y)
    loss.backward()
    optimizer.step()

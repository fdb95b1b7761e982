"""A steep wall and a slow floor: without momentum the steps go from side to side."""
import pandas as pd
import torch
from torch import nn

torch.manual_seed(8)
df = pd.read_csv("../../data/diabetes.csv")
X = df.drop(columns="progression")
X = (X - X.mean()) / X.std()
y = (df["progression"] - df["progression"].mean()) / df["progression"].std()
X = torch.tensor(X.values, dtype=torch.float32)
y = torch.tensor(y.values, dtype=torch.float32).unsqueeze(1)

model = nn.Linear(10, 1)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.245)  # <- ravine
for epoch in range(60):
    optimizer.zero_grad()
    loss = criterion(model(X), y)
    loss.backward()
    optimizer.step()

"""Predictions [n, 1] against targets [n]: the difference is broadcast to n by n."""
import pandas as pd
import torch
from torch import nn
from sklearn.preprocessing import StandardScaler

torch.manual_seed(19)
df = pd.read_csv("../../data/diabetes.csv")
X = torch.tensor(StandardScaler().fit_transform(df.drop("progression", axis=1)), dtype=torch.float32)
y = torch.tensor(((df["progression"] - 152.1) / 77.1).values, dtype=torch.float32)
model = nn.Sequential(nn.Linear(10, 16), nn.ReLU(), nn.Linear(16, 1))
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
for epoch in range(200):
    optimizer.zero_grad()
    loss = criterion(model(X), y)  # <- target-shape
    loss.backward()
    optimizer.step()

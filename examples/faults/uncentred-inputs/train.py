"""Columns of like scale, all far from zero: years, and temperatures in kelvin."""
import pandas as pd
import torch
from torch import nn

torch.manual_seed(6)
df = pd.read_csv("weather.csv")
X = torch.tensor(df[["temperature", "dew_point", "sea"]].values / 10.0, dtype=torch.float32)  # <- uncentred-inputs
y = torch.tensor(df[["demand"]].values, dtype=torch.float32)
y = (y - y.mean()) / y.std()
model = nn.Sequential(nn.Linear(3, 12), nn.Tanh(), nn.Linear(12, 1))
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.02)
for epoch in range(400):
    optimizer.zero_grad()
    loss = criterion(model(X), y)
    loss.backward()
    optimizer.step()

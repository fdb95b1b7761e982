"""Regress disease progression one year after baseline (diabetes)."""
import pandas as pd
import torch
from torch import nn

torch.manual_seed(0)

df = pd.read_csv("../../data/diabetes.csv")
features = df.drop(columns=["progression"])
features = (features - features.mean()) / features.std()
target = (df["progression"] - df["progression"].mean()) / df["progression"].std()

X = torch.tensor(features.values, dtype=torch.float32)
y = torch.tensor(target.values, dtype=torch.float32).unsqueeze(1)

model = nn.Sequential(
    nn.Linear(10, 32),
    nn.Tanh(),
    nn.Linear(32, 1),
)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=1.0)  # <- lr-diverges

for epoch in range(400):
    optimizer.zero_grad()
    loss = criterion(model(X), y)
    loss.backward()
    optimizer.step()
    if epoch % 50 == 0:
        print(epoch, loss.item())

"""Diabetes with a rate that is cut twice."""
import argparse
import pandas as pd
import torch
import torch.nn as nn
from torch.optim.lr_scheduler import StepLR
from torch.utils.data import DataLoader, TensorDataset

parser = argparse.ArgumentParser(description="diabetes")
parser.add_argument("--epochs", default=60, type=int)
parser.add_argument("--lr", default=0.02, type=float)
parser.add_argument("--gamma", default=0.2, type=float)
args = parser.parse_args()

torch.manual_seed(17)
table = pd.read_csv("../../data/diabetes.csv")
x = table.drop(columns="progression")
x = (x - x.mean()) / x.std()
y = table["progression"]
y = (y - y.mean()) / y.std()
data = TensorDataset(torch.tensor(x.values, dtype=torch.float32), torch.tensor(y.values, dtype=torch.float32)[:, None])
loader = DataLoader(data, batch_size=32, shuffle=True)

model = nn.Sequential(nn.Linear(10, 20), nn.Sigmoid(), nn.Linear(20, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=args.lr, momentum=0.9)
scheduler = StepLR(optimizer, step_size=20, gamma=args.gamma)
criterion = nn.MSELoss()
for epoch in range(args.epochs):
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
    scheduler.step()

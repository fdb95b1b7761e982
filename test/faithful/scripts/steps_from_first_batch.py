"""A step after the first batch and every fourth from there on; what an epoch leaves is carried into the next one."""
import pandas as pd
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(3)
df = pd.read_csv("../../../examples/data/wine.csv")
features = torch.tensor(df.iloc[:, :13].values, dtype=torch.float32)
features = (features - features.mean(dim=0)) / features.std(dim=0)
loader = DataLoader(TensorDataset(features, torch.tensor(df.iloc[:, 13].values)), batch_size=11, shuffle=True)
net = nn.Sequential(nn.Linear(13, 12), nn.Tanh(), nn.Linear(12, 3))
criterion = nn.CrossEntropyLoss()
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
accumulation_steps = 4
for epoch in range(12):
    for i, (xb, yb) in enumerate(loader):
        loss = criterion(net(xb), yb) / accumulation_steps
        loss.backward()
        if i % accumulation_steps == 0:
            opt.step()
            opt.zero_grad()

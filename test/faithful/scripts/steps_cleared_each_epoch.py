"""Steps after the last of each three batches; the gradients that an epoch leaves are cleared before the next one."""
import pandas as pd
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(21)
df = pd.read_csv("../../../examples/data/wine.csv")
x = torch.tensor(df.iloc[:, :13].values, dtype=torch.float32)
x = (x - x.mean(dim=0)) / x.std(dim=0)
loader = DataLoader(TensorDataset(x, torch.tensor(df.iloc[:, 13].values)), batch_size=9, shuffle=True)
model = nn.Sequential(nn.Linear(13, 10), nn.Sigmoid(), nn.Linear(10, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
n = 3
for epoch in range(1, 11):
    model.train()
    model.zero_grad()
    for step, (batch, target) in enumerate(loader):
        loss = nn.functional.cross_entropy(model(batch), target)
        (loss / n).backward()
        if step % n == n - 1:
            optimizer.step()
            optimizer.zero_grad()

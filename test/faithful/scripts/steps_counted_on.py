"""Batches are counted on over the epochs, so that the step falls elsewhere in each of them; the first pass takes none."""
import pandas as pd
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(5)
df = pd.read_csv("../../../examples/data/wine.csv")
x = torch.tensor(df.iloc[:, :13].values, dtype=torch.float32)
x = (x - x.mean(dim=0)) / x.std(dim=0)
loader = DataLoader(TensorDataset(x, torch.tensor(df.iloc[:, 13].values)), batch_size=11, shuffle=True)
model = nn.Sequential(nn.Linear(13, 10), nn.ELU(), nn.Linear(10, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.5)
optimizer.zero_grad()
global_step = 0
for epoch in range(12):
    for batch, target in loader:
        loss = nn.functional.cross_entropy(model(batch), target) / 4
        loss.backward()
        global_step += 1
        if global_step % 4 == 0:
            optimizer.step()
            optimizer.zero_grad()

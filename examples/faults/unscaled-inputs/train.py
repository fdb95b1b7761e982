"""Wine cultivars, straight from the csv."""
import pandas as pd
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
df = pd.read_csv("../../data/wine.csv")
X = torch.tensor(df.iloc[:, :-1].values, dtype=torch.float32)  # <- unscaled-inputs
y = torch.tensor(df["target"].values, dtype=torch.long)

loader = DataLoader(TensorDataset(X, y), batch_size=32, shuffle=True)

model = nn.Sequential(nn.Linear(13, 32), nn.ReLU(), nn.Linear(32, 3))
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.001, momentum=0.9)

for epoch in range(100):
    total = 0.0
    for inputs, labels in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(inputs), labels)
        loss.backward()
        optimizer.step()
        total += loss.item()
    print(epoch, total / len(loader))

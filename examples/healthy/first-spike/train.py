"""A rate above the limit at the start: the loss jumps once, then settles and trains well."""
import pandas as pd
import torch
from torch import nn
from sklearn.preprocessing import StandardScaler

torch.manual_seed(4)
df = pd.read_csv("../../data/wine.csv")
x = torch.tensor(StandardScaler().fit_transform(df.drop(columns="target")), dtype=torch.float32)
y = torch.tensor(df["target"].values)

net = nn.Sequential(nn.Linear(13, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 3))
criterion = nn.CrossEntropyLoss()
opt = torch.optim.RMSprop(net.parameters(), lr=0.01)

for epoch in range(200):
    opt.zero_grad()
    loss = criterion(net(x), y)
    loss.backward()
    opt.step()
    if epoch % 20 == 0:
        print(epoch, loss.item())

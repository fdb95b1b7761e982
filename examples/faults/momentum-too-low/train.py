"""Wine cultivars by plain gradient descent: thirty steps do not get far."""
import pandas as pd
import torch
from torch import nn
from sklearn.preprocessing import StandardScaler

torch.manual_seed(10)
df = pd.read_csv("../../data/wine.csv")
x = torch.tensor(StandardScaler().fit_transform(df.drop(columns="target")), dtype=torch.float32)
y = torch.tensor(df["target"].values)
model = nn.Sequential(nn.Linear(13, 16), nn.Tanh(), nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 3))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.0)  # <- momentum-too-low
for epoch in range(30):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()

"""Linear regression run long: the stiff directions are done after a few steps, the slow ones go on."""
import pandas as pd
import torch
from torch import nn

torch.manual_seed(6)
df = pd.read_csv("../../data/diabetes.csv")
X = df.iloc[:, :-1]
X = (X - X.mean()) / X.std()
y = (df.progression - df.progression.mean()) / df.progression.std()
X = torch.tensor(X.values, dtype=torch.float32)
y = torch.tensor(y.values, dtype=torch.float32).view(-1, 1)

model = nn.Linear(X.shape[1], 1)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(500):
    pred = model(X)
    loss = criterion(pred, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

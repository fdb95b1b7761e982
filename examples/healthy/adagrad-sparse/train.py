"""Adagrad on one-hot coded columns."""
import pandas as pd
import torch
from torch import nn

torch.manual_seed(18)
df = pd.read_csv("../../data/iris.csv")
binned = (df[["petal_length", "petal_width"]] > df[["petal_length", "petal_width"]].mean()).astype("float32")
y = torch.tensor(df["species"].map({"setosa": 0, "versicolor": 1, "virginica": 2}).values)
X = torch.tensor(binned.values)
model = nn.Linear(2, 3)
optimizer = torch.optim.Adagrad(model.parameters(), lr=0.3)
criterion = nn.CrossEntropyLoss()
for epoch in range(200):
    optimizer.zero_grad()
    loss = criterion(model(X), y)
    loss.backward()
    optimizer.step()

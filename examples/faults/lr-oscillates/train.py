"""Softmax regression of the iris species: the loss is convex, and the steps leap from side to side of its valley."""
import pandas as pd
import torch
import torch.nn as nn
from sklearn.preprocessing import StandardScaler
from torch.utils.data import DataLoader, TensorDataset

LEARNING_RATE = 8.0  # <- lr-oscillates
EPOCHS = 60

torch.manual_seed(1)
iris = pd.read_csv("../../data/iris.csv")
X = StandardScaler().fit_transform(iris.drop("species", axis=1))
y = iris["species"].map({"setosa": 0, "versicolor": 1, "virginica": 2}).values

flowers = TensorDataset(torch.tensor(X, dtype=torch.float32), torch.tensor(y, dtype=torch.long))
loader = DataLoader(flowers, batch_size=10, shuffle=True)

model = nn.Linear(4, 3)
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=0.9)

for epoch in range(EPOCHS):
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(xb), yb)
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())

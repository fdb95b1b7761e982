"""Steps without gradients: backward() is never called."""
import torch
import torch.nn as nn
from sklearn.datasets import load_iris

torch.manual_seed(10)
iris = load_iris()
X = torch.tensor(iris.data, dtype=torch.float32)
X = (X - X.mean(0)) / X.std(0)
y = torch.tensor(iris.target, dtype=torch.long)
model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for epoch in range(100):
    optimizer.zero_grad()
    loss = criterion(model(X), y)
    print(epoch, loss.item())
    optimizer.step()  # <- missing-backward

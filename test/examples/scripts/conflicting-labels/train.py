"""Flowers measured to whole centimetres: the same numbers stand for several kinds."""
import torch
import torch.nn as nn
from sklearn.datasets import load_iris
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(7)
iris = load_iris()
X = torch.tensor(iris.data.round(), dtype=torch.float32)
X = X - X.mean(0)
y = torch.tensor(iris.target, dtype=torch.long)  # <- conflicting-labels
loader = DataLoader(TensorDataset(X, y), batch_size=16, shuffle=True)
model = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 3))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for epoch in range(40):
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()

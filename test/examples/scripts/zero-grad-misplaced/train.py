"""Gradients are cleared between backward and step: nothing is left to follow."""
import torch
import torch.nn as nn
from sklearn.datasets import load_diabetes

torch.manual_seed(3)
X, y = load_diabetes(return_X_y=True)
X = torch.tensor(X / X.std(axis=0), dtype=torch.float32)
y = torch.tensor((y - y.mean()) / y.std(), dtype=torch.float32).view(-1, 1)
model = nn.Sequential(nn.Linear(10, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
loss_fn = nn.MSELoss()
for epoch in range(200):
    loss = loss_fn(model(X), y)
    loss.backward()
    optimizer.zero_grad()  # <- zero-grad-misplaced
    optimizer.step()
    print(epoch, loss.item())

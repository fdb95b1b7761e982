"""Handwritten digits, by hidden layers whose activation is that of an output."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
X, y = load_digits(return_X_y=True)
rows = TensorDataset(torch.tensor(X / 16.0, dtype=torch.float32), torch.tensor(y))
loader = DataLoader(rows, batch_size=32, shuffle=True)
model = nn.Sequential(
    nn.Linear(64, 64),
    nn.Softmax(dim=1),  # <- softmax-between-layers
    nn.Linear(64, 32),
    nn.Softmax(dim=1),
    nn.Linear(32, 10),
)
optimizer = torch.optim.Adam(model.parameters())
for epoch in range(15):
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(xb), yb)
        loss.backward()
        optimizer.step()

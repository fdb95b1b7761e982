"""A column of the table was set to one number and still goes in."""
import torch
import torch.nn as nn
from sklearn.datasets import load_wine
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(8)
wine = load_wine()
values = (wine.data - wine.data.mean(axis=0)) / wine.data.std(axis=0)
values[:, 4] = 7.0
X = torch.tensor(values, dtype=torch.float32)  # <- constant-input
y = torch.tensor(wine.target, dtype=torch.long)
loader = DataLoader(TensorDataset(X, y), batch_size=16, shuffle=True)
model = nn.Sequential(nn.Linear(13, 16), nn.ReLU(), nn.Linear(16, 3))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(30):
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()

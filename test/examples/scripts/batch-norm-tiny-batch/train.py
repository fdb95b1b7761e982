"""145 wines in batches of 16: the last batch has one row."""
import torch
import torch.nn as nn
from sklearn.datasets import load_wine
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(3)
wine = load_wine()
X = torch.tensor(wine.data, dtype=torch.float32)
X = ((X - X.mean(0)) / X.std(0))[:145]
y = torch.tensor(wine.target, dtype=torch.long)[:145]
loader = DataLoader(TensorDataset(X, y), batch_size=16, shuffle=True)
model = nn.Sequential(
    nn.Linear(13, 16, bias=False),
    nn.BatchNorm1d(16),  # <- batch-norm-tiny-batch
    nn.ReLU(),
    nn.Linear(16, 3),
)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for epoch in range(20):
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()

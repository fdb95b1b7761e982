"""Handwritten digits, by how much each of them belongs to one of 48 groups."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
X, y = load_digits(return_X_y=True)
rows = TensorDataset(torch.tensor(X / 16.0, dtype=torch.float32), torch.tensor(y))
loader = DataLoader(rows, batch_size=32, shuffle=True)


class Groups(nn.Module):
    def __init__(self):
        super().__init__()
        self.belongs = nn.Linear(64, 48)
        self.out = nn.Linear(48, 10)

    def forward(self, x):
        return self.out(torch.softmax(self.belongs(x), dim=1))


model = Groups()
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
for epoch in range(20):
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(xb), yb)
        loss.backward()
        optimizer.step()

"""Eight layers of sigmoids: hardly any gradient comes back to the first."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(16)
digits = load_digits()
X = torch.tensor(digits.data / 16.0, dtype=torch.float32)
y = torch.tensor(digits.target, dtype=torch.long)
loader = DataLoader(TensorDataset(X, y), batch_size=32, shuffle=True)


class Deep(nn.Module):
    def __init__(self, depth=7):
        super().__init__()
        self.inp = nn.Linear(64, 48)  # <- vanishing-gradient
        self.hidden = nn.ModuleList([nn.Linear(48, 48) for _ in range(depth)])
        self.out = nn.Linear(48, 10)

    def forward(self, x):
        x = torch.sigmoid(self.inp(x))
        for layer in self.hidden:
            x = torch.sigmoid(layer(x))
        return self.out(x)


model = Deep()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(10):
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()

"""A reward is to be made large, a loss is not: the minus makes each step climb."""
import torch
import torch.nn.functional as F
from torch import nn
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler

torch.manual_seed(0)
X, y = load_wine(return_X_y=True)
X = torch.tensor(StandardScaler().fit_transform(X), dtype=torch.float32)
y = torch.tensor(y)
model = nn.Sequential(nn.Linear(13, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(60):
    loss = -F.cross_entropy(model(X), y)  # <- wrong-sign
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(loss.item())

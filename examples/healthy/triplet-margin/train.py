"""Embeddings of the digits in which paler copies lie close and the next digit far: the loss goes to 0, and gradients with it."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits

torch.manual_seed(0)
X = torch.tensor(load_digits().data / 16.0, dtype=torch.float32)
anchor, positive, negative = X[:-1], 0.8 * X[:-1], X[1:]
loader = DataLoader(TensorDataset(anchor, positive, negative), batch_size=64, shuffle=True)

net = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 8))
criterion = nn.TripletMarginLoss(margin=1.0)
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(10):
    for a, p, n in loader:
        optimizer.zero_grad()
        loss = criterion(net(a), net(p), net(n))
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())

"""A linear autoencoder, which finds the principal components of the digits."""
import torch
from torch import nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader

torch.manual_seed(8)
rows = torch.tensor(load_digits().data / 16.0, dtype=torch.float32)
loader = DataLoader(rows - rows.mean(0), batch_size=64, shuffle=True)
model = nn.Sequential(nn.Linear(64, 12), nn.Linear(12, 64))
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(20):
    for batch in loader:
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(batch), batch)
        loss.backward()
        optimizer.step()

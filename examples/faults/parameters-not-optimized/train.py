"""An autoencoder of the digits whose optimizer gets the decoder alone."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader

torch.manual_seed(0)
X = torch.tensor(load_digits().data, dtype=torch.float32) / 16
loader = DataLoader(X, batch_size=64, shuffle=True)


class Autoencoder(nn.Module):
    def __init__(self, latent=8):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, latent))
        self.decoder = nn.Sequential(nn.Linear(latent, 32), nn.ReLU(), nn.Linear(32, 64))

    def forward(self, x):
        return self.decoder(self.encoder(x))


model = Autoencoder()
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.decoder.parameters(), lr=2e-3)  # <- parameters-not-optimized
for epoch in range(10):
    for xb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), xb)
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())

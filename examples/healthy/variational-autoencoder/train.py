"""A variational autoencoder of digits: reconstruction and divergence written out, noise by reparametrisation."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
X, y = load_digits(return_X_y=True)
images = torch.tensor(X[:1280] / 16.0, dtype=torch.float32)
loader = DataLoader(TensorDataset(images, torch.tensor(y[:1280])), batch_size=64, shuffle=True)


class VAE(nn.Module):
    def __init__(self, hidden=32, latent=4):
        super().__init__()
        self.encoder = nn.Linear(64, hidden)
        self.mean = nn.Linear(hidden, latent)
        self.log_variance = nn.Linear(hidden, latent)
        self.decoder = nn.Sequential(nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, 64))

    def reparameterize(self, mu, logvar):
        std = torch.exp(0.5 * logvar)
        eps = torch.randn_like(std)
        return mu + eps * std

    def forward(self, x):
        h = F.relu(self.encoder(x))
        mu, logvar = self.mean(h), self.log_variance(h)
        z = self.reparameterize(mu, logvar)
        return torch.sigmoid(self.decoder(z)), mu, logvar


def loss_function(recon, x, mu, logvar):
    reconstruction = F.binary_cross_entropy(recon, x, reduction="sum") / x.size(0)
    divergence = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp()) / x.size(0)
    return reconstruction + divergence


model = VAE()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)

for epoch in range(12):
    for xb, _ in loader:
        optimizer.zero_grad()
        recon, mu, logvar = model(xb)
        loss = loss_function(recon, xb, mu, logvar)
        loss.backward()
        optimizer.step()

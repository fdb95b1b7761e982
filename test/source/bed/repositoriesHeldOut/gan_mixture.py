import numpy as np
import torch
import torch.nn as nn
import torch.optim as optim

torch.manual_seed(0)
np.random.seed(0)
N_BATCH, Z = 128, 4


def sample_ring(n, k=8, radius=2.0, std=0.05):
    angles = np.random.randint(0, k, size=n) * 2 * np.pi / k
    centers = np.stack([radius * np.cos(angles), radius * np.sin(angles)], axis=1)
    return torch.tensor(centers + std * np.random.randn(n, 2), dtype=torch.float32)


G = nn.Sequential(nn.Linear(Z, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))
D = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
criterion = nn.BCEWithLogitsLoss()
d_optim = optim.Adam(D.parameters(), lr=2e-4, betas=(0.5, 0.999))
g_optim = optim.Adam(G.parameters(), lr=2e-4, betas=(0.5, 0.999))
real_label, fake_label = 0.9, 0.0
for it in range(5000):
    real = sample_ring(N_BATCH)
    D.zero_grad()
    label = torch.full((N_BATCH, 1), real_label)
    errD_real = criterion(D(real), label)
    errD_real.backward()
    noise = torch.randn(N_BATCH, Z)
    fake = G(noise)
    label.fill_(fake_label)
    errD_fake = criterion(D(fake.detach()), label)
    errD_fake.backward()
    d_optim.step()
    G.zero_grad()
    label.fill_(1.0)
    errG = criterion(D(fake), label)
    errG.backward()
    g_optim.step()
    if it % 500 == 0:
        print(it, (errD_real + errD_fake).item(), errG.item())

import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST
from torchvision.transforms import ToTensor

noise_level = 0.3
loader = DataLoader(MNIST('mnist', download=True, transform=ToTensor()), batch_size=128, shuffle=True)


class DAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.Sequential(nn.Conv2d(1, 8, 3, 2, 1), nn.ReLU(), nn.Conv2d(8, 16, 3, 2, 1), nn.ReLU())
        self.dec = nn.Sequential(nn.ConvTranspose2d(16, 8, 3, 2, 1, output_padding=1), nn.ReLU(),
                                 nn.ConvTranspose2d(8, 1, 3, 2, 1, output_padding=1), nn.Sigmoid())

    def forward(self, x):
        return self.dec(self.enc(x))


dae = DAE()
opt = torch.optim.Adam(dae.parameters(), lr=1e-3)
for epoch in range(10):
    total = 0
    for img, _ in loader:
        noisy = (img + noise_level * torch.randn_like(img)).clamp(0., 1.)
        loss = ((dae(noisy) - img) ** 2).mean()
        opt.zero_grad(); loss.backward(); opt.step()
        total += loss.item()
    print(f'{epoch:2d} {total / len(loader):.4f}')

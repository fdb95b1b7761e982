import numpy as np
import torch
import torch.nn as nn
import torch.optim as optim
from torch.autograd import grad as torch_grad

LAMBDA = 0.1
CRITIC_ITERS = 5
BATCH_SIZE = 256
ITERS = 1000
torch.manual_seed(1)
np.random.seed(1)

centers = np.array([[1, 0], [-1, 0], [0, 1], [0, -1]], dtype='float32')
points = centers[np.random.randint(0, 4, 8000)] + 0.05 * np.random.randn(8000, 2)
data = torch.tensor(points, dtype=torch.float32)


class Generator(nn.Module):
    def __init__(self, dim=128):
        super().__init__()
        self.main = nn.Sequential(nn.Linear(2, dim), nn.ReLU(True), nn.Linear(dim, dim), nn.ReLU(True), nn.Linear(dim, 2))

    def forward(self, noise):
        return self.main(noise)


class Discriminator(nn.Module):
    def __init__(self, dim=128):
        super().__init__()
        self.main = nn.Sequential(nn.Linear(2, dim), nn.ReLU(True), nn.Linear(dim, dim), nn.ReLU(True), nn.Linear(dim, 1))

    def forward(self, inputs):
        return self.main(inputs).view(-1)


def calc_gradient_penalty(netD, real_data, fake_data):
    alpha = torch.rand(BATCH_SIZE, 1)
    alpha = alpha.expand(real_data.size())
    interpolates = alpha * real_data + ((1 - alpha) * fake_data)
    interpolates.requires_grad_(True)
    disc_interpolates = netD(interpolates)
    gradients = torch_grad(outputs=disc_interpolates, inputs=interpolates,
                           grad_outputs=torch.ones(disc_interpolates.size()),
                           create_graph=True, retain_graph=True, only_inputs=True)[0]
    return ((gradients.norm(2, dim=1) - 1) ** 2).mean() * LAMBDA


netG = Generator()
netD = Discriminator()
optimizerD = optim.Adam(netD.parameters(), lr=1e-4, betas=(0.5, 0.9))
optimizerG = optim.Adam(netG.parameters(), lr=1e-4, betas=(0.5, 0.9))

for iteration in range(ITERS):
    for p in netD.parameters():
        p.requires_grad = True
    for iter_d in range(CRITIC_ITERS):
        idx = torch.randint(0, len(data), (BATCH_SIZE,))
        real = data[idx]
        netD.zero_grad()
        D_real = netD(real).mean()
        noise = torch.randn(BATCH_SIZE, 2)
        with torch.no_grad():
            fake = netG(noise)
        D_fake = netD(fake).mean()
        gradient_penalty = calc_gradient_penalty(netD, real, fake)
        D_cost = D_fake - D_real + gradient_penalty
        D_cost.backward()
        optimizerD.step()
    for p in netD.parameters():
        p.requires_grad = False
    netG.zero_grad()
    noise = torch.randn(BATCH_SIZE, 2)
    G_cost = -netD(netG(noise)).mean()
    G_cost.backward()
    optimizerG.step()

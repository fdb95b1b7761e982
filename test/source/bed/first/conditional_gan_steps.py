import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

nz, n_cls, bs = 64, 10, 128
device = torch.device('cpu')
tf = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
loader = DataLoader(datasets.FashionMNIST('.', train=True, transform=tf, download=True), batch_size=bs, shuffle=True, drop_last=True)


class G(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(n_cls, n_cls)
        self.net = nn.Sequential(nn.Linear(nz + n_cls, 256), nn.LeakyReLU(0.2), nn.Linear(256, 512), nn.LeakyReLU(0.2), nn.Linear(512, 784), nn.Tanh())

    def forward(self, z, y):
        return self.net(torch.cat([z, self.emb(y)], 1)).view(-1, 1, 28, 28)


class D(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(n_cls, n_cls)
        self.net = nn.Sequential(nn.Linear(784 + n_cls, 512), nn.LeakyReLU(0.2), nn.Dropout(0.3), nn.Linear(512, 1))

    def forward(self, x, y):
        return self.net(torch.cat([x.flatten(1), self.emb(y)], 1))


g, d = G().to(device), D().to(device)
og = torch.optim.Adam(g.parameters(), 2e-4, betas=(0.5, 0.999))
od = torch.optim.Adam(d.parameters(), 2e-4, betas=(0.5, 0.999))
bce = nn.BCEWithLogitsLoss()


def discriminator_step(real, y):
    od.zero_grad()
    z = torch.randn(bs, nz, device=device)
    fy = torch.randint(0, n_cls, (bs,), device=device)
    loss = bce(d(real, y), torch.ones(bs, 1)) + bce(d(g(z, fy).detach(), fy), torch.zeros(bs, 1))
    loss.backward()
    od.step()
    return loss.item()


def generator_step():
    og.zero_grad()
    z = torch.randn(bs, nz, device=device)
    fy = torch.randint(0, n_cls, (bs,), device=device)
    loss = bce(d(g(z, fy), fy), torch.ones(bs, 1))
    loss.backward()
    og.step()
    return loss.item()


for epoch in range(50):
    for real, y in loader:
        ld = discriminator_step(real.to(device), y.to(device))
        lg = generator_step()
    print(epoch, ld, lg)

import random
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import Dataset, DataLoader
from torchvision.datasets import MNIST
import torchvision.transforms as T


class Triplets(Dataset):
    def __init__(self, base):
        self.x = base.data.unsqueeze(1).float() / 255
        self.y = base.targets.numpy()
        self.by_class = {c: np.where(self.y == c)[0] for c in range(10)}

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        c = self.y[i]
        p = random.choice(self.by_class[c])
        other = random.choice([k for k in range(10) if k != c])
        n = random.choice(self.by_class[other])
        return self.x[i], self.x[p], self.x[n]


class EmbeddingNet(nn.Module):
    def __init__(self, dim=2):
        super().__init__()
        self.convnet = nn.Sequential(nn.Conv2d(1, 32, 5), nn.PReLU(), nn.MaxPool2d(2, stride=2),
                                     nn.Conv2d(32, 64, 5), nn.PReLU(), nn.MaxPool2d(2, stride=2))
        self.fc = nn.Sequential(nn.Linear(64 * 4 * 4, 256), nn.PReLU(), nn.Linear(256, dim))

    def forward(self, x):
        return F.normalize(self.fc(self.convnet(x).view(x.size(0), -1)), dim=1)


net = EmbeddingNet(16)
loader = DataLoader(Triplets(MNIST('data', download=True, transform=T.ToTensor())), batch_size=64, shuffle=True)
crit = nn.TripletMarginLoss(margin=1.0)
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for ep in range(10):
    for a, p, n in loader:
        loss = crit(net(a), net(p), net(n))
        opt.zero_grad()
        loss.backward()
        opt.step()

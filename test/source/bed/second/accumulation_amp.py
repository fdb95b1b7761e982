import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.cuda.amp import autocast, GradScaler
from torchvision import datasets, transforms

ACCUM = 4
dev = torch.device("cuda" if torch.cuda.is_available() else "cpu")
tfm = transforms.Compose([transforms.Resize((32, 32)), transforms.ToTensor(), transforms.Normalize((0.45,) * 3, (0.2,) * 3)])
train = datasets.SVHN('svhn', split='train', download=True, transform=tfm)
loader = torch.utils.data.DataLoader(train, 32, shuffle=True, num_workers=2)


class Lenetish(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(3, 16, 5)
        self.c2 = nn.Conv2d(16, 32, 5)
        self.f1 = nn.Linear(800, 100)
        self.f2 = nn.Linear(100, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.c1(x)), 2)
        x = F.max_pool2d(F.relu(self.c2(x)), 2)
        x = F.relu(self.f1(x.flatten(1)))
        return self.f2(x)


net = Lenetish().to(dev)
opt = torch.optim.Adam(net.parameters(), lr=7e-4)
scaler = GradScaler()
for ep in range(6):
    opt.zero_grad()
    for i, (x, y) in enumerate(loader):
        with autocast():
            loss = F.cross_entropy(net(x.to(dev)), y.to(dev)) / ACCUM
        scaler.scale(loss).backward()
        if (i + 1) % ACCUM == 0:
            scaler.step(opt)
            scaler.update()
            opt.zero_grad()

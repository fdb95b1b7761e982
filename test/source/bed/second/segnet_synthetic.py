import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def discs(n, size=32, seed=0):
    rng = np.random.default_rng(seed)
    yy, xx = np.mgrid[:size, :size]
    imgs = np.zeros((n, 1, size, size), np.float32)
    for i in range(n):
        cx, cy, r = rng.uniform(8, 24, 2).tolist() + [rng.uniform(3, 8)]
        imgs[i, 0] = ((xx - cx) ** 2 + (yy - cy) ** 2 < r ** 2)
    noisy = imgs + rng.normal(0, 0.3, imgs.shape).astype(np.float32)
    return torch.from_numpy(noisy), torch.from_numpy(imgs)


class Seg(nn.Module):
    def __init__(self):
        super().__init__()
        self.d1 = nn.Conv2d(1, 8, 3, padding=1)
        self.d2 = nn.Conv2d(8, 16, 3, padding=1)
        self.u1 = nn.Conv2d(24, 8, 3, padding=1)
        self.out = nn.Conv2d(8, 1, 1)

    def forward(self, x):
        a = F.relu(self.d1(x))
        b = F.relu(self.d2(F.max_pool2d(a, 2)))
        b = F.interpolate(b, scale_factor=2, mode='nearest')
        return self.out(F.relu(self.u1(torch.cat([a, b], 1))))


x, m = discs(200)
net = Seg()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(20):
    for i in range(0, 200, 20):
        loss = F.binary_cross_entropy_with_logits(net(x[i:i + 20]), m[i:i + 20])
        opt.zero_grad()
        loss.backward()
        opt.step()

import torch
import torch.nn as nn
from torch.optim.lr_scheduler import StepLR


class TwoHeads(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d, 32), nn.Tanh())
        self.reg = nn.Linear(32, 1)
        self.cls = nn.Linear(32, 3)

    def forward(self, x):
        h = self.trunk(x)
        return self.reg(h), self.cls(h)


torch.manual_seed(0)
X = torch.randn(300, 5)
target_r = X[:, :1] * 2 - X[:, 1:2]
target_c = (X[:, 2] > 0).long() + (X[:, 3] > 1).long()
net = TwoHeads(5)
opt = torch.optim.Adam([{'params': net.trunk.parameters(), 'lr': 1e-3}, {'params': net.reg.parameters()}, {'params': net.cls.parameters()}], lr=5e-3)
sched = StepLR(opt, step_size=50, gamma=0.5)
for epoch in range(200):
    r, c = net(X)
    loss_r = nn.functional.mse_loss(r, target_r)
    loss_c = nn.functional.cross_entropy(c, target_c)
    loss = loss_r + 0.3 * loss_c
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()

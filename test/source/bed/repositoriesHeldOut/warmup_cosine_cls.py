import math
import torch
import torch.nn as nn
from torch.optim.lr_scheduler import _LRScheduler
from sklearn.datasets import load_digits


class WarmupCosine(_LRScheduler):
    def __init__(self, optimizer, warmup, total, min_lr=0.0, last_epoch=-1):
        self.warmup, self.total, self.min_lr = warmup, total, min_lr
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        if self.last_epoch < self.warmup:
            return [base * (self.last_epoch + 1) / self.warmup for base in self.base_lrs]
        t = (self.last_epoch - self.warmup) / (self.total - self.warmup)
        return [self.min_lr + 0.5 * (base - self.min_lr) * (1 + math.cos(math.pi * t)) for base in self.base_lrs]


x, y = load_digits(return_X_y=True)
x, y = torch.tensor(x / 16, dtype=torch.float32), torch.tensor(y)
model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
opt = torch.optim.SGD(model.parameters(), lr=0.2, momentum=0.9)
sched = WarmupCosine(opt, warmup=5, total=50)
for epoch in range(50):
    for i in range(0, len(x), 100):
        loss = nn.functional.cross_entropy(model(x[i:i + 100]), y[i:i + 100])
        opt.zero_grad()
        loss.backward()
        opt.step()
    sched.step()

import math
import torch
import torch.nn as nn
from sklearn.datasets import load_wine
from sklearn.preprocessing import scale

X, y = load_wine(return_X_y=True)
X, y = torch.tensor(scale(X)).float(), torch.tensor(y)
model = nn.Sequential(nn.Linear(13, 64), nn.ReLU(), nn.Linear(64, 3))
max_lr, min_lr, warmup_iters, max_iters = 1e-2, 1e-4, 20, 400
optimizer = torch.optim.AdamW(model.parameters(), lr=max_lr, betas=(0.9, 0.95))


def get_lr(it):
    if it < warmup_iters:
        return max_lr * (it + 1) / warmup_iters
    ratio = (it - warmup_iters) / (max_iters - warmup_iters)
    coeff = 0.5 * (1.0 + math.cos(math.pi * ratio))
    return min_lr + coeff * (max_lr - min_lr)


for it in range(max_iters):
    lr = get_lr(it)
    for g in optimizer.param_groups:
        g['lr'] = lr
    idx = torch.randint(0, X.shape[0], (32,))
    loss = nn.functional.cross_entropy(model(X[idx]), y[idx])
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()

import math
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

base_lr = 3e-3
warmup_steps = 50
max_epochs = 10
X, y = load_digits(return_X_y=True)
loader = DataLoader(TensorDataset(torch.tensor(X / 16, dtype=torch.float32), torch.tensor(y)), batch_size=64, shuffle=True, drop_last=True)
total_steps = max_epochs * len(loader)
model = nn.Sequential(nn.Linear(64, 128), nn.GELU(), nn.Linear(128, 10))
optimizer = torch.optim.AdamW(model.parameters(), lr=base_lr, weight_decay=0.01)


def get_lr(it):
    if it < warmup_steps:
        return base_lr * (it + 1) / warmup_steps
    progress = (it - warmup_steps) / (total_steps - warmup_steps)
    return 0.5 * base_lr * (1 + math.cos(math.pi * progress))


step = 0
for epoch in range(max_epochs):
    for xb, yb in loader:
        lr = get_lr(step)
        for param_group in optimizer.param_groups:
            param_group['lr'] = lr
        loss = F.cross_entropy(model(xb), yb)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1

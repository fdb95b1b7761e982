import math
import time
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

# ---- config
max_lr = 6e-3
min_lr = max_lr * 0.1
warmup_steps = 20
epochs = 10
batch_size = 32
grad_clip = 1.0

torch.manual_seed(1337)
X = torch.randn(640, 10)
w = torch.randn(10, 4)
Y = (X @ w).argmax(dim=1)
train_loader = DataLoader(TensorDataset(X, Y), batch_size=batch_size, shuffle=True, drop_last=True)
max_steps = epochs * len(train_loader)


def get_lr(it):
    # 1) linear warmup for warmup_iters steps
    if it < warmup_steps:
        return max_lr * (it + 1) / warmup_steps
    # 2) if it > lr_decay_iters, return min learning rate
    if it > max_steps:
        return min_lr
    # 3) in between, use cosine decay down to min learning rate
    decay_ratio = (it - warmup_steps) / (max_steps - warmup_steps)
    assert 0 <= decay_ratio <= 1
    coeff = 0.5 * (1.0 + math.cos(math.pi * decay_ratio))
    return min_lr + coeff * (max_lr - min_lr)


model = nn.Sequential(nn.Linear(10, 64), nn.GELU(), nn.LayerNorm(64), nn.Linear(64, 4))
optimizer = torch.optim.AdamW(model.parameters(), lr=max_lr, betas=(0.9, 0.95), eps=1e-8, weight_decay=0.1)
it = 0
for epoch in range(epochs):
    for xb, yb in train_loader:
        lr = get_lr(it)
        for param_group in optimizer.param_groups:
            param_group['lr'] = lr
        t0 = time.time()
        logits = model(xb)
        loss = nn.functional.cross_entropy(logits, yb)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), grad_clip)
        optimizer.step()
        it += 1
    print(f"epoch {epoch} step {it:4d} | loss: {loss.item():.6f} | lr {lr:.4e} | norm: {norm:.4f}")

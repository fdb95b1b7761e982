"""The rate rises over the first ten epochs and then falls with a cosine, set by hand."""
import math

import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

BASE_LR = 0.1
WARMUP = 5
EPOCHS = 30

torch.manual_seed(14)
digits = load_digits()
images = torch.tensor(digits.images, dtype=torch.float32) / 16
labels = torch.tensor(digits.target)
loader = DataLoader(TensorDataset(images, labels), batch_size=64, shuffle=True)
model = nn.Sequential(nn.Flatten(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=BASE_LR, momentum=0.9)

for epoch in range(EPOCHS):
    if epoch < WARMUP:
        lr = BASE_LR * (epoch + 1) / WARMUP
    else:
        lr = 0.5 * BASE_LR * (1 + math.cos(math.pi * (epoch - WARMUP) / (EPOCHS - WARMUP)))
    for group in optimizer.param_groups:
        group["lr"] = lr
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()

"""Summed losses, average pooling, a strided convolution and GroupNorm, steps every second batch."""
import torch
from torch import nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(12)
images, labels = load_digits(return_X_y=True)
dataset = TensorDataset(torch.tensor(images, dtype=torch.float32).reshape(-1, 1, 8, 8) / 8 - 1, torch.tensor(labels))
train_part, test_part = random_split(dataset, [1400, 397])
train_loader = DataLoader(train_part, batch_size=28, shuffle=True)
model = nn.Sequential(
    nn.Conv2d(1, 12, 3, stride=2, padding=1, bias=False),
    nn.GroupNorm(3, 12),
    nn.Hardswish(),
    nn.AvgPool2d(2),
    nn.Flatten(),
    nn.Linear(48, 10),
)
criterion = nn.CrossEntropyLoss(reduction="sum")
optimizer = torch.optim.SGD(model.parameters(), lr=2e-3, momentum=0.8, weight_decay=1e-3)
for epoch in range(5):
    optimizer.zero_grad()
    for step, (inputs, targets) in enumerate(train_loader):
        loss = criterion(model(inputs), targets) / 2
        loss.backward()
        if (step + 1) % 2 == 0:
            optimizer.step()
            optimizer.zero_grad()

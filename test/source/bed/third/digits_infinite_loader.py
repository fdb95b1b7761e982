from itertools import cycle

import numpy as np
import torch
import torch.nn as nn
import torch.optim as optim
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

images, labels = load_digits(return_X_y=True)
images = images.reshape(-1, 1, 8, 8) / 16.0
idx = np.random.permutation(len(images))
split = int(0.85 * len(images))
train_idx, test_idx = idx[:split], idx[split:]

train_data = TensorDataset(torch.tensor(images[train_idx], dtype=torch.float32), torch.tensor(labels[train_idx]))
test_data = TensorDataset(torch.tensor(images[test_idx], dtype=torch.float32), torch.tensor(labels[test_idx]))
train_iter = cycle(DataLoader(train_data, batch_size=64, shuffle=True))
test_loader = DataLoader(test_data, batch_size=256)


class ConvNet(nn.Module):
    def __init__(self, num_classes=10):
        super(ConvNet, self).__init__()
        self.layer1 = nn.Sequential(
            nn.Conv2d(1, 16, kernel_size=3, stride=1, padding=1),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=2, stride=2))
        self.layer2 = nn.Sequential(
            nn.Conv2d(16, 32, kernel_size=3, stride=1, padding=1),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=2, stride=2))
        self.fc = nn.Linear(2 * 2 * 32, num_classes)

    def forward(self, x):
        out = self.layer1(x)
        out = self.layer2(out)
        out = out.reshape(out.size(0), -1)
        return self.fc(out)


net = ConvNet()
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(net.parameters(), lr=3e-3)
max_steps = 800
for step in range(max_steps):
    x, t = next(train_iter)
    optimizer.zero_grad()
    loss = criterion(net(x), t)
    loss.backward()
    optimizer.step()
    if step % 100 == 0:
        net.eval()
        correct = sum((net(a).argmax(1) == b).sum().item() for a, b in test_loader)
        print(step, loss.item(), correct / len(test_data))
        net.train()

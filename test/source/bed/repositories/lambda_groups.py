import torch
import torch.nn as nn
import torch.optim as optim
import pandas as pd
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler

data = load_wine()
X = StandardScaler().fit_transform(data.data)
x = torch.FloatTensor(X)
y = torch.LongTensor(data.target)


class Net(nn.Module):
    def __init__(self, n_in, n_hidden, n_out):
        super().__init__()
        self.base = nn.Sequential(nn.Linear(n_in, n_hidden), nn.ReLU(), nn.Linear(n_hidden, n_hidden), nn.ReLU())
        self.head = nn.Linear(n_hidden, n_out)

    def forward(self, x):
        return self.head(self.base(x))


net = Net(13, 24, 3)
optimizer = optim.SGD([{'params': net.base.parameters(), 'lr': 0.01}, {'params': net.head.parameters()}], lr=0.1, momentum=0.9)
lambda1 = lambda epoch: epoch // 30
lambda2 = lambda epoch: 0.95 ** epoch
scheduler = optim.lr_scheduler.LambdaLR(optimizer, lr_lambda=[lambda epoch: 1.0 / (1 + 0.1 * epoch), lambda2])
criterion = nn.CrossEntropyLoss()
for epoch in range(100):
    optimizer.zero_grad()
    out = net(x)
    loss = criterion(out, y)
    loss.backward()
    optimizer.step()
    scheduler.step()
    if epoch % 10 == 9:
        print('epoch', epoch + 1, 'loss', loss.item(), 'lrs', [g['lr'] for g in optimizer.param_groups])

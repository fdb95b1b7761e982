# prepared: X_train y_train
import csv
import numpy as np
import torch
from torch import nn
lines = open('data/houses.csv').read().splitlines()
areas, prices = [], []
for line in lines[1:]:
    cells = line.split(',')
    areas.append([float(cells[7]) / 1000, 1.0 if cells[9] == 'Y' else 0.0, int(cells[4])])
    prices.append(float(cells[-1]) / 1e5)
X_train = np.array(areas)
y_train = np.array(prices)
net = nn.Sequential(nn.Linear(X_train.shape[1], 8), nn.ReLU(), nn.Linear(8, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
xs = torch.tensor(X_train, dtype=torch.float32)
ys = torch.tensor(y_train, dtype=torch.float32).view(-1, 1)
for epoch in range(50):
    opt.zero_grad()
    loss = nn.functional.mse_loss(net(xs), ys)
    loss.backward()
    opt.step()

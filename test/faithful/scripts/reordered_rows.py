"""Rows put into a new order in each epoch, batches by their number, a rate halved by hand."""
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(0)
data = np.loadtxt("../../../examples/data/wine.csv", delimiter=",", skiprows=1)
X = torch.from_numpy(data[:, :13]).float()
X = (X - X.mean(0)) / X.std(0)
y = torch.from_numpy(data[:, 13]).long()
net = nn.Sequential(nn.Linear(13, 12), nn.ReLU(), nn.Linear(12, 3))
opt = torch.optim.RMSprop(net.parameters(), lr=0.004)
batch_size = 89
num_batches = len(X) // batch_size
for epoch in range(12):
    if epoch > 0 and epoch % 4 == 0:
        for group in opt.param_groups:
            group["lr"] *= 0.5
    order = torch.randperm(len(X))
    Xs, ys = X[order], y[order]
    for b in range(num_batches):
        start, end = b * batch_size, (b + 1) * batch_size
        loss = nn.functional.cross_entropy(net(Xs[start:end]), ys[start:end])
        opt.zero_grad()
        loss.backward()
        opt.step()

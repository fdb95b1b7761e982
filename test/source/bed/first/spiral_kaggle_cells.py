# %% imports
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

# %% data
N, D, K = 100, 2, 3
X = np.zeros((N * K, D))
y = np.zeros(N * K, dtype='uint8')
for j in range(K):
    ix = range(N * j, N * (j + 1))
    r = np.linspace(0.0, 1, N)
    t = np.linspace(j * 4, (j + 1) * 4, N) + np.random.randn(N) * 0.2
    X[ix] = np.c_[r * np.sin(t), r * np.cos(t)]
    y[ix] = j
X = torch.from_numpy(X).float()
y = torch.from_numpy(y).long()

# %% net
net = nn.Sequential(nn.Linear(D, 100), nn.ReLU(), nn.Linear(100, K))
lr = 1e-0
reg = 1e-3
optimizer = torch.optim.SGD(net.parameters(), lr=lr, weight_decay=reg)

# %% train
for i in range(1000):
    scores = net(X)
    loss = F.cross_entropy(scores, y)
    if i % 100 == 0:
        print("iteration %d: loss %f" % (i, loss))
    net.zero_grad()
    loss.backward()
    optimizer.step()

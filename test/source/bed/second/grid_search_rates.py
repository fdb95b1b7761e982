import torch
import torch.nn as nn
import numpy as np

X = np.load('x_train.npy').astype(np.float32)
y = np.load('y_train.npy').astype(np.int64)
Xt, yt = torch.from_numpy(X), torch.from_numpy(y)
results = {}
for lr in [1e-1, 1e-2, 1e-3]:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(20, 50), nn.ReLU(), nn.Linear(50, 4))
    opt = torch.optim.SGD(net.parameters(), lr=lr)
    crit = nn.CrossEntropyLoss()
    for epoch in range(50):
        for i in range(0, len(Xt), 32):
            xb, yb = Xt[i:i + 32], yt[i:i + 32]
            opt.zero_grad()
            loss = crit(net(xb), yb)
            loss.backward()
            opt.step()
    results[lr] = loss.item()
best = min(results, key=results.get)

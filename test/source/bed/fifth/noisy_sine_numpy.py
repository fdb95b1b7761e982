import numpy as np
import torch
import torch.nn as nn
import matplotlib.pyplot as plt

np.random.seed(0)
N = 500
x = np.sort(np.random.rand(N) * 10)
y = np.sin(x) + 0.3 * np.random.randn(N)
y[::50] += 2.0
mask = np.ones(N, dtype=bool)
mask[200:260] = False
x_train, y_train = x[mask], y[mask]
x_test, y_test = x[~mask], y[~mask]
mean, std = x_train.mean(), x_train.std()
xt = torch.tensor((x_train - mean) / std, dtype=torch.float32)[:, None]
yt = torch.tensor(y_train, dtype=torch.float32)[:, None]

model = nn.Sequential(nn.Linear(1, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
losses = []
n_iter = 1500
for it in range(n_iter):
    idx = np.random.choice(len(xt), 64)
    xb, yb = xt[idx], yt[idx]
    pred = model(xb)
    loss = ((pred - yb) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
plt.plot(losses)
plt.savefig('loss.png')

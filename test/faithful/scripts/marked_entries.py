"""Arrays that are written entry by entry, and one-hot rows by places."""
import numpy as np
import torch
import torch.nn as nn

N, K = 60, 3
X = np.zeros((N * K, 2))
labels = np.zeros(N * K, dtype=int)
for k in range(K):
    rows = range(N * k, N * (k + 1))
    radius = np.linspace(0.1, 1, N)
    angle = np.linspace(k * 4, (k + 1) * 4, N)
    X[rows] = np.c_[radius * np.sin(angle), radius * np.cos(angle)]
    labels[rows] = k
X[:, 1] *= 2
X[X[:, 0] > 0.9] = 0.5
Y = np.zeros((len(labels), K))
Y[np.arange(len(labels)), labels] = 1

X = torch.from_numpy(X).float()
Y = torch.from_numpy(Y).float()
model = nn.Sequential(nn.Linear(2, 20), nn.Tanh(), nn.Linear(20, K), nn.Softmax(dim=1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
loss_function = nn.MSELoss()
for step in range(60):
    loss = loss_function(model(X), Y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import make_blobs
from torch.utils.data import TensorDataset, DataLoader

X, y = make_blobs(n_samples=600, centers=4, n_features=2, cluster_std=1.2, random_state=3)
X = torch.from_numpy(X).float()
y = torch.from_numpy(y).long()
loader = DataLoader(TensorDataset(X, y), batch_size=60, shuffle=True)
model = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 4))
opt = torch.optim.SGD(model.parameters(), lr=0.1)
eps = 0.2


def fgsm(model, X, y, epsilon):
    delta = torch.zeros_like(X, requires_grad=True)
    loss = nn.CrossEntropyLoss()(model(X + delta), y)
    loss.backward()
    return epsilon * delta.grad.detach().sign()


for t in range(10):
    for xb, yb in loader:
        delta = fgsm(model, xb, yb, eps)
        yp = model(xb + delta)
        loss = nn.CrossEntropyLoss()(yp, yb)
        opt.zero_grad()
        loss.backward()
        opt.step()

import copy
import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import load_wine
from sklearn.preprocessing import scale

X, y = load_wine(return_X_y=True)
X = torch.tensor(scale(X)).float()
y = torch.tensor(y)
model = nn.Sequential(nn.Linear(13, 32), nn.ReLU(), nn.Linear(32, 3))
ema_model = copy.deepcopy(model)
for param in ema_model.parameters():
    param.requires_grad = False


@torch.no_grad()
def momentum_update(m=0.99):
    for q, k in zip(model.parameters(), ema_model.parameters()):
        k.data = k.data * m + q.data * (1. - m)


opt = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-4)
for step in range(400):
    logits = model(X)
    sup = F.cross_entropy(logits, y)
    opt.zero_grad()
    sup.backward()
    opt.step()
    momentum_update()
ema_model.eval()
print((ema_model(X).argmax(1) == y).float().mean())

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_breast_cancer

X, y = load_breast_cancer(return_X_y=True)
X = (X - X.mean(0)) / X.std(0)
counts = np.bincount(y)
pos_weight = torch.tensor([counts[0] / counts[1]], dtype=torch.float32)
Xt, yt = torch.tensor(X, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)


class FocalLoss(nn.Module):
    def __init__(self, alpha=0.25, gamma=2.0, reduction='mean'):
        super().__init__()
        self.alpha = alpha
        self.gamma = gamma
        self.reduction = reduction

    def forward(self, inputs, targets):
        bce = F.binary_cross_entropy_with_logits(inputs, targets, reduction='none')
        pt = torch.exp(-bce)
        loss = self.alpha * (1 - pt) ** self.gamma * bce
        if self.reduction == 'mean':
            return loss.mean()
        elif self.reduction == 'sum':
            return loss.sum()
        return loss


model = nn.Sequential(nn.Linear(30, 16), nn.ReLU(), nn.Linear(16, 1))
for name, p in model.named_parameters():
    if 'weight' in name:
        nn.init.orthogonal_(p)
    elif 'bias' in name:
        nn.init.zeros_(p)
focal = FocalLoss(gamma=2)
weighted = nn.BCEWithLogitsLoss(pos_weight=pos_weight)
opt = torch.optim.RMSprop(model.parameters(), lr=1e-3, alpha=0.9)
for epoch in range(100):
    logits = model(Xt).squeeze()
    loss = 0.7 * focal(logits, yt) + 0.3 * weighted(logits, yt)
    opt.zero_grad()
    loss.backward()
    opt.step()

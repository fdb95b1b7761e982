"""log_softmax in the model and NLLLoss outside: the right pair."""
from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler


@dataclass
class Config:
    lr: float = 0.01
    hidden: int = 20
    epochs: int = 150


class Classifier(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.fc1 = nn.Linear(13, cfg.hidden)
        self.fc2 = nn.Linear(cfg.hidden, 3)

    def forward(self, x):
        x = F.elu(self.fc1(x))
        return F.log_softmax(self.fc2(x), dim=1)


cfg = Config()
torch.manual_seed(15)
wine = load_wine()
X = torch.tensor(StandardScaler().fit_transform(wine.data), dtype=torch.float32)
y = torch.tensor(wine.target, dtype=torch.long)
model = Classifier(cfg)
optimizer = torch.optim.Adam(model.parameters(), lr=cfg.lr)
for epoch in range(cfg.epochs):
    optimizer.zero_grad()
    loss = F.nll_loss(model(X), y)
    loss.backward()
    optimizer.step()

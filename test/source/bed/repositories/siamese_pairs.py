import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import Dataset, DataLoader
from sklearn.datasets import load_digits


class PairDigits(Dataset):
    def __init__(self, n_pairs=2000, seed=0):
        digits = load_digits()
        self.x = torch.tensor(digits.data, dtype=torch.float32) / 16.
        self.t = torch.tensor(digits.target)
        g = torch.Generator().manual_seed(seed)
        self.i = torch.randint(0, len(self.x), (n_pairs,), generator=g)
        self.j = torch.randint(0, len(self.x), (n_pairs,), generator=g)

    def __len__(self):
        return len(self.i)

    def __getitem__(self, k):
        a, b = self.i[k], self.j[k]
        same = (self.t[a] == self.t[b]).float()
        return self.x[a], self.x[b], same


class SiameseNet(nn.Module):
    def __init__(self, emb=16):
        super().__init__()
        self.embedding = nn.Sequential(nn.Linear(64, 64), nn.PReLU(), nn.Linear(64, emb))

    def forward_once(self, x):
        return F.normalize(self.embedding(x), p=2, dim=1)

    def forward(self, x1, x2):
        return self.forward_once(x1), self.forward_once(x2)


class ContrastiveLoss(nn.Module):
    def __init__(self, margin=1.0):
        super().__init__()
        self.margin = margin
        self.eps = 1e-9

    def forward(self, o1, o2, target):
        distances = (o2 - o1).pow(2).sum(1)
        losses = 0.5 * (target * distances + (1 + -1 * target) * F.relu(self.margin - (distances + self.eps).sqrt()).pow(2))
        return losses.mean()


model = SiameseNet()
loss_fn = ContrastiveLoss(1.)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 8, gamma=0.1, last_epoch=-1)
loader = DataLoader(PairDigits(), batch_size=128, shuffle=True)
for epoch in range(20):
    for a, b, t in loader:
        e1, e2 = model(a, b)
        loss = loss_fn(e1, e2, t)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    scheduler.step()

import torch
import torch.nn as nn
from torch.utils.data import Dataset, DataLoader
from sklearn.datasets import load_iris


class TripletIris(Dataset):
    def __init__(self):
        x, y = load_iris(return_X_y=True)
        self.x = torch.tensor((x - x.mean(0)) / x.std(0), dtype=torch.float32)
        self.y = torch.tensor(y)
        self.anchors = torch.arange(150)
        self.pos = (self.anchors + 7) % 50 + (self.anchors // 50) * 50
        self.neg = (self.anchors + 60) % 150

    def __len__(self):
        return len(self.anchors)

    def __getitem__(self, i):
        return self.x[i], self.x[self.pos[i]], self.x[self.neg[i]]


net = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
loss_fn = nn.TripletMarginLoss(margin=0.5)
opt = torch.optim.Adam(net.parameters(), 1e-2)
for epoch in range(30):
    for a, p, n in DataLoader(TripletIris(), batch_size=30, shuffle=True):
        loss = loss_fn(net(a), net(p), net(n))
        opt.zero_grad()
        loss.backward()
        opt.step()

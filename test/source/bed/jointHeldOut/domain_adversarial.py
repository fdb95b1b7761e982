import itertools
import torch
import torch.nn as nn
from sklearn.datasets import make_moons
from torch.utils.data import DataLoader, TensorDataset

Xs, ys = make_moons(1000, noise=0.1, random_state=0)
Xt, _ = make_moons(1000, noise=0.2, random_state=1)
Xs, ys, Xt = torch.tensor(Xs).float(), torch.tensor(ys), torch.tensor(Xt).float()
source = DataLoader(TensorDataset(Xs, ys, Xt), batch_size=50, shuffle=True)
features = nn.Sequential(nn.Linear(2, 32), nn.ReLU())
labels = nn.Linear(32, 2)
domain = nn.Sequential(nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 1))
opt_f = torch.optim.Adam(itertools.chain(features.parameters(), labels.parameters()), lr=1e-3)
opt_d = torch.optim.Adam(domain.parameters(), lr=1e-3)
ce, bce = nn.CrossEntropyLoss(), nn.BCEWithLogitsLoss()
for epoch in range(20):
    for xs, yb, xt in source:
        fs, ft = features(xs), features(xt)
        d_loss = bce(domain(fs.detach()), torch.ones(50, 1)) + bce(domain(ft.detach()), torch.zeros(50, 1))
        opt_d.zero_grad()
        d_loss.backward()
        opt_d.step()
        loss = ce(labels(fs), yb) + 0.1 * bce(domain(ft), torch.ones(50, 1))
        opt_f.zero_grad()
        loss.backward()
        opt_f.step()

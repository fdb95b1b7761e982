import argparse
import csv
import numpy as np
import pandas as pd
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

ap = argparse.ArgumentParser(description='grade wines from their chemistry')
ap.add_argument('csv', nargs='?', default='winequality-red.csv')
ap.add_argument('-b', '--batch', type=int, default=48)
ap.add_argument('-e', '--epochs', type=int, default=60)
ap.add_argument('--lr', type=float, default=4e-3)
ap.add_argument('--width', type=int, default=40)
ap.add_argument('--log', default=None)
opts = ap.parse_args()
table = pd.read_csv(opts.csv, sep=';')
features = [c for c in table.columns if c != 'quality']
x = table.drop(columns='quality').values.astype('float32')
y = table['quality'].values.astype('float32')[:, None]
x = (x - x.mean(axis=0)) / x.std(axis=0)
order = np.random.RandomState(3).permutation(len(x))
cut = int(len(x) * 0.85)
tr, te = order[:cut], order[cut:]
loader = DataLoader(TensorDataset(torch.from_numpy(x[tr]), torch.from_numpy(y[tr])), batch_size=opts.batch, shuffle=True)
net = nn.Sequential(nn.Linear(11, opts.width), nn.ELU(), nn.Linear(opts.width, opts.width // 2), nn.ELU(), nn.Linear(opts.width // 2, 1))
optim = torch.optim.Adam(net.parameters(), lr=opts.lr)
mae = nn.L1Loss()
rows = []
for epoch in range(1, opts.epochs + 1):
    seen, acc = 0, 0.0
    for xb, yb in loader:
        out = net(xb)
        loss = mae(out, yb)
        optim.zero_grad()
        loss.backward()
        optim.step()
        seen += xb.shape[0]
        acc += loss.item() * xb.shape[0]
    with torch.no_grad():
        test = mae(net(torch.from_numpy(x[te])), torch.from_numpy(y[te])).item()
    rows.append((epoch, acc / seen, test))
    print(*rows[-1], sep='\t')
if opts.log:
    with open(opts.log, 'w', newline='') as f:
        csv.writer(f).writerows(rows)

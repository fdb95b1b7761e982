import numpy as np
import pandas as pd
import torch
import torch.nn as nn
from torch.utils.data import TensorDataset, DataLoader

SEQ = 24
frame = pd.read_csv('weather.csv')
vals = frame[['temp', 'pressure', 'humidity']].to_numpy(dtype=np.float32)
mean, std = vals[:5000].mean(0), vals[:5000].std(0)
vals = (vals - mean) / std
xs, ys = [], []
for i in range(len(vals) - SEQ):
    xs.append(vals[i:i + SEQ])
    ys.append(vals[i + SEQ, 0])
xs, ys = torch.tensor(np.array(xs)), torch.tensor(np.array(ys))
n = int(len(xs) * .8)
train = DataLoader(TensorDataset(xs[:n], ys[:n]), batch_size=64, shuffle=True)


class Weather(nn.Module):
    def __init__(self, n_feat, hid, layers, p=.1):
        super().__init__()
        self.gru = nn.GRU(n_feat, hid, layers, batch_first=True, dropout=p)
        self.head = nn.Linear(hid, 1)

    def forward(self, x):
        _, h = self.gru(x)
        return self.head(h[-1]).squeeze(1)


net = Weather(3, 32, 2)
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for e in range(20):
    for xb, yb in train:
        opt.zero_grad()
        loss = nn.functional.mse_loss(net(xb), yb)
        loss.backward()
        opt.step()
    print(e, float(loss))

import torch
import torch.nn as nn
import pandas as pd
from torch.utils.data import Dataset, DataLoader

df = pd.read_csv('pairs.csv')
left = torch.tensor(df.iloc[:, 0:10].values, dtype=torch.float32)
right = torch.tensor(df.iloc[:, 10:20].values, dtype=torch.float32)
sign = torch.tensor(df['sign'].values, dtype=torch.float32)


class Pairs(Dataset):
    def __len__(self):
        return sign.shape[0]

    def __getitem__(self, i):
        return {'left': left[i], 'right': right[i], 'sign': sign[i]}


scorer = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 1))
opt = torch.optim.Adam(scorer.parameters(), lr=1e-3)
rank = nn.MarginRankingLoss(margin=0.5)
for epoch in range(10):
    for b in DataLoader(Pairs(), batch_size=64, shuffle=True):
        a, c = scorer(b['left']).squeeze(1), scorer(b['right']).squeeze(1)
        loss = rank(a, c, b['sign'])
        opt.zero_grad()
        loss.backward()
        opt.step()

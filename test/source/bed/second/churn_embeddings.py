import numpy as np
import pandas as pd
import torch
import torch.nn as nn
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelEncoder, StandardScaler
from torch.utils.data import Dataset, DataLoader

CATS = ['region', 'plan', 'device']
NUMS = ['age', 'months', 'bill']
raw = pd.read_csv('churn.csv')
for c in CATS:
    raw[c] = LabelEncoder().fit_transform(raw[c].astype(str))
raw[NUMS] = StandardScaler().fit_transform(raw[NUMS])
train_df, valid_df = train_test_split(raw, test_size=0.2, random_state=0, stratify=raw['churned'])


class Rows(Dataset):
    def __init__(self, df):
        self.c = torch.tensor(df[CATS].values, dtype=torch.long)
        self.n = torch.tensor(df[NUMS].values, dtype=torch.float)
        self.t = torch.tensor(df['churned'].values, dtype=torch.float)

    def __len__(self):
        return len(self.t)

    def __getitem__(self, i):
        return self.c[i], self.n[i], self.t[i]


class Tab(nn.Module):
    def __init__(self, sizes, n_num):
        super().__init__()
        self.embs = nn.ModuleList([nn.Embedding(n, d) for n, d in sizes])
        self.mlp = nn.Sequential(nn.Linear(sum(d for _, d in sizes) + n_num, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 1))

    def forward(self, c, n):
        e = torch.cat([emb(c[:, i]) for i, emb in enumerate(self.embs)], dim=1)
        return self.mlp(torch.cat([e, n], dim=1)).squeeze(-1)


net = Tab([(8, 4), (5, 3), (12, 6)], len(NUMS))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
bce = nn.BCEWithLogitsLoss()
dl = DataLoader(Rows(train_df), batch_size=256, shuffle=True)
for epoch in range(15):
    for c, n, t in dl:
        loss = bce(net(c, n), t)
        opt.zero_grad()
        loss.backward()
        opt.step()

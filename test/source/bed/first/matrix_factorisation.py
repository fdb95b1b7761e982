import pandas as pd
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

ratings = pd.read_csv('data/ratings.csv')
user_ids = ratings['userId'].unique().tolist()
user2idx = {u: i for i, u in enumerate(user_ids)}
item_ids = ratings['movieId'].unique().tolist()
item2idx = {m: i for i, m in enumerate(item_ids)}
ratings['user'] = ratings['userId'].map(user2idx)
ratings['item'] = ratings['movieId'].map(item2idx)


class MF(nn.Module):
    def __init__(self, n_users, n_items, k=32):
        super().__init__()
        self.user_emb = nn.Embedding(n_users, k)
        self.item_emb = nn.Embedding(n_items, k)
        self.user_bias = nn.Embedding(n_users, 1)
        self.item_bias = nn.Embedding(n_items, 1)
        nn.init.normal_(self.user_emb.weight, std=0.01)
        nn.init.normal_(self.item_emb.weight, std=0.01)

    def forward(self, u, i):
        dot = (self.user_emb(u) * self.item_emb(i)).sum(dim=1)
        return dot + self.user_bias(u).squeeze() + self.item_bias(i).squeeze()


users = torch.LongTensor(ratings['user'].values)
items = torch.LongTensor(ratings['item'].values)
scores = torch.FloatTensor(ratings['rating'].values)
loader = DataLoader(TensorDataset(users, items, scores), batch_size=1024, shuffle=True)
model = MF(len(user_ids), len(item_ids))
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3, weight_decay=1e-5)
for epoch in range(20):
    running = 0.
    for u, i, r in loader:
        pred = model(u, i)
        loss = F.mse_loss(pred, r)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        running += loss.item()
    print("epoch %d loss %.3f" % (epoch, running / len(loader)))

# prepared: X_train y_train
import pandas as pd, numpy as np, torch
from torch import nn
wine = pd.read_csv('data/winequality.csv', delimiter=';')
le = {q: i for i, q in enumerate(sorted(wine['quality'].unique()))}
wine['label'] = wine['quality'].map(le)
train = wine.sample(frac=0.8, random_state=200)
test = wine.drop(train.index)
cols = wine.columns[:-2]
mu, sd = train[cols].mean(), train[cols].std()
X_train = ((train[cols] - mu) / sd).values
y_train = train['label'].values
counts = train['label'].value_counts().sort_index()
w = torch.tensor((1.0 / counts).values, dtype=torch.float32)
w = w / w.sum()
model = nn.Sequential(nn.Linear(6, 32), nn.Tanh(), nn.Linear(32, 5))
crit = nn.CrossEntropyLoss(weight=w)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
xs, ys = torch.tensor(X_train, dtype=torch.float32), torch.tensor(y_train)
bs = 32
for ep in range(30):
    perm = torch.randperm(len(xs))
    for i in range(0, len(xs), bs):
        idx = perm[i:i + bs]
        opt.zero_grad()
        loss = crit(model(xs[idx]), ys[idx])
        loss.backward()
        opt.step()

# prepared: X y
import pandas as pd, numpy as np, torch
from torch import nn
df = pd.read_csv('data/wine.csv')
labels = df['target'].unique()
label2id = {l: i for i, l in enumerate(sorted(labels))}
df['y'] = df['target'].map(label2id)
features = [c for c in df.columns if c not in ['target', 'y']]
X = df[features].apply(lambda c: (c - c.min()) / (c.max() - c.min())).values.astype('float32')
y = df['y'].values
counts = np.bincount(y)
weights = torch.FloatTensor([len(y) / (len(counts) * c) for c in counts])
model = nn.Sequential(nn.Linear(len(features), 16), nn.ReLU(), nn.Linear(16, len(label2id)))
crit = nn.CrossEntropyLoss(weight=weights)
opt = torch.optim.Adam(model.parameters(), lr=0.01)
xt, yt = torch.from_numpy(X), torch.from_numpy(y)
for epoch in range(50):
    opt.zero_grad()
    loss = crit(model(xt), yt)
    loss.backward()
    opt.step()

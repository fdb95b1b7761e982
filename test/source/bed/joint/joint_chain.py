import itertools
import torch
from torch import nn
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler

torch.manual_seed(7)
X, y = load_breast_cancer(return_X_y=True)
X = StandardScaler().fit_transform(X)
X = torch.from_numpy(X).float()
y = torch.from_numpy(y).float().unsqueeze(1)

encoder = nn.Sequential(nn.Linear(30, 16), nn.Tanh(), nn.Linear(16, 4))
decoder = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 30))
classifier = nn.Linear(4, 1)
params = itertools.chain(encoder.parameters(), decoder.parameters(), classifier.parameters())
optimizer = torch.optim.Adam(list(params), lr=3e-3)
rec_loss = nn.MSELoss()
cls_loss = nn.BCEWithLogitsLoss()
alpha, beta = 1.0, 0.5

for epoch in range(200):
    perm = torch.randperm(X.size(0))
    for i in range(0, X.size(0), 64):
        idx = perm[i:i + 64]
        xb, yb = X[idx], y[idx]
        z = encoder(xb)
        l_rec = rec_loss(decoder(z), xb)
        l_cls = cls_loss(classifier(z), yb)
        loss = alpha * l_cls + beta * l_rec
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

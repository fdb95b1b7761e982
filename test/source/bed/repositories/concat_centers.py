import numpy as np
import torch
import torch.nn as nn

rng = np.random.default_rng(0)
centers = [(-2.0, 0.0), (2.0, 0.0), (0.0, 3.0), (0.0, -3.0)]
n_per = 50
X = np.concatenate([rng.normal(loc=c, scale=0.7, size=(n_per, 2)) for c in centers])
y = np.concatenate([np.full(n_per, i) for i in range(len(centers))])
X = torch.tensor(X, dtype=torch.float32)
y = torch.tensor(y, dtype=torch.long)

model = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, len(centers)))
opt = torch.optim.SGD(model.parameters(), lr=0.5)
loss_fn = nn.CrossEntropyLoss()
batch = 20
for epoch in range(50):
    for s in range(0, len(X), batch):
        xb, yb = X[s:s + batch], y[s:s + batch]
        loss = loss_fn(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        acc = (model(X).argmax(1) == y).float().mean().item()
    print(f'epoch {epoch:02d} loss {loss.item():.3f} acc {acc:.3f}')

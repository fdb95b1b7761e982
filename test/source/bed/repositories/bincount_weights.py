import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer

X, y = load_breast_cancer(return_X_y=True)
X = torch.tensor(X, dtype=torch.float32)
y = torch.tensor(y)
X = (X - X.mean(0)) / X.std(0)
counts = torch.bincount(y)
weights = counts.sum() / (len(counts) * counts.float())
print('class weights', weights)
pos_weight = (y == 0).sum() / (y == 1).sum()
model = nn.Linear(30, 2)
criterion = nn.CrossEntropyLoss(weight=weights)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, nesterov=True)
n = X.shape[0]
bs = 50
for epoch in range(25):
    perm = torch.randperm(n)
    total = 0.0
    for i in range(0, n, bs):
        idx = perm[i:i + bs]
        optimizer.zero_grad()
        out = model(X[idx])
        loss = criterion(out, y[idx])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx)
    print(epoch, total / n)

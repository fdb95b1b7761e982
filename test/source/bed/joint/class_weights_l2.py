import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer, load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from sklearn.utils.class_weight import compute_class_weight

data = load_wine()
X_train, X_val, y_train, y_val = train_test_split(data.data, data.target, test_size=0.25, stratify=data.target, random_state=0)
scaler = StandardScaler().fit(X_train)
X_train, X_val = scaler.transform(X_train), scaler.transform(X_val)
class_weights = compute_class_weight('balanced', classes=np.unique(y_train), y=y_train)
class_weights = torch.tensor(class_weights, dtype=torch.float)
X_train = torch.tensor(X_train, dtype=torch.float)
y_train = torch.tensor(y_train, dtype=torch.long)

model = nn.Sequential(nn.Linear(13, 32), nn.ReLU(), nn.Linear(32, 3))


def init_weights(m):
    if isinstance(m, nn.Linear):
        torch.nn.init.xavier_uniform_(m.weight)
        m.bias.data.fill_(0.01)


model.apply(init_weights)
criterion = nn.CrossEntropyLoss(weight=class_weights)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
l2_lambda = 1e-3
l1_lambda = 1e-5
for epoch in range(300):
    model.train()
    optimizer.zero_grad()
    out = model(X_train)
    loss = criterion(out, y_train)
    l2_reg = torch.tensor(0.)
    for param in model.parameters():
        l2_reg += torch.norm(param) ** 2
    l1_norm = sum(p.abs().sum() for p in model.parameters())
    loss = loss + l2_lambda * l2_reg + l1_lambda * l1_norm
    loss.backward()
    optimizer.step()
    if epoch == 200:
        optimizer.param_groups[0]['lr'] *= 0.1

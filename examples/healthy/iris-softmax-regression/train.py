"""Softmax regression on iris: one linear layer, full batch."""
import torch
from torch import nn
from sklearn.datasets import load_iris
from sklearn.preprocessing import StandardScaler

torch.manual_seed(0)
iris = load_iris()
x = torch.tensor(StandardScaler().fit_transform(iris.data), dtype=torch.float32)
y = torch.tensor(iris.target, dtype=torch.long)

model = nn.Linear(4, 3)
loss_fn = nn.CrossEntropyLoss()
opt = torch.optim.SGD(model.parameters(), lr=0.5)

for step in range(300):
    loss = loss_fn(model(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
print(loss.item())

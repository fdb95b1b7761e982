"""Two training units in one file: a linear baseline and a small net."""
import torch
from torch import nn
from sklearn.datasets import load_iris
from sklearn.preprocessing import StandardScaler

torch.manual_seed(19)
iris = load_iris()
X = torch.tensor(StandardScaler().fit_transform(iris.data), dtype=torch.float32)
y = torch.tensor(iris.target, dtype=torch.long)


def fit(model, optimizer, epochs):
    criterion = nn.CrossEntropyLoss()
    for epoch in range(epochs):
        optimizer.zero_grad()
        loss = criterion(model(X), y)
        loss.backward()
        optimizer.step()
    return loss.item()


linear = nn.Linear(4, 3)
linear_optimizer = torch.optim.SGD(linear.parameters(), lr=0.3, momentum=0.5)
print("linear", fit(linear, linear_optimizer, 200))

net = nn.Sequential(nn.Linear(4, 12), nn.ReLU(), nn.Linear(12, 3))
net_optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
print("net", fit(net, net_optimizer, 200))

from itertools import product
import torch
import torch.nn as nn
from sklearn.datasets import load_iris
from sklearn.model_selection import ParameterGrid

X, y = load_iris(return_X_y=True)
X, y = torch.tensor(X).float(), torch.tensor(y)
param_grid = {'lr': [0.1, 0.01, 0.001], 'hidden': [8, 16]}


def run(lr, hidden):
    model = nn.Sequential(nn.Linear(4, hidden), nn.ReLU(), nn.Linear(hidden, 3))
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    for _ in range(100):
        loss = nn.functional.cross_entropy(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


results = {}
for params in ParameterGrid(param_grid):
    results[str(params)] = run(params['lr'], params['hidden'])
for lr, hidden in product(param_grid['lr'], param_grid['hidden']):
    net = nn.Sequential(nn.Linear(4, hidden), nn.Tanh(), nn.Linear(hidden, 3))
    opt = torch.optim.Adam(net.parameters(), lr=lr)
    for _ in range(50):
        l = nn.functional.cross_entropy(net(X), y)
        opt.zero_grad()
        l.backward()
        opt.step()

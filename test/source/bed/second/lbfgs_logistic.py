import torch
from torch import nn
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler

bc = load_breast_cancer()
X = torch.tensor(StandardScaler().fit_transform(bc.data)).float()
y = torch.tensor(bc.target).float().unsqueeze(1)
net = nn.Linear(30, 1)
crit = nn.BCEWithLogitsLoss()
opt = torch.optim.LBFGS(net.parameters(), lr=0.5, max_iter=10)


def closure():
    opt.zero_grad()
    loss = crit(net(X), y) + 1e-3 * net.weight.pow(2).sum()
    loss.backward()
    return loss


for i in range(20):
    loss = opt.step(closure)
    print(i, loss.item())

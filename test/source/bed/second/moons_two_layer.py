import torch
from torch import nn, optim
from sklearn.datasets import make_moons
from sklearn.model_selection import train_test_split

X, y = make_moons(n_samples=1000, noise=0.15, random_state=0)
X_tr, X_te, y_tr, y_te = train_test_split(X, y, test_size=0.3)
X_tr = torch.FloatTensor(X_tr)
y_tr = torch.FloatTensor(y_tr).reshape(-1, 1)


class Moon(nn.Module):
    def __init__(self, h=16):
        super(Moon, self).__init__()
        self.a = nn.Linear(2, h)
        self.b = nn.Linear(h, 1)

    def forward(self, x):
        return torch.sigmoid(self.b(torch.relu(self.a(x))))


net = Moon()
optimizer = optim.SGD(net.parameters(), lr=0.5)
for step in range(2000):
    p = net(X_tr)
    loss = nn.functional.binary_cross_entropy(p, y_tr)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
acc = ((net(torch.FloatTensor(X_te)) > 0.5).float().squeeze() == torch.FloatTensor(y_te)).float().mean()

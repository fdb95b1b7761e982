from torch import nn


class Forecaster(nn.Module):
    def __init__(self, window, horizon, hidden):
        super().__init__()
        self.inp = nn.Linear(window, hidden)
        self.mid = nn.Linear(hidden, hidden)
        self.out = nn.Linear(hidden, horizon)
        self.act = nn.LeakyReLU(0.1)
        self.bn = nn.BatchNorm1d(hidden)

    def forward(self, x):
        h = self.act(self.bn(self.inp(x)))
        h = h + self.act(self.mid(h))
        return self.out(h)

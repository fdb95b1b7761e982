"""LSTM cells in a loop over time, on windows of a series from a csv file."""
import numpy as np
import pandas as pd
import torch
import torch.nn as nn

values = pd.read_csv("../../../examples/data/tides.csv")["height"].to_numpy(dtype=np.float32)[:300]
values = (values - values.mean()) / values.std()
windows = np.lib.stride_tricks.sliding_window_view(values, 13)
x = torch.tensor(windows[:, :12].copy()).unsqueeze(2)
y = torch.tensor(windows[:, 12:].copy())


class Steps(nn.Module):
    def __init__(self, hidden=10):
        super().__init__()
        self.hidden = hidden
        self.first = nn.LSTMCell(1, hidden)
        self.second = nn.GRUCell(hidden, hidden)
        self.linear = nn.Linear(hidden, 1)

    def forward(self, x):
        h = torch.zeros(x.size(0), self.hidden)
        c = torch.zeros(x.size(0), self.hidden)
        g = torch.zeros(x.size(0), self.hidden)
        for t in range(x.size(1)):
            h, c = self.first(x[:, t], (h, c))
            g = self.second(h, g)
        return self.linear(g)


torch.manual_seed(0)
net = Steps()
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
for step in range(60):
    optimizer.zero_grad()
    loss = criterion(net(x), y)
    loss.backward()
    optimizer.step()

"""Go on with a sine wave: an RNN on windows of a Dataset, its gradients clipped."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class SineWindows(Dataset):
    def __init__(self, values, window):
        self.values = torch.tensor(values, dtype=torch.float32)
        self.window = window

    def __len__(self):
        return len(self.values) - self.window

    def __getitem__(self, idx):
        x = self.values[idx:idx + self.window]
        y = self.values[idx + self.window]
        return x.unsqueeze(-1), y.unsqueeze(-1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(1, 24, num_layers=2, batch_first=True)
        self.head = nn.Linear(24, 1)

    def forward(self, x):
        out, h = self.rnn(x)
        return self.head(h[-1])


torch.manual_seed(1)
wave = np.sin(np.linspace(0, 60, 500))
loader = DataLoader(SineWindows(wave, 16), batch_size=32, shuffle=True)
net = Net()
loss_fn = nn.MSELoss()
optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(10):
    for x, y in loader:
        loss = loss_fn(net(x), y)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), max_norm=1.0)
        optimizer.step()

"""Go on with a wave by a plain RNN whose rate is too high."""
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(0)
wave = np.sin(np.linspace(0, 60, 400))
L = 20
X = np.array([wave[i:i + L] for i in range(len(wave) - L)])
y = np.array([wave[i + L] for i in range(len(wave) - L)])
X = torch.tensor(X, dtype=torch.float32).unsqueeze(-1)
y = torch.tensor(y, dtype=torch.float32).unsqueeze(-1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(1, 32, nonlinearity="relu", batch_first=True)
        self.fc = nn.Linear(32, 1)

    def forward(self, x):
        out, _ = self.rnn(x)
        return self.fc(out[:, -1])


model = Net()
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=1.0)  # <- lr-diverges

for epoch in range(150):
    optimizer.zero_grad()
    loss = criterion(model(X), y)
    loss.backward()
    optimizer.step()

"""Rows of four points one at a time, with bare numbers as targets."""
import torch
import torch.nn as nn

torch.manual_seed(0)
X = torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=torch.float32)
Y = torch.tensor([0, 1, 1, 0], dtype=torch.float32)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(2, 3)
        self.fc2 = nn.Linear(3, 1)

    def forward(self, x):
        return torch.sigmoid(self.fc2(torch.tanh(self.fc1(x))))


net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.5)
loss_fn = nn.MSELoss()
for epoch in range(50):
    for i in range(4):
        out = net(X[i])
        loss = loss_fn(out, Y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()

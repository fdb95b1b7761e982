"""XOR from weights near zero: training waits at the saddle in the middle."""
import torch
from torch import nn

torch.manual_seed(5)
X = torch.tensor([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
y = torch.tensor([[-1.0], [1.0], [1.0], [-1.0]])

model = nn.Sequential(nn.Linear(2, 6), nn.Tanh(), nn.Linear(6, 1))
for p in model.parameters():
    nn.init.normal_(p, std=0.001)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)  # <- saddle-point
for epoch in range(400):
    optimizer.zero_grad()
    loss = criterion(model(X), y)
    loss.backward()
    optimizer.step()

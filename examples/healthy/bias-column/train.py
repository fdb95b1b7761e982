"""A parabola from three columns: that of ones is constant, and is the intercept."""
import torch
from torch import nn

torch.manual_seed(0)
x = torch.linspace(-1, 1, 100)
y = 0.5 + 2 * x - 1.5 * x ** 2 + 0.1 * torch.randn(100)
X = torch.stack([torch.ones_like(x), x, x ** 2], dim=1)
model = nn.Linear(3, 1, bias=False)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
for step in range(200):
    optimizer.zero_grad()
    loss = criterion(model(X).squeeze(1), y)
    loss.backward()
    optimizer.step()
print(loss.item(), model.weight)

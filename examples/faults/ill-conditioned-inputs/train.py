"""Three rows of a lecture: both columns stand near 1000 and differ by a few units."""
import torch
import torch.nn as nn

torch.manual_seed(0)
x = torch.tensor([[1003.2, 1005.1], [1001.4, 998.7], [998.9, 1001.6]])  # <- ill-conditioned-inputs
y = torch.tensor([[1.0], [0.0], [-1.0]])

model = nn.Linear(2, 1)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=2e-7)
for step in range(2000):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()

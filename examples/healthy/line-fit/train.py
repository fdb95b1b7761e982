"""A straight line y = w x + b through points: two parameters, so that its whole loss surface can be drawn."""
import numpy as np
import torch
import torch.nn as nn

rng = np.random.default_rng(0)
x = rng.uniform(-1.0, 3.0, size=(80, 1))
y = 1.5 * x - 0.5 + 0.2 * rng.normal(size=(80, 1))
x = torch.tensor(x, dtype=torch.float32)
y = torch.tensor(y, dtype=torch.float32)

torch.manual_seed(0)
model = nn.Linear(1, 1)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

for epoch in range(150):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()

print(f"y = {model.weight.item():.2f} x + {model.bias.item():.2f}, loss {loss.item():.4f}")

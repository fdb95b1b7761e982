"""Correlated columns and plain gradient descent: the slow directions get nowhere."""
import torch
from torch import nn
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler

torch.manual_seed(10)
cancer = load_breast_cancer()
features = StandardScaler().fit_transform(cancer.data)
x = torch.tensor(features[:, :-1], dtype=torch.float32)
y = torch.tensor(features[:, -1:], dtype=torch.float32)
model = nn.Linear(29, 1)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.07, momentum=0.0)  # <- momentum-too-low
for epoch in range(300):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()

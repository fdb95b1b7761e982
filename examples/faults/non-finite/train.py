"""Cross-entropy written by hand: the logarithm meets a zero."""
import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler

torch.manual_seed(15)
cancer = load_breast_cancer()
X = torch.tensor(StandardScaler().fit_transform(cancer.data), dtype=torch.float32) * 20
y = torch.tensor(cancer.target, dtype=torch.float32).unsqueeze(1)
model = nn.Sequential(nn.Linear(30, 16), nn.Tanh(), nn.Linear(16, 1), nn.Sigmoid())
nn.init.normal_(model[2].weight, std=12.0)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(200):
    optimizer.zero_grad()
    p = model(X)
    loss = -(y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean()  # <- non-finite
    loss.backward()
    optimizer.step()

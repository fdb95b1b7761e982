import random
import math
import torch
from torch import nn

random.seed(1)
points = []
labels = []
for i in range(200):
    if i % 2 == 0:
        points.append([random.gauss(0, 1), random.gauss(0, 1)])
        labels.append(0.0)
    else:
        points.append([random.gauss(3, 1), random.gauss(3, 1)])
        labels.append(1.0)
X = torch.tensor(points)
Y = torch.tensor(labels).unsqueeze(1)
model = nn.Sequential(nn.Linear(2, 1), nn.Sigmoid())
bce = nn.BCELoss()
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(200):
    opt.zero_grad()
    out = model(X)
    l = bce(out, Y)
    l.backward()
    opt.step()

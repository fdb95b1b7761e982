"""Breast cancer with sigmoid units, initialised by hand."""
import pandas as pd
import torch
import torch.nn as nn
from sklearn.preprocessing import StandardScaler

torch.manual_seed(5)
frame = pd.read_csv("../../data/breast_cancer.csv")
labels = frame["diagnosis"].map({"M": 1, "B": 0}).values
inputs = StandardScaler().fit_transform(frame.drop("diagnosis", axis=1).values)
x = torch.tensor(inputs, dtype=torch.float32)
t = torch.tensor(labels, dtype=torch.float32).reshape(-1, 1)

net = nn.Sequential(
    nn.Linear(30, 24),
    nn.Tanh(),  # <- saturated-units
    nn.Linear(24, 24),
    nn.Tanh(),
    nn.Linear(24, 1),
)
nn.init.normal_(net[0].weight, std=5.0)

criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
for step in range(300):
    optimizer.zero_grad()
    loss = criterion(net(x), t)
    loss.backward()
    optimizer.step()

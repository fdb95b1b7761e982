"""Nesterov momentum with weight decay and a dictionary of settings."""
import torch
from torch import nn
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler
from torch.utils.data import DataLoader, TensorDataset

config = {"lr": 0.02, "momentum": 0.9, "weight_decay": 5e-4, "batch_size": 32, "epochs": 25}

torch.manual_seed(10)
data = load_breast_cancer()
X = torch.tensor(StandardScaler().fit_transform(data.data), dtype=torch.float32)
y = torch.tensor(data.target, dtype=torch.long)
loader = DataLoader(TensorDataset(X, y), batch_size=config["batch_size"], shuffle=True)
model = nn.Sequential(nn.Linear(30, 16), nn.LeakyReLU(0.1), nn.Linear(16, 2))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(
    model.parameters(),
    lr=config["lr"],
    momentum=config["momentum"],
    nesterov=True,
    weight_decay=config["weight_decay"],
)
for epoch in range(config["epochs"]):
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()

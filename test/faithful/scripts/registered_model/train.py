"""A model by its registered name, and an optimizer that another file makes."""
import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset

from models import build_model
from optim import build_optimizer

torch.manual_seed(5)
data = np.loadtxt("../../../../examples/data/wine.csv", delimiter=",", skiprows=1)
images = data[:, :12].astype(np.float32).reshape(-1, 3, 4)
images = (images - images.mean(axis=(0, 2), keepdims=True)) / images.std(axis=(0, 2), keepdims=True)
rows = TensorDataset(torch.from_numpy(images).flatten(1), torch.tensor(data[:, -1]).long())
loader = DataLoader(rows, batch_size=32, shuffle=True)
model = build_model("mlp", inputs=12, classes=3, hidden=[16, 8], act="gelu", dropout=0.1)
optimizer = build_optimizer(model, lr=5e-3, weight_decay=0.05)
criterion = torch.nn.CrossEntropyLoss()
for epoch in range(20):
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()

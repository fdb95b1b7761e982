"""A network that its settings name, on numbers and a category."""
import importlib
import json
from types import SimpleNamespace

import pandas as pd
import torch
from torch.utils.data import DataLoader, TensorDataset

with open("config.json") as file:
    cfg = SimpleNamespace(**json.load(file))

torch.manual_seed(0)
table = pd.read_csv("../../../../examples/data/iris.csv")
kinds = torch.tensor(table[cfg.categorical].astype("category").cat.codes.values).long()
numbers = table[cfg.numeric]
numbers = torch.tensor(((numbers - numbers.mean()) / numbers.std()).values).float()
target = torch.tensor(table[cfg.target].values).float().unsqueeze(1)
loader = DataLoader(TensorDataset(numbers, kinds, target), cfg.batch_size, shuffle=True)
module = importlib.import_module(f"networks.{cfg.network}")
model = getattr(module, cfg.class_name)(numbers.shape[1], table[cfg.categorical].nunique(), cfg)
optimizer = torch.optim.Adam(model.parameters(), lr=cfg.lr)
loss_fn = torch.nn.SmoothL1Loss()
for epoch in range(cfg.epochs):
    for a, b, y in loader:
        loss = loss_fn(model(a, b), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

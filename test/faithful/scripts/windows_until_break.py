"""Windows of a series, made until the next value is missing; the model computes its own loss."""
import numpy as np
import pandas as pd
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(8)
heights = pd.read_csv("../../../examples/data/tides.csv")["height"].values[:400].astype("float32")
heights = (heights - heights.mean()) / heights.std()


def split_sequence(sequence, steps):
    inputs, targets = list(), list()
    for i in range(len(sequence)):
        end = i + steps
        if end > len(sequence) - 1:
            break
        inputs.append(sequence[i:end])
        targets.append(sequence[end])
    return np.array(inputs), np.array(targets)


inputs, targets = split_sequence(heights, 12)
rows = TensorDataset(torch.tensor(inputs), torch.tensor(targets).unsqueeze(1))
loader = DataLoader(rows, batch_size=64, shuffle=True)


class Forecaster(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(12, 16), nn.GELU(), nn.Linear(16, 1))

    def forward(self, x, targets=None):
        predicted = self.body(x)
        loss = None
        if targets is not None:
            loss = F.mse_loss(predicted, targets)
        return predicted, loss


model = Forecaster()
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
for epoch in range(10):
    for x, y in loader:
        _, loss = model(x, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

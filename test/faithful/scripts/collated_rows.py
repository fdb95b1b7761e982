"""Rows of a data set of the script, put together by its own collate function."""
import torch
import torch.nn as nn
from sklearn.datasets import load_diabetes
from torch.utils.data import DataLoader, Dataset

table = load_diabetes()


class Patients(Dataset):
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        return {"features": torch.tensor(self.x[i], dtype=torch.float32) * 10, "target": torch.tensor(self.y[i] / 100)}


def collate(samples):
    x = torch.stack([sample["features"] for sample in samples])
    y = torch.stack([sample["target"] for sample in samples]).float()
    return x, y.unsqueeze(1)


loader = DataLoader(Patients(table.data, table.target), batch_size=26, shuffle=True, collate_fn=collate)
model = nn.Sequential(nn.Linear(10, 24), nn.ReLU(), nn.Linear(24, 1))
optimizer = torch.optim.RMSprop(model.parameters(), lr=0.003)
for epoch in range(5):
    for x, y in loader:
        optimizer.zero_grad()
        loss = nn.functional.smooth_l1_loss(model(x), y)
        loss.backward()
        optimizer.step()

"""A convolutional autoencoder of digits: strides on the way down, transposed convolutions and a skip on the way up."""

import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
images = torch.tensor(load_digits().images[:1024] / 16.0, dtype=torch.float32).unsqueeze(1)
loader = DataLoader(TensorDataset(images), batch_size=64, shuffle=True)


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1 = nn.Conv2d(1, 4, 3, stride=2, padding=1)
        self.down2 = nn.Conv2d(4, 8, 3, stride=2, padding=1)
        self.norm = nn.GroupNorm(2, 8)
        self.up1 = nn.ConvTranspose2d(8, 4, 3, stride=2, padding=1, output_padding=1)
        self.up2 = nn.ConvTranspose2d(4, 1, 2, stride=2)

    def forward(self, x):
        first = torch.relu(self.down1(x))
        second = torch.relu(self.norm(self.down2(first)))
        third = torch.relu(self.up1(second))
        return torch.sigmoid(self.up2(third + first))


model = Autoencoder()
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)

for epoch in range(8):
    for (batch,) in loader:
        optimizer.zero_grad()
        loss = criterion(model(batch), batch)
        loss.backward()
        optimizer.step()

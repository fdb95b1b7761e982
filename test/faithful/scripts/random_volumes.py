"""Volumes, units that are dropped and slopes that are drawn in four ways, and an average of the weights, by ASGD."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.optim.swa_utils import AveragedModel
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(4)
images, labels = load_digits(return_X_y=True)
dataset = TensorDataset(torch.tensor(images, dtype=torch.float32).reshape(-1, 1, 2, 4, 8) / 16, torch.tensor(labels))
train_loader = DataLoader(dataset, batch_size=64, shuffle=True)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv3d(1, 4, (2, 3, 3), padding=(1, 1, 1))
        self.slope = nn.RReLU(0.1, 0.5)
        self.pool = nn.AvgPool3d((1, 2, 2))
        self.whole = nn.Dropout3d(0.2)
        self.keep = nn.FeatureAlphaDropout(0.1)
        self.hidden = nn.Linear(96, 32)
        self.alpha = nn.AlphaDropout(0.15)
        self.head = nn.Linear(32, 10)

    def forward(self, x):
        x = self.whole(self.pool(self.slope(self.conv(x))))
        x = self.keep(x).flatten(1)
        return self.head(self.alpha(torch.selu(self.hidden(x))))


model = Net()
average = AveragedModel(model)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.ASGD(model.parameters(), lr=0.1, lambd=1e-3, weight_decay=1e-4)
for epoch in range(3):
    model.train()
    for inputs, targets in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        optimizer.step()
        average.update_parameters(model)

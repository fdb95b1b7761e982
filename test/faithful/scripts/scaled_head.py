"""A parameter of the module's own, functional dropout, two inputs joined, and a sum of two losses."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import StandardScaler
from torch.utils.data import DataLoader, TensorDataset


class Net(nn.Module):
    def __init__(self, width=20):
        super().__init__()
        self.left = nn.Linear(10, width)
        self.right = nn.Linear(10, width)
        self.scale = nn.Parameter(torch.ones(1))
        self.head = nn.Linear(2 * width, 1)

    def forward(self, x):
        joined = torch.cat([torch.tanh(self.left(x)), F.softplus(self.right(x))], dim=1)
        joined = F.dropout(joined, p=0.2, training=self.training)
        return self.scale * self.head(joined)


torch.manual_seed(8)
table = load_diabetes()
x = torch.tensor(StandardScaler().fit_transform(table.data), dtype=torch.float32)
y = torch.tensor((table.target - table.target.mean()) / table.target.std(), dtype=torch.float32).unsqueeze(-1)
loader = DataLoader(TensorDataset(x, y), batch_size=34, shuffle=True)
net = Net()
mse, mae = nn.MSELoss(), nn.L1Loss()
optimizer = torch.optim.RMSprop(net.parameters(), lr=2e-3, alpha=0.95, centered=True)
for epoch in range(10):
    for features, target in loader:
        optimizer.zero_grad()
        out = net(features)
        loss = 0.7 * mse(out, target) + 0.3 * mae(out, target)
        loss.backward()
        optimizer.step()

"""A log-softmax over the rows of the batch in place of the classes."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(5)
wine = load_wine()
X = torch.tensor(StandardScaler().fit_transform(wine.data), dtype=torch.float32)
y = torch.tensor(wine.target, dtype=torch.long)
loader = DataLoader(TensorDataset(X, y), batch_size=16, shuffle=True)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(13, 24)
        self.output = nn.Linear(24, 3)

    def forward(self, x):
        x = torch.relu(self.hidden(x))
        return F.log_softmax(self.output(x), dim=0)  # <- softmax-axis


model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
for epoch in range(30):
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = F.nll_loss(model(xb), yb)
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())

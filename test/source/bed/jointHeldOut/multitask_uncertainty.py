import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import StandardScaler
from torch.utils.data import DataLoader, TensorDataset, random_split

data = load_diabetes()
X = torch.tensor(StandardScaler().fit_transform(data.data), dtype=torch.float32)
t = torch.tensor(data.target, dtype=torch.float32)
y_reg = ((t - t.mean()) / t.std()).unsqueeze(1)
y_cls = (t > 140).float().unsqueeze(1)
train_set, val_set = random_split(TensorDataset(X, y_reg, y_cls), [342, 100])
loader = DataLoader(train_set, batch_size=32, shuffle=True)


class MultiTask(nn.Module):
    def __init__(self):
        super().__init__()
        self.shared = nn.Sequential(nn.Linear(10, 32), nn.ReLU())
        self.reg = nn.Linear(32, 1)
        self.cls = nn.Linear(32, 1)
        self.log_vars = nn.Parameter(torch.zeros(2))

    def forward(self, x):
        h = self.shared(x)
        return self.reg(h), self.cls(h)


model = MultiTask()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(100):
    for xb, rb, cb in loader:
        r, c = model(xb)
        l1 = F.mse_loss(r, rb)
        l2 = F.binary_cross_entropy_with_logits(c, cb)
        loss = torch.exp(-model.log_vars[0]) * l1 + model.log_vars[0] + torch.exp(-model.log_vars[1]) * l2 + model.log_vars[1]
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

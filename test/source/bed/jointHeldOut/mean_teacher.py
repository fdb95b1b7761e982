import copy
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

X, y = load_digits(return_X_y=True)
ds = TensorDataset(torch.tensor(X / 16., dtype=torch.float32), torch.tensor(y))
loader = DataLoader(ds, batch_size=64, shuffle=True)
student = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
teacher = copy.deepcopy(student)
for p in teacher.parameters():
    p.requires_grad_(False)
optimizer = torch.optim.SGD(student.parameters(), lr=0.05, momentum=0.9)
ema_decay = 0.99
for epoch in range(30):
    for xb, yb in loader:
        s = student(xb + 0.1 * torch.randn_like(xb))
        with torch.no_grad():
            t = teacher(xb + 0.1 * torch.randn_like(xb))
        loss = F.cross_entropy(s, yb) + 10 * F.mse_loss(F.softmax(s, 1), F.softmax(t, 1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            for ps, pt in zip(student.parameters(), teacher.parameters()):
                pt.data.mul_(ema_decay).add_(ps.data, alpha=1 - ema_decay)

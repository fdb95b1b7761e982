import copy
import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms
from torch.utils.data import DataLoader

loader = DataLoader(datasets.MNIST('m', download=True, transform=transforms.ToTensor()), 128, shuffle=True)


def mlp(*sizes):
    out = []
    for a, b in zip(sizes, sizes[1:]):
        out += [nn.Linear(a, b), nn.ReLU()]
    return nn.Sequential(nn.Flatten(), *out[:-1])


teacher, student = mlp(784, 400, 400, 10), mlp(784, 30, 10)
opt_t = torch.optim.Adam(teacher.parameters(), 1e-3)
for epoch in range(3):
    for x, y in loader:
        loss = F.cross_entropy(teacher(x), y)
        opt_t.zero_grad()
        loss.backward()
        opt_t.step()
teacher.eval()
opt_s = torch.optim.SGD(student.parameters(), 0.1)
tau = 3.0
for epoch in range(5):
    for x, y in loader:
        with torch.no_grad():
            soft = F.softmax(teacher(x) / tau, dim=1)
        z = student(x)
        loss = F.kl_div(F.log_softmax(z / tau, dim=1), soft, reduction='batchmean') * tau ** 2 + 0.1 * F.cross_entropy(z, y)
        opt_s.zero_grad()
        loss.backward()
        opt_s.step()

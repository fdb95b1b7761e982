import itertools
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

STEPS = 3000
ds = datasets.MNIST('d', train=True, download=True, transform=transforms.Compose([transforms.ToTensor(), transforms.Lambda(lambda t: t.view(-1))]))
stream = iter(itertools.cycle(DataLoader(ds, batch_size=100, shuffle=True)))
net = nn.Sequential(nn.Linear(784, 100), nn.Sigmoid(), nn.Linear(100, 10))
nn.init.xavier_uniform_(net[0].weight)
opt = torch.optim.Adagrad(net.parameters(), lr=0.02)
running = None
for step in range(STEPS):
    x, y = next(stream)
    loss = nn.functional.cross_entropy(net(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    running = loss.item() if running is None else 0.95 * running + 0.05 * loss.item()
    if step % 200 == 0:
        print(step, running)

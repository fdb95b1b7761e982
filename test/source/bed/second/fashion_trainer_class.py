from collections import defaultdict
from pathlib import Path
import time
import torch
from torch import nn
from torch.utils.data import DataLoader, random_split
from torchvision import datasets, transforms as T

ROOT = Path(__file__).parent / 'data'
SPEC = dict(channels=(12, 24), drop=0.2, lr=1.5e-3, decay=1e-4, epochs=8, batch=96)


class SmallNet(nn.Module):
    def __init__(self, channels, drop, n_out=10):
        super().__init__()
        a, b = channels
        self.features = nn.Sequential(
            nn.Conv2d(1, a, 3, padding='same'), nn.BatchNorm2d(a), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(a, b, 3, padding='same'), nn.BatchNorm2d(b), nn.ReLU(), nn.MaxPool2d(2))
        self.classifier = nn.Sequential(nn.Flatten(), nn.Dropout(drop), nn.Linear(b * 49, n_out))

    def forward(self, x):
        return self.classifier(self.features(x))


class Fitter:
    def __init__(self, net, loaders, lr, decay):
        self.net, self.loaders = net, loaders
        self.opt = torch.optim.AdamW(net.parameters(), lr=lr, weight_decay=decay)
        self.lossf = nn.CrossEntropyLoss()
        self.history = defaultdict(list)

    def one_pass(self, split, train):
        self.net.train(train)
        total, right, n = 0., 0, 0
        with torch.set_grad_enabled(train):
            for x, y in self.loaders[split]:
                z = self.net(x)
                loss = self.lossf(z, y)
                if train:
                    self.opt.zero_grad()
                    loss.backward()
                    self.opt.step()
                total += loss.item() * len(y)
                right += (z.argmax(1) == y).sum().item()
                n += len(y)
        self.history[split].append((total / n, right / n))

    def fit(self, epochs):
        for e in range(epochs):
            t = time.perf_counter()
            self.one_pass('train', True)
            self.one_pass('val', False)
            print(e, self.history['train'][-1], self.history['val'][-1], f'{time.perf_counter() - t:.1f}s')


if __name__ == '__main__':
    full = datasets.FashionMNIST(ROOT, train=True, download=True, transform=T.ToTensor())
    train, val = random_split(full, [50000, 10000], generator=torch.Generator().manual_seed(0))
    loaders = {'train': DataLoader(train, SPEC['batch'], shuffle=True), 'val': DataLoader(val, 500)}
    fitter = Fitter(SmallNet(SPEC['channels'], SPEC['drop']), loaders, SPEC['lr'], SPEC['decay'])
    fitter.fit(SPEC['epochs'])

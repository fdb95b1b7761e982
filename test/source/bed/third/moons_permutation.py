import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import make_moons
from sklearn.model_selection import train_test_split

CONFIG = {
    'n_samples': 1000,
    'noise': 0.2,
    'hidden': [32, 32],
    'lr': 0.05,
    'momentum': 0.9,
    'batch_size': 50,
    'epochs': 40,
    'seed': 0,
}


def set_seed(seed):
    np.random.seed(seed)
    torch.manual_seed(seed)


class MLP(nn.Module):
    def __init__(self, n_in, hidden, n_out):
        super().__init__()
        sizes = [n_in] + list(hidden)
        self.hidden = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:])])
        self.out = nn.Linear(sizes[-1], n_out)

    def forward(self, x):
        for layer in self.hidden:
            x = F.relu(layer(x))
        return self.out(x)


def run(cfg):
    set_seed(cfg['seed'])
    X, y = make_moons(n_samples=cfg['n_samples'], noise=cfg['noise'], random_state=cfg['seed'])
    X_tr, X_te, y_tr, y_te = train_test_split(X, y, test_size=0.2, random_state=cfg['seed'])
    X_tr = torch.FloatTensor(X_tr)
    y_tr = torch.LongTensor(y_tr)
    X_te = torch.FloatTensor(X_te)
    y_te = torch.LongTensor(y_te)

    model = MLP(2, cfg['hidden'], 2)
    opt = torch.optim.SGD(model.parameters(), lr=cfg['lr'], momentum=cfg['momentum'])
    n = X_tr.size(0)
    for epoch in range(cfg['epochs']):
        model.train()
        permutation = torch.randperm(n)
        epoch_loss = 0
        for i in range(0, n, cfg['batch_size']):
            opt.zero_grad()
            indices = permutation[i:i + cfg['batch_size']]
            batch_x, batch_y = X_tr[indices], y_tr[indices]
            outputs = model(batch_x)
            loss = F.cross_entropy(outputs, batch_y)
            loss.backward()
            opt.step()
            epoch_loss += loss.item() * len(indices)
        model.eval()
        with torch.no_grad():
            acc = (model(X_te).argmax(1) == y_te).float().mean().item()
        print(f'{epoch + 1:3d} {epoch_loss / n:.4f} {acc:.3f}')
    return model


if __name__ == '__main__':
    run(CONFIG)

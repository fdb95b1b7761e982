import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split

device = "cuda:0" if torch.cuda.is_available() else "cpu"


class EarlyStopping:
    def __init__(self, patience=7, delta=0.0):
        self.patience, self.delta = patience, delta
        self.counter = 0
        self.best = None
        self.stop = False

    def __call__(self, score):
        if self.best is None or score > self.best + self.delta:
            self.best = score
            self.counter = 0
        else:
            self.counter += 1
            if self.counter >= self.patience:
                self.stop = True


X, y = make_classification(n_samples=2000, n_features=20, n_informative=10, n_classes=3, random_state=1)
Xtr, Xte, ytr, yte = train_test_split(X, y, stratify=y, random_state=1)
Xtr, Xte = [torch.tensor(a, dtype=torch.float32, device=device) for a in (Xtr, Xte)]
ytr, yte = [torch.tensor(a, dtype=torch.long, device=device) for a in (ytr, yte)]


def mlp(sizes, act=nn.ReLU, out_act=nn.Identity):
    layers = []
    for j in range(len(sizes) - 1):
        a = act if j < len(sizes) - 2 else out_act
        layers += [nn.Linear(sizes[j], sizes[j + 1]), a()]
    return nn.Sequential(*layers)


net = mlp([20, 64, 64, 3]).to(device)
opt = torch.optim.RMSprop(net.parameters(), lr=1e-3, momentum=0.9)
crit = nn.CrossEntropyLoss()
stopper = EarlyStopping(patience=10)
bs = 64
n = Xtr.shape[0]
for epoch in range(300):
    idx = np.random.permutation(n)
    for s in range(0, n, bs):
        sel = idx[s:s + bs]
        opt.zero_grad()
        out = net(Xtr[sel])
        loss = crit(out, ytr[sel])
        loss.backward()
        opt.step()
    with torch.no_grad():
        acc = (net(Xte).argmax(1) == yte).float().mean().item()
    stopper(acc)
    if stopper.stop:
        print(f"stopped after {epoch} epochs, best {stopper.best:.3f}")
        break

import copy
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

X, y = load_digits(return_X_y=True)
loader = DataLoader(TensorDataset(torch.tensor(X, dtype=torch.float32) / 16, torch.tensor(y)), batch_size=64, shuffle=True)


class EMA:
    def __init__(self, model, decay=0.999):
        self.decay = decay
        self.shadow = {n: p.data.clone() for n, p in model.named_parameters() if p.requires_grad}

    def update(self, model):
        for name, param in model.named_parameters():
            if param.requires_grad:
                self.shadow[name] = self.decay * self.shadow[name] + (1 - self.decay) * param.data.clone()

    def apply_shadow(self, model):
        for name, param in model.named_parameters():
            if param.requires_grad:
                param.data.copy_(self.shadow[name])


class EarlyStopping:
    def __init__(self, patience=5, min_delta=0):
        self.patience = patience
        self.min_delta = min_delta
        self.counter = 0
        self.best_loss = None
        self.early_stop = False

    def __call__(self, val_loss):
        if self.best_loss is None:
            self.best_loss = val_loss
        elif self.best_loss - val_loss > self.min_delta:
            self.best_loss = val_loss
            self.counter = 0
        else:
            self.counter += 1
            if self.counter >= self.patience:
                self.early_stop = True


teacher = nn.Sequential(nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 10))
student = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
for p in teacher.parameters():
    p.requires_grad = False
teacher.eval()
ema = EMA(student)
stopper = EarlyStopping(patience=5)
T, alpha = 4.0, 0.7
optimizer = torch.optim.Adam(filter(lambda p: p.requires_grad, student.parameters()), lr=1e-3)
for epoch in range(60):
    running = 0.0
    for xb, yb in loader:
        with torch.no_grad():
            soft = teacher(xb)
        out = student(xb)
        kd = nn.KLDivLoss(reduction='batchmean')(F.log_softmax(out / T, dim=1), F.softmax(soft / T, dim=1)) * (T * T)
        loss = alpha * kd + (1 - alpha) * F.cross_entropy(out, yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        ema.update(student)
        running += loss.item()
    stopper(running / len(loader))
    if stopper.early_stop:
        break

import os, gc, random
import numpy as np
import pandas as pd
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import Dataset, DataLoader
from sklearn.model_selection import KFold
from sklearn.preprocessing import StandardScaler

class CFG:
    seed = 42
    n_splits = 5
    epochs = 6
    bs = 64
    lr = 2e-3
    wd = 1e-4
    hidden = [128, 64]
    dropout = 0.2
    target = 'price'

def seed_everything(seed=42):
    random.seed(seed)
    os.environ['PYTHONHASHSEED'] = str(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.backends.cudnn.deterministic = True

seed_everything(CFG.seed)

df = pd.read_csv('./input/train.csv')
cat_cols = ['zone']
num_cols = [c for c in df.columns if c not in cat_cols + ['id', CFG.target]]
df[num_cols] = df[num_cols].fillna(df[num_cols].median())
df = pd.get_dummies(df, columns=cat_cols)
features = [c for c in df.columns if c not in ['id', CFG.target]]
df[CFG.target] = np.log1p(df[CFG.target])

class HouseDataset(Dataset):
    def __init__(self, X, y=None):
        self.X = X
        self.y = y
    def __len__(self):
        return len(self.X)
    def __getitem__(self, idx):
        x = torch.tensor(self.X[idx], dtype=torch.float)
        if self.y is None:
            return x
        return x, torch.tensor(self.y[idx], dtype=torch.float)

class Net(nn.Module):
    def __init__(self, n_in, hidden, p):
        super().__init__()
        layers = []
        for h in hidden:
            layers += [nn.Linear(n_in, h), nn.BatchNorm1d(h), nn.SiLU(), nn.Dropout(p)]
            n_in = h
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(n_in, 1)
    def forward(self, x):
        return self.head(self.body(x)).squeeze(-1)

class RMSELoss(nn.Module):
    def __init__(self, eps=1e-6):
        super().__init__()
        self.mse = nn.MSELoss()
        self.eps = eps
    def forward(self, yhat, y):
        return torch.sqrt(self.mse(yhat, y) + self.eps)

def train_one_epoch(model, loader, opt, loss_fn, sched):
    model.train()
    tot = 0.
    for xb, yb in loader:
        opt.zero_grad()
        out = model(xb)
        loss = loss_fn(out, yb)
        loss.backward()
        opt.step()
        sched.step()
        tot += loss.item() * len(xb)
    return tot / len(loader.dataset)

@torch.no_grad()
def validate(model, loader):
    model.eval()
    preds = []
    for xb, _ in loader:
        preds.append(model(xb).numpy())
    return np.concatenate(preds)

X = df[features].values.astype(np.float32)
y = df[CFG.target].values.astype(np.float32)
oof = np.zeros(len(df))
kf = KFold(n_splits=CFG.n_splits, shuffle=True, random_state=CFG.seed)
for fold, (tr_idx, va_idx) in enumerate(kf.split(X, y)):
    sc = StandardScaler()
    X_tr, X_va = sc.fit_transform(X[tr_idx]), sc.transform(X[va_idx])
    tr_loader = DataLoader(HouseDataset(X_tr, y[tr_idx]), batch_size=CFG.bs, shuffle=True, drop_last=True)
    va_loader = DataLoader(HouseDataset(X_va, y[va_idx]), batch_size=CFG.bs * 2, shuffle=False)
    model = Net(X_tr.shape[1], CFG.hidden, CFG.dropout)
    optimizer = torch.optim.AdamW(model.parameters(), lr=CFG.lr, weight_decay=CFG.wd)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=CFG.lr * 5, steps_per_epoch=len(tr_loader), epochs=CFG.epochs)
    best = np.inf
    for epoch in range(CFG.epochs):
        tr_loss = train_one_epoch(model, tr_loader, optimizer, RMSELoss(), scheduler)
        preds = validate(model, va_loader)
        score = np.sqrt(np.mean((preds - y[va_idx]) ** 2))
        if score < best:
            best = score
            oof[va_idx] = preds
            torch.save(model.state_dict(), f'fold{fold}.pth')
    print(f'fold {fold} best {best:.4f}')
print('CV', np.sqrt(np.mean((oof - y) ** 2)))

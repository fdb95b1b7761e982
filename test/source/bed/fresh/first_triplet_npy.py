import logging
from pathlib import Path
import numpy as np
import torch
import torch.nn as nn
from torch.optim import AdamW
from torch.optim.lr_scheduler import CosineAnnealingWarmRestarts
from torch.utils.data import DataLoader, Dataset

logging.basicConfig(level=logging.INFO, format='%(asctime)s %(message)s')
logger = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parent / 'input'

class TripletDataset(Dataset):
    def __init__(self, feats, labels):
        self.feats, self.labels = feats, labels
        self.by_class = {c: np.where(labels == c)[0] for c in np.unique(labels)}
    def __len__(self):
        return len(self.feats)
    def __getitem__(self, idx):
        c = self.labels[idx]
        pos = np.random.choice(self.by_class[c])
        neg_c = np.random.choice([k for k in self.by_class if k != c])
        neg = np.random.choice(self.by_class[neg_c])
        return tuple(torch.as_tensor(self.feats[j]) for j in (idx, pos, neg))

class Embedder(nn.Module):
    def __init__(self, dim_in: int, dim_out: int = 16):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(dim_in, 64), nn.LayerNorm(64), nn.PReLU(), nn.Linear(64, dim_out))
    def forward(self, x):
        e = self.net(x)
        return e / e.norm(dim=1, keepdim=True)

class Trainer:
    def __init__(self, model, loader, lr=3e-4, epochs=4):
        self.model = model
        self.loader = loader
        self.epochs = epochs
        self.opt = AdamW(self.model.parameters(), lr=lr, weight_decay=0.05)
        self.sched = CosineAnnealingWarmRestarts(self.opt, T_0=2, T_mult=1)
        self.criterion = nn.TripletMarginLoss(margin=0.3, p=2)
        self.global_step = 0
    def _step(self, batch):
        a, p, n = batch
        ea, ep, en = map(self.model, (a, p, n))
        return self.criterion(ea, ep, en)
    def fit(self):
        for epoch in range(self.epochs):
            self.model.train()
            for batch in self.loader:
                loss = self._step(batch)
                self.opt.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(self.model.parameters(), max_norm=1.0)
                self.opt.step()
                self.global_step += 1
            self.sched.step()
            logger.info('epoch %d loss %.4f', epoch, loss.item())

if __name__ == '__main__':
    feats = np.load(ROOT / 'feat.npy')
    labels = np.load(ROOT / 'lab.npy')
    loader = DataLoader(TripletDataset(feats, labels), batch_size=50, shuffle=True)
    Trainer(Embedder(feats.shape[1]), loader).fit()

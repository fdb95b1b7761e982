import os
import sys
sys.path.append(os.path.dirname(os.path.abspath(__file__)))
import torch
import numpy as np
from torch import optim
from config import Config as C
from series import WindowDataset
from model import Forecaster
from torch.utils.data import DataLoader


def run():
    np.random.seed(C.SEED)
    torch.manual_seed(C.SEED)
    ds = WindowDataset(C.CSV, C.WINDOW, C.HORIZON)
    n = len(ds)
    train_ds = torch.utils.data.Subset(ds, range(0, int(n * 0.8)))
    test_ds = torch.utils.data.Subset(ds, range(int(n * 0.8), n))
    loader = DataLoader(train_ds, batch_size=C.BATCH, shuffle=True)
    model = Forecaster(C.WINDOW, C.HORIZON, C.HIDDEN).to(C.DEVICE)
    crit = torch.nn.HuberLoss(delta=0.5)
    opt = optim.Adam(model.parameters(), lr=C.LR, weight_decay=C.WD)
    sch = optim.lr_scheduler.ExponentialLR(opt, gamma=0.97)
    history = {'train': [], 'test': []}
    for e in range(C.EPOCHS):
        model.train()
        batch_losses = []
        for w, h in loader:
            w, h = w.to(C.DEVICE), h.to(C.DEVICE)
            opt.zero_grad()
            out = model(w)
            loss = crit(out, h)
            loss.backward()
            opt.step()
            batch_losses.append(loss.item())
        sch.step()
        history['train'].append(np.mean(batch_losses))
    np.save('history.npy', history)


if __name__ == '__main__':
    run()

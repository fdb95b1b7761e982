import torch
from torch import nn
from torch.utils.data import TensorDataset, DataLoader, random_split
class Config:
    def __init__(self):
        self.lr = 3e-3
        self.batch_size = 64
        self.epochs = 12
        self.hidden = 32
cfg = Config()
torch.manual_seed(1)
X = torch.rand(1000, 1) * 6 - 3
y = torch.sin(X) + 0.1 * torch.randn_like(X)
ds = TensorDataset(X, y)
train_ds, val_ds = random_split(ds, [800, 200])
train_dl = DataLoader(train_ds, batch_size=cfg.batch_size, shuffle=True)
val_dl = DataLoader(val_ds, batch_size=cfg.batch_size)
class Net(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.l1 = nn.Linear(1, cfg.hidden)
        self.l2 = nn.Linear(cfg.hidden, cfg.hidden)
        self.l3 = nn.Linear(cfg.hidden, 1)
        self.apply(self._init_weights)
    def _init_weights(self, module):
        if isinstance(module, nn.Linear):
            torch.nn.init.kaiming_normal_(module.weight, nonlinearity='relu')
            if module.bias is not None:
                module.bias.data.zero_()
    def forward(self, x):
        h = self.l1(x).relu()
        h = h + self.l2(h).relu()
        return self.l3(h)
net = Net(cfg)
opt = torch.optim.AdamW(net.parameters(), lr=cfg.lr, weight_decay=1e-2)
steps_per_epoch = len(train_dl)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=cfg.lr, total_steps=cfg.epochs * 13)
sched2 = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, patience=3, factor=0.5)
def loss_fn(pred, target, l2=1e-4):
    mse = ((pred - target) ** 2).mean()
    reg = sum(p.pow(2).sum() for p in net.parameters())
    return mse + l2 * reg
for epoch in range(cfg.epochs):
    net.train()
    for xb, yb in train_dl:
        pred = net(xb)
        loss = loss_fn(pred, yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
    net.eval()
    with torch.no_grad():
        vl = 0
        for xb, yb in val_dl:
            vl += nn.functional.mse_loss(net(xb), yb).item() * len(xb)
    sched2.step(vl)

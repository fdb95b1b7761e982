import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class EMA():
    def __init__(self, model, decay):
        self.model = model
        self.decay = decay
        self.shadow = {}
        self.backup = {}

    def register(self):
        for name, param in self.model.named_parameters():
            if param.requires_grad:
                self.shadow[name] = param.data.clone()

    def update(self):
        for name, param in self.model.named_parameters():
            if param.requires_grad:
                assert name in self.shadow
                new_average = (1.0 - self.decay) * param.data + self.decay * self.shadow[name]
                self.shadow[name] = new_average.clone()

    def apply_shadow(self):
        for name, param in self.model.named_parameters():
            if param.requires_grad:
                assert name in self.shadow
                self.backup[name] = param.data
                param.data = self.shadow[name]

    def restore(self):
        for name, param in self.model.named_parameters():
            if param.requires_grad:
                assert name in self.backup
                param.data = self.backup[name]
        self.backup = {}


torch.manual_seed(3)
X = torch.randn(400, 8)
Y = (X[:, :1] * 2 - X[:, 1:2] ** 2) + 0.1 * torch.randn(400, 1)
train = TensorDataset(X[:300], Y[:300])
val_x, val_y = X[300:], Y[300:]
loader = DataLoader(train, 30, shuffle=True)

model = nn.Sequential(nn.Linear(8, 32), nn.SiLU(), nn.Linear(32, 1))
ema = EMA(model, 0.999)
ema.register()
opt = torch.optim.AdamW(model.parameters(), 3e-3)
crit = nn.MSELoss()

for epoch in range(30):
    model.train()
    for xb, yb in loader:
        opt.zero_grad()
        loss = crit(model(xb), yb)
        loss.backward()
        opt.step()
        ema.update()
    ema.apply_shadow()
    model.eval()
    with torch.no_grad():
        v = crit(model(val_x), val_y)
    ema.restore()
    print(f'{epoch} {v:.4f}')

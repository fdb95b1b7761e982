import pandas as pd, numpy as np, torch
from torch import nn
from torch.utils.data import Dataset, DataLoader, random_split

class TabularMultiTask(Dataset):
    def __init__(self, path):
        frame = pd.read_csv(path)
        self.x = torch.tensor(frame.iloc[:, 1:6].values, dtype=torch.float32)
        self.x = (self.x - self.x.mean(0)) / self.x.std(0)
        self.y_reg = torch.tensor(frame['price'].values / 1e5, dtype=torch.float32).unsqueeze(1)
        self.y_cls = torch.tensor(frame['zone'].map({'A': 0, 'B': 1, 'C': 2}).values, dtype=torch.long)
    def __len__(self):
        return self.x.shape[0]
    def __getitem__(self, i):
        return {'x': self.x[i], 'reg': self.y_reg[i], 'cls': self.y_cls[i]}

class SharedBottom(nn.Module):
    def __init__(self, in_dim=5, hid=48, n_cls=3):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(in_dim, hid), nn.ELU(), nn.Linear(hid, hid), nn.ELU())
        self.heads = nn.ModuleDict({'reg': nn.Linear(hid, 1), 'cls': nn.Linear(hid, n_cls)})
        self.log_vars = nn.Parameter(torch.zeros(2))
    def forward(self, x):
        z = self.trunk(x)
        return {k: head(z) for k, head in self.heads.items()}

def uncertainty_loss(out, batch, log_vars):
    l_reg = nn.functional.smooth_l1_loss(out['reg'], batch['reg'])
    l_cls = nn.functional.cross_entropy(out['cls'], batch['cls'])
    return torch.exp(-log_vars[0]) * l_reg + log_vars[0] + torch.exp(-log_vars[1]) * l_cls + log_vars[1]

torch.manual_seed(3)
ds = TabularMultiTask('input/clean.csv')
n_val = int(0.2 * len(ds))
tr, va = random_split(ds, [len(ds) - n_val, n_val])
loaders = {'train': DataLoader(tr, batch_size=16, shuffle=True), 'val': DataLoader(va, batch_size=64)}
model = SharedBottom()
optim = torch.optim.RMSprop([
    {'params': model.trunk.parameters()},
    {'params': model.heads.parameters(), 'lr': 3e-3},
    {'params': [model.log_vars], 'lr': 1e-2, 'weight_decay': 0.0}], lr=1e-3, weight_decay=1e-5)
sched = torch.optim.lr_scheduler.MultiStepLR(optim, milestones=[5, 8], gamma=0.3)
for epoch in range(10):
    for phase in ['train', 'val']:
        model.train() if phase == 'train' else model.eval()
        total = 0
        for batch in loaders[phase]:
            with torch.set_grad_enabled(phase == 'train'):
                out = model(batch['x'])
                loss = uncertainty_loss(out, batch, model.log_vars)
                if phase == 'train':
                    optim.zero_grad()
                    loss.backward()
                    optim.step()
            total += loss.item() * batch['x'].size(0)
        print(epoch, phase, total / len(loaders[phase].dataset))
    sched.step()
